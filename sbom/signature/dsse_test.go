// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/medsbom/medsbom/sbom"
)

const payloadType = "application/vnd.in-toto+json"

// signer signs envelopes for the other implementation.
type envelopeSigner struct {
	key  crypto.Signer
	id   string
	hash crypto.Hash
	opts crypto.SignerOpts
}

func (s envelopeSigner) KeyID() (string, error) { return s.id, nil }

func (s envelopeSigner) Sign(_ context.Context, data []byte) ([]byte, error) {
	if k, ok := s.key.(ed25519.PrivateKey); ok {
		return ed25519.Sign(k, data), nil
	}
	h := s.hash.New()
	h.Write(data)
	return s.key.Sign(rand.Reader, h.Sum(nil), s.opts)
}

// envelope is made by the other implementation.
func envelope(t testing.TB, payload string, by ...envelopeSigner) []byte {
	t.Helper()
	signers := make([]dsse.Signer, len(by))
	for i, s := range by {
		signers[i] = s
	}
	es, err := dsse.NewEnvelopeSigner(signers...)
	if err != nil {
		t.Fatal(err)
	}
	e, err := es.SignPayload(t.Context(), payloadType, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func by(name string) envelopeSigner {
	s := envelopeSigner{key: signers()[name], hash: crypto.SHA256, opts: crypto.SHA256}
	switch name {
	case "p384":
		s.hash, s.opts = crypto.SHA384, crypto.SHA384
	case "p521":
		s.hash, s.opts = crypto.SHA512, crypto.SHA512
	}
	return s
}

func open(t *testing.T, text []byte, keys []Key) []string {
	t.Helper()
	kind, payload, signatures, err := Envelope(text, keys)
	if err == nil && (kind != payloadType || len(payload) == 0) || err != nil && (payload != nil || signatures != nil) {
		t.Errorf("%q, %q, %v", kind, payload, err)
	}
	return outcomes(t, signatures, err)
}

func TestEnvelope(t *testing.T) {
	all := trust(t, "ed-other", "ed", "p256", "p384", "p521", "rsa")
	cases := map[string]envelopeSigner{}
	for _, name := range []string{"ed", "p256", "p384", "p521", "rsa"} {
		cases[name] = by(name)
	}
	for _, name := range []string{"p384", "p521"} {
		s := by(name)
		s.hash, s.opts = crypto.SHA256, crypto.SHA256
		cases[name+" with SHA-256"] = s
	}
	s := by("rsa")
	s.opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	cases["rsa with PSS"] = s
	for name, s := range cases {
		t.Run(name, func(t *testing.T) {
			key, _, _ := strings.Cut(name, " ")
			text := envelope(t, `{"a":1}`, s)
			kind, payload, signatures, err := Envelope(text, all)
			if err != nil || kind != payloadType || string(payload) != `{"a":1}` || State(signatures) != sbom.SignatureTrusted {
				t.Fatalf("%s, %s, %+v, %v", kind, payload, signatures, err)
			}
			want := []sbom.Signature{{Kind: sbom.DSSE, State: sbom.SignatureTrusted, Key: "keys/" + key + ".pem", Position: signatures[0].Position}}
			if diff := cmp.Diff(want, signatures); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, tt := range []struct {
				name string
				text []byte
				keys []Key
				want string
			}{
				{"no key", text, nil, noKey},
				{"another key", text, trust(t, "ed-other"), fitsNone},
				{"payload changed", bytes.Replace(text, []byte("eyJhIjoxfQ"), []byte("eyJhIjoyfQ"), 1), all, fitsNone},
				{"type changed", bytes.Replace(text, []byte("in-toto"), []byte("in-tutu"), 1), all, ""},
			} {
				_, _, signatures, err := Envelope(tt.text, tt.keys)
				if tt.want == "" {
					wantFailure(t, err, "fits none")
				} else if diff := cmp.Diff([]string{tt.want}, outcomes(t, signatures, err)); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
				}
			}
		})
	}
}

// TestRawECDSA has a signature as JSF writes it, which no tool of DSSE does.
func TestRawECDSA(t *testing.T) {
	signed, _, _ := pae(payloadType, "e30=")
	raw := base64.StdEncoding.EncodeToString(sign(t, "ES256", signers()["p256"], signed))
	text := `{"payloadType":"` + payloadType + `","payload":"e30=","signatures":[{"sig":"` + raw + `"}]}`
	if diff := cmp.Diff([]string{fitsNone}, open(t, []byte(text), trust(t, "p256"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEnvelopeKeyIDs(t *testing.T) {
	withID := func(name, id string) envelopeSigner {
		s := by(name)
		s.id = id
		return s
	}
	for _, tt := range []struct {
		name string
		text []byte
		want []string
	}{
		{"its id", envelope(t, "{}", withID("ed", "ed")), []string{"trusted: keys/ed.pem"}},
		{"unknown id, our key", envelope(t, "{}", withID("ed", "x")), []string{"trusted: keys/ed.pem"}},
		{"unknown id, unknown key", envelope(t, "{}", withID("ed-other", "x")), []string{`unverified: its key "x" is not among the trusted ones`}},
		{"our id, unknown key", envelope(t, "{}", withID("ed-other", "ed")), []string{`failed: the signature says that it is made with the trusted key "keys/ed.pem", and does not fit it`}},
		{"two", envelope(t, "{}", withID("ed-other", ""), withID("ed", "")), []string{"unverified: " + reasonNone, "trusted: keys/ed.pem"}},
		{"two, neither ours", envelope(t, "{}", withID("ed-other", ""), withID("rsa", "")), []string{fitsNone}},
		{"none", []byte(`{"payloadType":"` + payloadType + `","payload":"e30","signatures":[]}`), nil},
	} {
		if diff := cmp.Diff(tt.want, open(t, tt.text, trust(t, "ed", "p256"))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}

func TestPAE(t *testing.T) {
	for _, payload := range []string{"", "hello world", "\xff\xfe??>>", strings.Repeat("x", 12345)} {
		want := dsse.PAE("http://example.com/HelloWorld", []byte(payload))
		std := base64.StdEncoding.EncodeToString([]byte(payload))
		for _, encoded := range []string{
			std, base64.URLEncoding.EncodeToString([]byte(payload)),
			base64.RawStdEncoding.EncodeToString([]byte(payload)), strings.ReplaceAll(std, "x", "x\n"), " " + std + "\n",
		} {
			signed, got, ok := pae("http://example.com/HelloWorld", encoded)
			if !ok || !bytes.Equal(signed, want) || string(got) != payload {
				t.Errorf("%q: %q, %q, %v", encoded, signed, got, ok)
			}
		}
	}
}

// bundle puts an envelope into a Sigstore bundle.
func bundle(t testing.TB, material any, envelope []byte) []byte {
	t.Helper()
	text, err := json.Marshal(fields{
		"mediaType":            "application/vnd.dev.sigstore.bundle.v0.3+json",
		"verificationMaterial": material, "dsseEnvelope": json.RawMessage(envelope),
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestBundle(t *testing.T) {
	raw := fields{"rawBytes": base64.StdEncoding.EncodeToString(certificateOf(t, signers()["p256"]))}
	single := fields{"certificate": raw, "tlogEntries": []any{}}
	chain := fields{"x509CertificateChain": fields{"certificates": []any{raw, fields{"rawBytes": "AA"}}}}
	good := envelope(t, "{}", by("p256"))
	changed := bytes.Replace(good, []byte(`"e30="`), []byte(`"W10="`), 1)
	if bytes.Equal(good, changed) {
		t.Fatal("nothing changed")
	}
	p256 := trust(t, "p256")[0]
	hint := func(s string) fields { return fields{"publicKey": fields{"hint": s}} }
	var sigstoreHint string
	for _, id := range p256.ids {
		if strings.HasSuffix(id, "=") {
			sigstoreHint = id
		}
	}
	keyless := "unverified: " + reasonKeyless
	for _, tt := range []struct {
		name string
		text []byte
		keys []Key
		want string
	}{
		{"certificate", bundle(t, single, good), nil, keyless},
		{"certificate, other keys", bundle(t, single, good), trust(t, "ed"), keyless},
		{"certificate of a trusted key", bundle(t, single, good), trust(t, "ed", "p256"), "trusted: keys/p256.pem"},
		{"certificate, changed", bundle(t, single, changed), nil, misfit},
		{"chain", bundle(t, chain, good), nil, keyless},
		{"chain, changed", bundle(t, chain, changed), nil, misfit},
		{"hint", bundle(t, hint(sigstoreHint), good), trust(t, "p256"), "trusted: keys/p256.pem"},
		{"hint, changed", bundle(t, hint(sigstoreHint), changed), trust(t, "p256"), `failed: the signature says that it is made with the trusted key "keys/p256.pem", and does not fit it`},
		{"unknown hint, our key", bundle(t, hint("x"), good), trust(t, "p256"), "trusted: keys/p256.pem"},
		{"unknown hint", bundle(t, hint("x"), good), trust(t, "ed"), `unverified: its key "x" is not among the trusted ones`},
		{"hint, no keys", bundle(t, hint("x"), good), nil, noKey},
		{"no material", bundle(t, nil, good), nil, noKey},
		{"bad certificate", bundle(t, fields{"certificate": fields{"rawBytes": "AA=="}}, good), nil, "failed: the signature cannot be read: the certificate: x509"},
		{"certificate not Base64", bundle(t, fields{"certificate": fields{"rawBytes": "?"}}, good), nil, "failed: the signature cannot be read: the certificate is not Base64"},
	} {
		got := open(t, tt.text, tt.keys)
		if len(got) != 1 || !strings.HasPrefix(got[0], tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	_, _, signatures, err := Envelope(bundle(t, single, good), nil)
	if err != nil || signatures[0].Kind != sbom.Sigstore {
		t.Errorf("%+v, %v", signatures, err)
	}
}

func TestNoEnvelope(t *testing.T) {
	const head = `{"payloadType":"t","payload":"e30=",`
	for text, want := range map[string]string{
		`{`:                                      "the text ends",
		`[]`:                                     "it is not an object",
		`{}`:                                     "payload is missing",
		`{"payload":"e30="}`:                     "payloadType is missing",
		`{"payload":7}`:                          "payload is not a string",
		head + `"payload":"e30"}`:                "payload occurs twice",
		head + `"signatures":{}}`:                "signatures is not a list",
		head + `"signatures":[]}{`:               "text after the end",
		`{"payloadType":"t","payload":"e 30"}`:   "payload is not Base64",
		`{"payloadType":"t","payload":"e30==="}`: "payload is not Base64",
		head + `"dsseEnvelope":{}}`:              "payload is missing",
		head + `"dsseEnvelope":` + head + `"x":1}}`:                  "an envelope and a bundle at once",
		`{"mediaType":"x","messageSignature":{}}`:                    "the signature of another file",
		`{"dsseEnvelope":{"dsseEnvelope":{}}}`:                       "payload is missing",
		head + `"signatures":[` + strings.Repeat("{},", 99):          "the text ends",
		head + `"signatures":[` + strings.Repeat("{},", 64) + `{}]}`: "more than 64 signatures",
		head + `"x":` + strings.Repeat("[", maxDepth+1):              "nested deeper",
	} {
		_, _, _, err := Envelope([]byte(text), nil)
		wantSyntax(t, err, want)
	}
	for signature, want := range map[string]string{
		`7`:                       "it is not an object",
		`{}`:                      "sig is missing",
		`{"sig":"?"}`:             "sig is not Base64",
		`{"sig":7}`:               "sig is not a string",
		`{"sig":"AA","keyid":[]}`: "keyid is not a string",
		`{"sig":"AA","sig":"AQ"}`: "sig occurs twice",
		`{"sig":"","keyid":null}`: "sig is missing",
	} {
		_, _, _, err := Envelope([]byte(head+`"signatures":[`+signature+`]}`), nil)
		wantFailure(t, err, "the signature cannot be read: "+want)
	}
}
