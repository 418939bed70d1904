// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/gowebpki/jcs"
)

// The keys that the tests sign with.
var signers = sync.OnceValue(func() map[string]crypto.Signer {
	must := func(s crypto.Signer, err error) crypto.Signer {
		if err != nil {
			panic(err)
		}
		return s
	}
	keys := map[string]crypto.Signer{}
	for _, name := range []string{"ed", "ed-other"} {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		keys[name] = must(private, err)
	}
	for name, curve := range map[string]elliptic.Curve{"p256": elliptic.P256(), "p384": elliptic.P384(), "p521": elliptic.P521()} {
		private, err := ecdsa.GenerateKey(curve, rand.Reader)
		keys[name] = must(private, err)
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	keys["rsa"] = must(private, err)
	return keys
})

// algorithms are those of JSF with the key that each needs.
var algorithms = map[string]string{
	"Ed25519": "ed", "ES256": "p256", "ES384": "p384", "ES512": "p521",
	"RS256": "rsa", "RS384": "rsa", "RS512": "rsa", "PS256": "rsa", "PS384": "rsa", "PS512": "rsa",
}

func pemOf(t testing.TB, public crypto.PublicKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// trust is the trusted key of that name.
func trust(t testing.TB, names ...string) []Key {
	t.Helper()
	var keys []Key
	for _, name := range names {
		k, err := LoadKeys("keys/"+name+".pem", pemOf(t, signers()[name].Public()))
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k...)
	}
	return keys
}

func jwkOf(public crypto.PublicKey) map[string]any {
	encode := base64.RawURLEncoding.EncodeToString
	switch k := public.(type) {
	case ed25519.PublicKey:
		return map[string]any{"kty": "OKP", "crv": "Ed25519", "x": encode(k)}
	case *rsa.PublicKey:
		return map[string]any{"kty": "RSA", "n": encode(k.N.Bytes()), "e": encode(big.NewInt(int64(k.E)).Bytes())}
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			panic(err)
		}
		half := (len(point) - 1) / 2
		return map[string]any{"kty": "EC", "crv": k.Params().Name, "x": encode(point[1 : 1+half]), "y": encode(point[1+half:])}
	default:
		panic(fmt.Sprintf("%T", public))
	}
}

func certificateOf(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1, 0), // expired long ago
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// sign signs by an algorithm of JSF.
func sign(t testing.TB, algorithm string, key crypto.Signer, text []byte) []byte {
	t.Helper()
	hash := map[byte]crypto.Hash{'2': crypto.SHA256, '3': crypto.SHA384, '5': crypto.SHA512}[algorithm[2]]
	var sig []byte
	var err error
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(k, text)
	case *ecdsa.PrivateKey:
		h := hash.New()
		h.Write(text)
		r, s, err := ecdsa.Sign(rand.Reader, k, h.Sum(nil))
		if err != nil {
			t.Fatal(err)
		}
		size := (k.Params().BitSize + 7) / 8
		sig = make([]byte, 2*size)
		r.FillBytes(sig[:size])
		s.FillBytes(sig[size:])
	case *rsa.PrivateKey:
		h := hash.New()
		h.Write(text)
		if algorithm[0] == 'P' {
			sig, err = rsa.SignPSS(rand.Reader, k, hash, h.Sum(nil), &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		} else {
			sig, err = rsa.SignPKCS1v15(rand.Reader, k, hash, h.Sum(nil))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// canonical is the canonical form by another hand.
func canonical(t testing.TB, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jcs.Transform(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

type fields = map[string]any

// body is a document without its signature.
func body() fields {
	return fields{
		"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"components": []any{
			fields{"type": "library", "name": "zlib", "version": "1.2.11", "€": "naïve \" \\ \n\u0001 <&>", "\U0001f600": 1.5e-7, "\uff41": nil},
			fields{"type": "firmware", "name": "pump", "version": "2", "n": []any{1e21, -0.5, true, 100, fields{}, []any{}}},
		},
	}
}

// signed puts a signature with these members on a document, and gives its text.
func signed(t testing.TB, doc fields, key string, members fields) []byte {
	t.Helper()
	doc["signature"] = members
	members["value"] = base64.RawURLEncoding.EncodeToString(sign(t, members["algorithm"].(string), signers()[key], canonical(t, doc)))
	return canonical(t, doc)
}

// signedList puts a list of signatures on a document: "signers" or "chain".
func signedList(t testing.TB, doc fields, list string, keys []string, members []fields) []byte {
	t.Helper()
	all := []any{}
	for i, m := range members {
		seen := []any{m}
		if list == "chain" {
			seen = append(all[:i:i], m)
		}
		doc["signature"] = fields{list: seen}
		m["value"] = base64.RawURLEncoding.EncodeToString(sign(t, m["algorithm"].(string), signers()[keys[i]], canonical(t, doc)))
		all = append(all, m)
	}
	doc["signature"] = fields{list: all}
	return canonical(t, doc)
}
