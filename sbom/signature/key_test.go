// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
)

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func der(t *testing.T, public crypto.PublicKey) []byte {
	t.Helper()
	b, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func jwkText(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLoadKeys(t *testing.T) {
	for name, key := range signers() {
		public := key.Public()
		jwk := jwkOf(public)
		jwk["kid"] = "2026"
		forms := map[string]string{
			"PEM":               string(pemOf(t, public)),
			"PEM with Windows":  "\ufeff" + strings.ReplaceAll("made by hand\n"+string(pemOf(t, public)), "\n", "\r\n"),
			"DER":               string(der(t, public)),
			"certificate":       block("CERTIFICATE", certificateOf(t, key)),
			"certificate, DER":  string(certificateOf(t, key)),
			"JWK":               jwkText(t, jwk),
			"JWK set":           jwkText(t, fields{"keys": []any{jwk}}),
			"JWK with the rest": jwkText(t, func() any { j := jwkOf(public); j["use"], j["x5c"] = "sig", []any{"AA"}; return j }()),
		}
		if k, ok := public.(*rsa.PublicKey); ok {
			forms["PKCS #1"] = block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(k))
		}
		for form, text := range forms {
			keys, err := LoadKeys("dir/vendor.key", []byte(text))
			if err != nil || len(keys) != 1 || keys[0].Name != "dir/vendor.key" || !keys[0].holds(public) {
				t.Errorf("%s, %s: %+v, %v", name, form, keys, err)
				continue
			}
			if id := strings.HasPrefix(form, "JWK") && !strings.Contains(form, "rest"); keys[0].named("2026") != id || !keys[0].named("vendor") || keys[0].named("") {
				t.Errorf("%s, %s: ids %q", name, form, keys[0].ids)
			}
		}
	}
}

// TestThumbprint has the sample of RFC 7638 §3.1.
func TestThumbprint(t *testing.T) {
	keys, err := LoadKeys("k", []byte(`{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`))
	if err != nil || !keys[0].named("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs") || !keys[0].named("2011-04-29") {
		t.Errorf("%+v, %v", keys, err)
	}
}

func TestSeveralKeys(t *testing.T) {
	ed, p256 := signers()["ed"].Public(), signers()["p256"].Public()
	named := jwkOf(p256)
	named["kid"] = "b"
	for form, text := range map[string]string{
		"PEM":     string(pemOf(t, ed)) + block("CERTIFICATE", certificateOf(t, signers()["p256"])),
		"JWK set": jwkText(t, fields{"keys": []any{jwkOf(ed), named}}),
	} {
		keys, err := LoadKeys("v", []byte(text))
		if err != nil || len(keys) != 2 || !keys[0].holds(ed) || !keys[1].holds(p256) {
			t.Fatalf("%s: %+v, %v", form, keys, err)
		}
		second := map[string]string{"PEM": "v#2", "JWK set": "v#b"}[form]
		if keys[0].Name != "v#1" || keys[1].Name != second {
			t.Errorf("%s: %s, %s", form, keys[0].Name, keys[1].Name)
		}
	}
}

func TestNoKeys(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(signers()["ed"])
	if err != nil {
		t.Fatal(err)
	}
	privateJWK := jwkOf(signers()["ed"].Public())
	privateJWK["d"] = "AA"
	const isPrivate = "this is a private key: give the public one"
	tests := []struct{ name, text, want string }{
		{"empty", " \n", "the file is empty"},
		{"private", block("PRIVATE KEY", private), isPrivate},
		{"private, DER", string(private), isPrivate},
		{"private, broken", "-----BEGIN EC PRIVATE KEY-----\nAA", isPrivate},
		{"private, OpenSSH", block("OPENSSH PRIVATE KEY", private), isPrivate},
		{"private, cosign", block("ENCRYPTED SIGSTORE PRIVATE KEY", private), isPrivate},
		{"private beside public", string(pemOf(t, signers()["ed"].Public())) + block("PRIVATE KEY", private), isPrivate},
		{"private JWK", jwkText(t, privateJWK), isPrivate},
		{"private JWK in a set", jwkText(t, fields{"keys": []any{privateJWK}}), isPrivate},
		{"shared secret", `{"kty":"oct","k":"AA"}`, "a shared secret is no public key"},
		{"weak", string(pemOf(t, &weak.PublicKey)), "an RSA key of 1024 bits is too weak"},
		{"weak JWK", jwkText(t, jwkOf(&weak.PublicKey)), "an RSA key of 1024 bits is too weak"},
		{"P-224", string(pemOf(t, &p224.PublicKey)), "another curve than P-256"},
		{"Ed448", `{"kty":"OKP","crv":"Ed448","x":"AA"}`, `a key of type "OKP", curve "Ed448" is not supported`},
		{"SSH", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI a@b", "an SSH key is not read: a public key or certificate in PEM"},
		{"SSH2", "---- BEGIN SSH2 PUBLIC KEY ----", "an SSH key is not read"},
		{"minisign", "untrusted comment: minisign public key 1\nRWQ", "a minisign or signify key is not read"},
		{"minisign, one line", "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3", "a minisign or signify key is not read"},
		{"OpenPGP", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ\n-----END PGP PUBLIC KEY BLOCK-----", `an OpenPGP key is not read`},
		{"OpenPGP, whole", block("PGP PUBLIC KEY BLOCK", private), `"PGP PUBLIC KEY BLOCK" is not read`},
		{"request", block("CERTIFICATE REQUEST", private), `a PEM block "CERTIFICATE REQUEST" is not read`},
		{"PEM cut off", string(pemOf(t, signers()["ed"].Public()))[:50], "the PEM block is broken or cut off"},
		{"PEM of something else", block("PUBLIC KEY", []byte("x")), "PEM block 1, PUBLIC KEY:"},
		{"DER cut off", string(der(t, signers()["ed"].Public()))[:20], "this is no key"},
		{"text", "hello", "this is no key"},
		{"JSON", `{"bomFormat":"CycloneDX"}`, "this is JSON, and no JWK"},
		{"JSON list", `[]`, "this is JSON, and no JWK"},
		{"JSON broken", `{"kty":`, "reading the JWK"},
		{"empty set", `{"keys":[]}`, "the JWK set holds no key"},
		{"key twice", `{"kty":"OKP","crv":"Ed25519","x":"AA","x":"AA"}`, "x occurs twice"},
		{"not a string", `{"kty":"OKP","crv":"Ed25519","x":7}`, "x is not a string"},
		{"RSA exponent", `{"kty":"RSA","n":"_w","e":"_____w"}`, "beyond 2^31"},
		{"RSA even", `{"kty":"RSA","n":"` + strings.Repeat("_", 344) + `","e":"Ag"}`, "even"},
		{"many", strings.Repeat(string(pemOf(t, signers()["ed"].Public())), maxKeys+1), "65 keys in one file"},
		{"many JWK", `{"keys":[` + strings.Repeat(jwkText(t, jwkOf(signers()["ed"].Public()))+",", maxKeys+9) + `{}]}`, "65 keys in one file"},
		{"large", strings.Repeat("x", maxKeyFile+1), "too many for a key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			keys, err := LoadKeys("k", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%+v, %v, want %q", keys, err, tt.want)
			}
		})
	}
}
