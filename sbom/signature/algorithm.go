// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // the hashes of the schemes
	_ "crypto/sha512"
	"fmt"
	"math/big"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
)

type family uint8

const (
	edDSA    family = iota
	ecdsaRaw        // r and s beside each other (RFC 7518 §3.4)
	ecdsaDER        // r and s in ASN.1
	pkcs1
	pss
)

// A scheme is one way to sign.
type scheme struct {
	family family
	hash   crypto.Hash
	curve  elliptic.Curve // of ECDSA; nil is any
}

// schemeOf returns the scheme of an algorithm of JSF, or why there is none.
func schemeOf(algorithm string) (s scheme, hindrance string) {
	switch algorithm {
	case "Ed25519":
		return scheme{family: edDSA}, ""
	case "ES256":
		return scheme{ecdsaRaw, crypto.SHA256, elliptic.P256()}, ""
	case "ES384":
		return scheme{ecdsaRaw, crypto.SHA384, elliptic.P384()}, ""
	case "ES512":
		return scheme{ecdsaRaw, crypto.SHA512, elliptic.P521()}, ""
	case "RS256":
		return scheme{family: pkcs1, hash: crypto.SHA256}, ""
	case "RS384":
		return scheme{family: pkcs1, hash: crypto.SHA384}, ""
	case "RS512":
		return scheme{family: pkcs1, hash: crypto.SHA512}, ""
	case "PS256":
		return scheme{family: pss, hash: crypto.SHA256}, ""
	case "PS384":
		return scheme{family: pss, hash: crypto.SHA384}, ""
	case "PS512":
		return scheme{family: pss, hash: crypto.SHA512}, ""
	}
	if strings.HasPrefix(algorithm, "HS") {
		return scheme{}, fmt.Sprintf("the algorithm %q rests on a shared secret, which proves nothing of who signed", notation.Short(algorithm))
	}
	return scheme{}, fmt.Sprintf("the algorithm %q is not supported", notation.Short(algorithm))
}

// envelopeSchemes are the ways to sign an envelope with a key: DSSE names none,
// so these are what its tools do. in-toto signs with RSA-PSS, and with the hash
// that fits the curve; Sigstore's tools with PKCS #1 v1.5, and with SHA-256 on
// every curve.
func envelopeSchemes(public crypto.PublicKey) []scheme {
	switch k := public.(type) {
	case ed25519.PublicKey:
		return []scheme{{family: edDSA}}
	case *rsa.PublicKey:
		return []scheme{{family: pss, hash: crypto.SHA256}, {family: pkcs1, hash: crypto.SHA256}}
	case *ecdsa.PublicKey:
		schemes := []scheme{{family: ecdsaDER, hash: crypto.SHA256}}
		switch k.Curve {
		case elliptic.P384():
			schemes = append(schemes, scheme{family: ecdsaDER, hash: crypto.SHA384})
		case elliptic.P521():
			schemes = append(schemes, scheme{family: ecdsaDER, hash: crypto.SHA512})
		}
		return schemes
	default:
		return nil
	}
}

// suits reports whether a key can have signed by the scheme at all.
func (s scheme) suits(public crypto.PublicKey) bool {
	switch k := public.(type) {
	case ed25519.PublicKey:
		return s.family == edDSA
	case *ecdsa.PublicKey:
		return s.family == ecdsaDER || s.family == ecdsaRaw && s.curve == k.Curve
	case *rsa.PublicKey:
		return s.family == pkcs1 || s.family == pss
	default:
		return false
	}
}

func (s scheme) verify(public crypto.PublicKey, m *message, sig []byte) bool {
	if !s.suits(public) {
		return false
	}
	switch k := public.(type) {
	case ed25519.PublicKey:
		return m.work.spend(len(m.bytes)) && ed25519.Verify(k, m.bytes, sig)
	case *ecdsa.PublicKey:
		digest, ok := m.digest(s.hash)
		if !ok {
			return false
		}
		if s.family == ecdsaDER {
			return ecdsa.VerifyASN1(k, digest, sig)
		}
		size := coordinateSize(k.Curve)
		if len(sig) != 2*size {
			return false
		}
		return ecdsa.Verify(k, digest, new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:]))
	case *rsa.PublicKey:
		digest, ok := m.digest(s.hash)
		if !ok {
			return false
		}
		if s.family == pss {
			return rsa.VerifyPSS(k, s.hash, digest, sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
		return rsa.VerifyPKCS1v15(k, s.hash, digest, sig) == nil
	default:
		return false
	}
}

// A message is what one signature is over.
type message struct {
	bytes   []byte
	digests map[crypto.Hash][]byte
	work    *work
}

func (m *message) digest(hash crypto.Hash) ([]byte, bool) {
	if d, ok := m.digests[hash]; ok {
		return d, true
	}
	if !m.work.spend(len(m.bytes)) {
		return nil, false
	}
	h := hash.New()
	_, _ = h.Write(m.bytes) // never fails
	if m.digests == nil {
		m.digests = map[crypto.Hash][]byte{}
	}
	m.digests[hash] = h.Sum(nil)
	return m.digests[hash], true
}

// maxHashed bounds the bytes hashed for all signatures and keys of a document.
const maxHashed = 4 << 30

// work counts the bytes hashed, so that many signatures over a large document
// cannot take hours.
type work struct {
	left int64
	over bool
}

func (w *work) spend(n int) bool {
	if w.left -= int64(n); w.left < 0 {
		w.over = true
	}
	return !w.over
}
