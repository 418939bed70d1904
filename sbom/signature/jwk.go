// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
)

// A jwk is a JSON Web Key (RFC 7517) as written.
type jwk struct {
	kty, crv, x, y, n, e, kid string

	private bool     // it has a member that only private keys have
	keys    []jwk    // of a set
	set     bool     // it has the member "keys"
	wrong   []string // members that are not strings, or occur twice
}

// readJWK reads the next value, which is an object.
func readJWK(r *jsonpull.Reader, inSet bool) jwk {
	var k jwk
	seen := map[string]bool{}
	if !r.Object() {
		k.wrong = []string{"it is not an object"}
		return k
	}
	for r.Key() {
		name := r.Name()
		var to *string
		switch name {
		case "kty":
			to = &k.kty
		case "crv":
			to = &k.crv
		case "x":
			to = &k.x
		case "y":
			to = &k.y
		case "n":
			to = &k.n
		case "e":
			to = &k.e
		case "kid":
			to = &k.kid
		case "d", "k": // RFC 7518 §6.2.2, §6.3.2, §6.4
			k.private = true
			r.Skip()
			continue
		case "keys":
			if inSet {
				r.Skip()
				continue
			}
			k.set = true
			k.keys = readJWKs(r)
			continue
		default:
			r.Skip()
			continue
		}
		if seen[name] {
			k.wrong = append(k.wrong, name+" occurs twice")
		}
		seen[name] = true
		var ok bool
		if *to, ok = r.String(); !ok {
			k.wrong = append(k.wrong, name+" is not a string")
		}
	}
	return k
}

// readJWKs reads the keys of a set, and one more than is allowed if there are more.
func readJWKs(r *jsonpull.Reader) []jwk {
	var keys []jwk
	if !r.Array() {
		return nil
	}
	for r.Item() {
		if len(keys) > maxKeys {
			r.Skip()
			continue
		}
		keys = append(keys, readJWK(r, true))
	}
	return keys
}

// key returns the public key. The error is of type unsupported if the key may
// be right and is of a kind that is not supported.
func (k jwk) key() (crypto.PublicKey, error) {
	switch {
	case len(k.wrong) > 0:
		return nil, errors.New(k.wrong[0])
	case k.kty == "":
		return nil, errors.New("kty is missing")
	case k.kty == "RSA":
		return k.rsa()
	case k.kty == "EC":
		return k.ec()
	case k.kty == "OKP" && k.crv == "Ed25519":
		x, ok := decodeBase64(nil, k.x)
		if !ok || len(x) != ed25519.PublicKeySize {
			return nil, errors.New("x is not 32 bytes in Base64url")
		}
		return ed25519.PublicKey(x), nil
	case k.kty == "oct":
		return nil, errors.New("a shared secret is no public key")
	default:
		return nil, unsupported(fmt.Sprintf("a key of type %q, curve %q is not supported", notation.Short(k.kty), notation.Short(k.crv)))
	}
}

func (k jwk) rsa() (crypto.PublicKey, error) {
	n, ok := decodeBase64(nil, k.n)
	if !ok || len(n) == 0 {
		return nil, errors.New("n is not a number in Base64url")
	}
	e, ok := decodeBase64(nil, k.e)
	if !ok || len(e) == 0 {
		return nil, errors.New("e is not a number in Base64url")
	}
	for len(e) > 1 && e[0] == 0 {
		e = e[1:]
	}
	if len(e) > 4 || len(e) == 4 && e[0] > 0x7f {
		return nil, unsupported("an RSA key with a public exponent beyond 2^31 is not supported")
	}
	public := &rsa.PublicKey{N: new(big.Int).SetBytes(n)}
	for _, b := range e {
		public.E = public.E<<8 | int(b)
	}
	return public, usable(public)
}

func (k jwk) ec() (crypto.PublicKey, error) {
	var curve elliptic.Curve
	switch k.crv {
	case "P-256":
		curve = elliptic.P256()
	case "P-384":
		curve = elliptic.P384()
	case "P-521":
		curve = elliptic.P521()
	default:
		return nil, unsupported(fmt.Sprintf("a key on the curve %q is not supported", notation.Short(k.crv)))
	}
	point := []byte{4} // uncompressed (SEC 1 §2.3.3)
	for _, coordinate := range []struct{ name, value string }{{"x", k.x}, {"y", k.y}} {
		b, ok := decodeBase64(nil, coordinate.value)
		if size := coordinateSize(curve); !ok || len(b) != size {
			return nil, fmt.Errorf("%s is not %d bytes in Base64url", coordinate.name, size)
		}
		point = append(point, b...)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, fmt.Errorf("the point is not on the curve %s", k.crv)
	}
	return public, nil
}

func coordinateSize(curve elliptic.Curve) int { return (curve.Params().BitSize + 7) / 8 }

func usable(public crypto.PublicKey) error {
	if reason := weakness(public); reason != "" {
		return unsupported(reason)
	}
	return nil
}

func loadJWK(data []byte) ([]numbered, error) {
	r := jsonpull.New(data, jsonpull.Limits{})
	if r.Kind() != jsonpull.Object {
		return nil, errors.New("this is JSON, and no JWK: " + forms)
	}
	k := readJWK(r, false)
	if err := r.End(); err != nil {
		return nil, fmt.Errorf("reading the JWK: %w", err)
	}
	list := []jwk{k}
	if k.set {
		list = k.keys
	}
	if len(list) == 0 {
		return nil, errors.New("the JWK set holds no key")
	}
	found := make([]numbered, len(list))
	for i, k := range list {
		if k.private && k.kty != "oct" {
			return nil, errPrivate
		}
		public, err := k.key()
		if err != nil {
			if !k.set && k.kty == "" {
				return nil, errors.New("this is JSON, and no JWK: " + forms)
			}
			return nil, fmt.Errorf("JWK %d: %w", i+1, err)
		}
		found[i] = numbered{public: public, id: k.kid}
	}
	return found, nil
}

// thumbprint is the JWK thumbprint (RFC 7638), "" if the kind of key has none.
func thumbprint(public crypto.PublicKey) string {
	encode := base64.RawURLEncoding.EncodeToString
	var text string
	switch k := public.(type) {
	case ed25519.PublicKey:
		text = `{"crv":"Ed25519","kty":"OKP","x":"` + encode(k) + `"}`
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			return ""
		}
		size := coordinateSize(k.Curve)
		text = fmt.Sprintf(`{"crv":%q,"kty":"EC","x":%q,"y":%q}`, k.Curve.Params().Name, encode(point[1:1+size]), encode(point[1+size:]))
	case *rsa.PublicKey:
		text = fmt.Sprintf(`{"e":%q,"kty":"RSA","n":%q}`, encode(big.NewInt(int64(k.E)).Bytes()), encode(k.N.Bytes()))
	default:
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return encode(sum[:])
}
