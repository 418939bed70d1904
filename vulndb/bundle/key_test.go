// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	stdjson "encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/medsbom/medsbom/sbom/signature"
)

// sealBody signs any payload of any type.
func sealBody(t testing.TB, k key, payloadType string, body []byte) []byte {
	t.Helper()
	text, err := stdjson.Marshal(dsse.Envelope{
		PayloadType: payloadType, Payload: base64.StdEncoding.EncodeToString(body),
		Signatures: []dsse.Signature{{KeyID: k.signing.id, Sig: base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, dsse.PAE(payloadType, body)))}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// theirs is a key for the other implementation of DSSE.
type theirs struct {
	k  ed25519.PrivateKey
	id string
}

func (v theirs) KeyID() (string, error)   { return v.id, nil }
func (v theirs) Public() crypto.PublicKey { return v.k.Public() }

func (v theirs) Sign(_ context.Context, data []byte) ([]byte, error) {
	return ed25519.Sign(v.k, data), nil
}

func (v theirs) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(v.k.Public().(ed25519.PublicKey), data, sig) {
		return os.ErrInvalid
	}
	return nil
}

// TestOtherImplementation: go-securesystemslib verifies our envelopes, and we
// take what it signs.
func TestOtherImplementation(t *testing.T) {
	k := keyOf(t, 1)
	good := bundleOf(t, today().file(t), k.signing)
	envelope, payload := split(t, good)
	var e dsse.Envelope
	if err := stdjson.Unmarshal(envelope, &e); err != nil {
		t.Fatal(err)
	}
	v, err := dsse.NewEnvelopeVerifier(theirs{k.private, k.signing.id})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(t.Context(), &e); err != nil {
		t.Errorf("our envelope: %v", err)
	}
	body, err := e.DecodeB64Payload()
	if err != nil {
		t.Fatal(err)
	}
	s, err := dsse.NewEnvelopeSigner(theirs{k.private, k.signing.id})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := s.SignPayload(t.Context(), PayloadType, body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := stdjson.MarshalIndent(signed, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(t.Context(), bytes.NewReader(join(text, payload)), Options{Trust: []signature.Key{k.trusted}}); err != nil {
		t.Errorf("their envelope: %v", err)
	}
}

func TestLoadSigningKey(t *testing.T) {
	block := func(kind string, der []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	}
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	good, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := LoadSigningKey(block("PRIVATE KEY", good))
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := signature.LoadKeys("x", block("PUBLIC KEY", public))
	if err != nil || trusted[0].Fingerprint() != loaded.ID() {
		t.Errorf("want id %s, got %s, %v", trusted[0].Fingerprint(), loaded.ID(), err)
	}
	for _, c := range []struct {
		name, want string
		text       []byte
	}{
		{"empty", "no private key", nil},
		{"text", "no private key", []byte("secret text")},
		{"public", "public key", block("PUBLIC KEY", public)},
		{"encrypted", "encrypted", block("ENCRYPTED PRIVATE KEY", good)},
		{"SSH", "PKCS #8", block("OPENSSH PRIVATE KEY", good)},
		{"another kind", "Ed25519", block("PRIVATE KEY", other)},
		{"broken", "cannot be read", block("PRIVATE KEY", good[:20])},
		{"two", "more in the file", append(block("PRIVATE KEY", good), block("PRIVATE KEY", good)...)},
		{"long", "bytes", make([]byte, 1<<17)},
	} {
		_, err := LoadSigningKey(c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret text") {
			t.Errorf("%s: want %q, got %v", c.name, c.want, err)
		}
	}
}

// TestOpenSSL reads keys as the documentation tells to make them.
func TestOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	folder := t.TempDir()
	private, public := filepath.Join(folder, "database.key"), filepath.Join(folder, "database.pub")
	for _, args := range [][]string{{"genpkey", "-algorithm", "ed25519", "-out", private}, {"pkey", "-in", private, "-pubout", "-out", public}} {
		if out, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
			t.Skipf("openssl makes no Ed25519 keys here: %v: %s", err, out)
		}
	}
	k, err := LoadSigningKey(get(t, private))
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := signature.LoadKeys(public, get(t, public))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(t.Context(), bytes.NewReader(bundleOf(t, today().file(t), k)), Options{Trust: trusted}); err != nil {
		t.Error(err)
	}
}
