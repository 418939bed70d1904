// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"errors"
	"testing"

	"github.com/medsbom/medsbom/sbom"
)

// check holds what every reading must keep: no third kind of error, and no more
// signatures than the text has room for.
func check(t *testing.T, text []byte, signatures []sbom.Signature, err error) {
	t.Helper()
	var failure *Error
	var syntax *sbom.SyntaxError
	switch {
	case err == nil:
	case errors.As(err, &failure):
		if failure.Position.IsZero() || failure.Remedy == "" || len(failure.Reason) > 1000 {
			t.Errorf("%+v", failure)
		}
	case errors.As(err, &syntax):
		if syntax.Position.IsZero() || len(syntax.Message) > 1000 {
			t.Errorf("%+v", syntax)
		}
	default:
		t.Errorf("%T %v", err, err)
	}
	if err != nil && signatures != nil || len(signatures) > maxSignatures || len(signatures) > len(text) {
		t.Errorf("%d signatures, %v", len(signatures), err)
	}
	for _, s := range signatures {
		if s.State == "" || (s.State == sbom.SignatureTrusted) == (s.Reason != "") || len(s.Reason) > 1000 {
			t.Errorf("%+v", s)
		}
	}
}

// strangers are keys that no fuzzer can sign with.
func strangers(t testing.TB) []Key { return trust(t, "ed-other", "rsa", "p384") }

func FuzzJSF(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(text)
	}
	f.Add([]byte(`{"signature":{"signers":[{"algorithm":"RS256","value":"AA","keyId":"rsa"}],"excludes":["a"]},"a":1}`))
	f.Add([]byte(`{"signature":{"algorithm":"ES256","value":"AA","certificatePath":["MIIB"]}}`))
	keys := strangers(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, trusted := range [][]Key{nil, keys} {
			signatures, err := JSF(text, trusted)
			check(t, text, signatures, err)
			if State(signatures) == sbom.SignatureTrusted {
				t.Errorf("trusted: %q", text)
			}
		}
	})
}

func FuzzEnvelope(f *testing.F) {
	f.Add(envelope(f, `{"a":1}`, by("ed")))
	f.Add(bundle(f, fields{"publicKey": fields{"hint": "x"}}, envelope(f, "{}", by("p256"))))
	f.Add(bundle(f, fields{"certificate": fields{"rawBytes": "MIIB"}}, envelope(f, "{}", by("p256"))))
	keys := strangers(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, trusted := range [][]Key{nil, keys} {
			kind, payload, signatures, err := Envelope(text, trusted)
			check(t, text, signatures, err)
			if State(signatures) == sbom.SignatureTrusted {
				t.Errorf("trusted: %q", text)
			}
			if len(payload) > len(text) || err != nil && (payload != nil || kind != "") {
				t.Errorf("%d bytes of payload, %v", len(payload), err)
			}
		}
	})
}

func FuzzLoadKeys(f *testing.F) {
	for _, key := range signers() {
		f.Add(pemOf(f, key.Public()))
		f.Add(certificateOf(f, key))
	}
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"_kms9bkrbpI1lPLoM2j2gKySS-k89TOuyvgC43dX-Mk","kid":"a"}]}`))
	f.Add([]byte(`{"kty":"RSA","n":"AQAB","e":"AQAB"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		keys, err := LoadKeys("k", data)
		if (err == nil) != (len(keys) > 0) || len(keys) > maxKeys {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		if err != nil && len(err.Error()) > 1000 {
			t.Errorf("%d bytes of error", len(err.Error()))
		}
		for _, k := range keys {
			if k.Name == "" || weakness(k.public) != "" || len(k.Fingerprint()) != 64 {
				t.Errorf("%+v", k)
			}
			m := &message{bytes: data, work: &work{left: 1 << 20}}
			for _, s := range envelopeSchemes(k.public) {
				if s.verify(k.public, m, bytes.Repeat([]byte{1}, 64)) {
					t.Errorf("%+v verifies anything", k)
				}
			}
		}
	})
}
