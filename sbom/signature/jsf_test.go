// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

func wantFailure(t *testing.T, err error, part string) {
	t.Helper()
	var failure *Error
	if !errors.As(err, &failure) || !strings.Contains(failure.Reason, part) {
		t.Fatalf("error %T %v, want a failure with %q", err, err, part)
	}
	if failure.Position.IsZero() || failure.Remedy == "" || !strings.HasPrefix(failure.Error(), "line ") {
		t.Errorf("no place or remedy: %+v", failure)
	}
}

func wantSyntax(t *testing.T, err error, part string) {
	t.Helper()
	var syntax *sbom.SyntaxError
	if !errors.As(err, &syntax) || !strings.Contains(syntax.Message, part) {
		t.Fatalf("error %T %v, want a syntax error with %q", err, err, part)
	}
	if syntax.Position.IsZero() || syntax.Remedy == "" {
		t.Errorf("no place or remedy: %+v", syntax)
	}
}

// outcome verifies a text: the states with key or reason, or the failure.
func outcome(t *testing.T, text []byte, keys []Key) []string {
	t.Helper()
	signatures, err := JSF(text, keys)
	return outcomes(t, signatures, err)
}

func outcomes(t *testing.T, signatures []sbom.Signature, err error) []string {
	t.Helper()
	if failure, ok := errors.AsType[*Error](err); ok {
		return []string{"failed: " + failure.Reason}
	}
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range signatures {
		if (s.State == sbom.SignatureTrusted) != (s.Key != "" && s.Reason == "") || s.Position.IsZero() {
			t.Errorf("%+v", s)
		}
		out = append(out, string(s.State)+": "+s.Key+s.Reason)
	}
	return out
}

const (
	misfit   = "failed: the signature does not fit the key that it carries: the document is not the one that was signed"
	fitsNone = "failed: the signature fits none of the trusted keys"
	intact   = "intact: " + reasonUnknown
	noKey    = "unverified: " + reasonNoKey
)

func TestAlgorithms(t *testing.T) {
	for algorithm, key := range algorithms {
		t.Run(algorithm, func(t *testing.T) {
			carried := jwkOf(signers()[key].Public())
			bare := signed(t, body(), key, fields{"algorithm": algorithm})
			withKey := signed(t, body(), key, fields{"algorithm": algorithm, "publicKey": carried})
			certificate := base64.RawURLEncoding.EncodeToString(certificateOf(t, signers()[key]))
			withCertificate := signed(t, body(), key, fields{"algorithm": algorithm, "certificatePath": []any{certificate, "not looked at"}})
			all := trust(t, "ed-other", "ed", "p256", "p384", "p521", "rsa")
			trusted := "trusted: keys/" + key + ".pem"
			for _, tt := range []struct {
				name string
				text []byte
				keys []Key
				want string
			}{
				{"its key", bare, trust(t, key), trusted},
				{"all keys", bare, all, trusted},
				{"another key", bare, trust(t, "ed-other"), fitsNone},
				{"no key", bare, nil, noKey},
				{"carried, trusted", withKey, all, trusted},
				{"carried, another", withKey, trust(t, "ed-other"), intact},
				{"carried, none", withKey, nil, intact},
				{"certificate, trusted", withCertificate, all, trusted},
				{"certificate, none", withCertificate, nil, intact},
				{"changed", []byte(strings.Replace(string(bare), "zlib", "zlab", 1)), all, fitsNone},
				{"changed, carried", []byte(strings.Replace(string(withKey), "zlib", "zlab", 1)), all, misfit},
				{"changed, certificate", []byte(strings.Replace(string(withCertificate), "zlib", "zlab", 1)), nil, misfit},
				{"its certificates changed", []byte(strings.Replace(string(withCertificate), "not looked at", "looked at", 1)), nil, misfit},
			} {
				if diff := cmp.Diff([]string{tt.want}, outcome(t, tt.text, tt.keys)); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
				}
			}
		})
	}
}

// TestAlgorithmConfusion gives each key the signatures of every algorithm.
func TestAlgorithmConfusion(t *testing.T) {
	for algorithm, key := range algorithms {
		for other := range signers() {
			if other == key {
				continue
			}
			doc := body()
			text := signed(t, doc, key, fields{"algorithm": algorithm, "publicKey": jwkOf(signers()[other].Public())})
			if diff := cmp.Diff([]string{misfit}, outcome(t, text, trust(t, key))); diff != "" {
				t.Errorf("%s with the key %s: (-want +got)\n%s", algorithm, other, diff)
			}
		}
		for claimed := range algorithms {
			if claimed == algorithm {
				continue
			}
			doc := body()
			signed(t, doc, key, fields{"algorithm": algorithm, "keyId": key})
			doc["signature"].(fields)["algorithm"] = claimed
			got := outcome(t, canonical(t, doc), trust(t, "ed", "p256", "p384", "p521", "rsa"))
			if len(got) != 1 || !strings.HasPrefix(got[0], "failed: ") {
				t.Errorf("%s said to be %s: %s", algorithm, claimed, got)
			}
		}
	}
}

func TestKeyIDs(t *testing.T) {
	ed := trust(t, "ed")[0]
	for id, want := range map[string]string{
		"ed":                        "trusted: keys/ed.pem",
		"someone":                   "trusted: keys/ed.pem", // a name that no key has does no harm
		"ed-other":                  "trusted: keys/ed.pem", // the id is wrong, the key is one of ours
		ed.Fingerprint():            "trusted: keys/ed.pem",
		thumbprint(ed.public) + "x": "trusted: keys/ed.pem",
	} {
		text := signed(t, body(), "ed", fields{"algorithm": "Ed25519", "keyId": id})
		if diff := cmp.Diff([]string{want}, outcome(t, text, trust(t, "ed-other", "ed"))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", id, diff)
		}
	}
	other := trust(t, "ed-other")[0]
	for _, id := range []string{"keys/ed-other.pem", "ed-other.pem", "ed-other", other.Fingerprint(), "sha256:" + other.Fingerprint(), thumbprint(other.public)} {
		want := `failed: the signature says that it is made with the trusted key "keys/ed-other.pem", and does not fit it`
		text := signed(t, body(), "ed", fields{"algorithm": "Ed25519", "keyId": id})
		if diff := cmp.Diff([]string{want}, outcome(t, text, []Key{other})); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", id, diff)
		}
		want = `failed: the signature says that it is made with the trusted key "keys/ed-other.pem", and is made with another`
		text = signed(t, body(), "ed", fields{"algorithm": "Ed25519", "keyId": id, "publicKey": jwkOf(ed.public)})
		if diff := cmp.Diff([]string{want}, outcome(t, text, []Key{other})); diff != "" {
			t.Errorf("%s, carried: (-want +got)\n%s", id, diff)
		}
	}
	text := signed(t, body(), "ed", fields{"algorithm": "Ed25519", "keyId": "2026"})
	if diff := cmp.Diff([]string{`unverified: its key "2026" is not among the trusted ones`}, outcome(t, text, []Key{other})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLists(t *testing.T) {
	member := func(algorithm, key string) fields {
		return fields{"algorithm": algorithm, "publicKey": jwkOf(signers()[key].Public())}
	}
	keys := []string{"p256", "ed", "rsa"}
	for _, list := range []string{"signers", "chain"} {
		t.Run(list, func(t *testing.T) {
			doc := body()
			text := signedList(t, doc, list, keys, []fields{member("ES256", "p256"), member("Ed25519", "ed"), member("RS256", "rsa")})
			if diff := cmp.Diff([]string{intact, "trusted: keys/ed.pem", intact}, outcome(t, text, trust(t, "ed"))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			signatures, err := JSF(text, trust(t, "ed"))
			if err != nil || State(signatures) != sbom.SignatureTrusted {
				t.Errorf("state %q, %v", State(signatures), err)
			}
			all := doc["signature"].(fields)[list].([]any)

			// The order of independent signatures does not matter, that of a chain does.
			doc["signature"] = fields{list: []any{all[1], all[0], all[2]}}
			want := []string{"trusted: keys/ed.pem", intact, intact}
			if list == "chain" {
				want = []string{misfit}
			}
			if diff := cmp.Diff(want, outcome(t, canonical(t, doc), trust(t, "ed"))); diff != "" {
				t.Errorf("swapped: (-want +got)\n%s", diff)
			}
			// The last of either can be taken away, the first only of independent ones.
			doc["signature"] = fields{list: all[:2]}
			if diff := cmp.Diff([]string{intact, "trusted: keys/ed.pem"}, outcome(t, canonical(t, doc), trust(t, "ed"))); diff != "" {
				t.Errorf("without the last: (-want +got)\n%s", diff)
			}
			doc["signature"] = fields{list: all[1:]}
			want = []string{"trusted: keys/ed.pem", intact}
			if list == "chain" {
				want = []string{misfit}
			}
			if diff := cmp.Diff(want, outcome(t, canonical(t, doc), trust(t, "ed"))); diff != "" {
				t.Errorf("without the first: (-want +got)\n%s", diff)
			}
			// One that fails fails all, though another is trusted.
			all[2].(fields)["value"] = "AAAA"
			doc["signature"] = fields{list: all}
			if diff := cmp.Diff([]string{misfit}, outcome(t, canonical(t, doc), trust(t, "ed"))); diff != "" {
				t.Errorf("broken: (-want +got)\n%s", diff)
			}
		})
	}

	// What fits no key and does not say whose it is fails only if nobody else vouches.
	text := signedList(t, body(), "signers", []string{"p256", "ed"}, []fields{{"algorithm": "ES256"}, {"algorithm": "Ed25519"}})
	if diff := cmp.Diff([]string{"unverified: " + reasonNone, "trusted: keys/ed.pem"}, outcome(t, text, trust(t, "ed"))); diff != "" {
		t.Errorf("adrift: (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{fitsNone}, outcome(t, text, trust(t, "rsa"))); diff != "" {
		t.Errorf("all adrift: (-want +got)\n%s", diff)
	}
}

func TestExcludes(t *testing.T) {
	carried := jwkOf(signers()["ed"].Public())
	without := func(names ...any) ([]byte, fields) {
		doc := body()
		members := fields{"algorithm": "Ed25519", "publicKey": carried}
		hidden := fields{}
		for _, n := range names {
			hidden[n.(string)] = doc[n.(string)]
			delete(doc, n.(string))
		}
		signed(t, doc, "ed", members)
		maps.Copy(doc, hidden)
		members["excludes"] = append([]any{}, names...)
		return canonical(t, doc), doc
	}
	text, doc := without("components", "version")
	want := []string{`unverified: it leaves out "components", "version": what stands there, anybody may have written`}
	if diff := cmp.Diff(want, outcome(t, text, trust(t, "ed"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	doc["specVersion"] = "1.5"
	if diff := cmp.Diff([]string{misfit}, outcome(t, canonical(t, doc), trust(t, "ed"))); diff != "" {
		t.Errorf("changed: (-want +got)\n%s", diff)
	}
	text, _ = without()
	if diff := cmp.Diff([]string{"trusted: keys/ed.pem"}, outcome(t, text, trust(t, "ed"))); diff != "" {
		t.Errorf("none: (-want +got)\n%s", diff)
	}
	text = signedList(t, body(), "signers", []string{"ed"}, []fields{{"algorithm": "Ed25519", "excludes": []any{"version"}}})
	got := outcome(t, text, trust(t, "ed"))
	if len(got) != 1 || !strings.Contains(got[0], "unverified: excludes stands inside") {
		t.Error(got)
	}
	text = signed(t, body(), "ed", fields{"algorithm": "Ed25519", "publicKey": carried, "extensions": []any{"x"}, "x": 1})
	if got := outcome(t, text, trust(t, "ed")); len(got) != 1 || !strings.Contains(got[0], "unverified: it depends on extensions") {
		t.Error(got)
	}
}

// TestOneSignature has documents that are not verified, whatever their value says.
func TestOneSignature(t *testing.T) {
	ed := jwkOf(signers()["ed"].Public())
	encoded, err := json.Marshal(ed)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, signature, want string }{
		{"null", `null`, ""},
		{"not an object", `"ES256"`, "failed: the signature cannot be read: it is a string, not an object"},
		{"empty", `{}`, "failed: the signature cannot be read: algorithm is missing"},
		{"no algorithm", `{"value":"AA"}`, "algorithm is missing"},
		{"no value", `{"algorithm":"ES256"}`, "value is missing"},
		{"value no string", `{"algorithm":"ES256","value":7}`, "failed: the signature cannot be read: value is not a string"},
		{"value not Base64", `{"algorithm":"ES256","value":"a b"}`, "failed: the signature cannot be read: value is not Base64url"},
		{"value with stray bits", `{"algorithm":"ES256","value":"AB"}`, "value is not Base64url"},
		{"wrong length", `{"algorithm":"Ed25519","value":"AA","publicKey":` + string(encoded) + `}`, misfit},
		{"shared secret", `{"algorithm":"HS256","value":"AA","publicKey":{"kty":"oct","k":"AA"}}`, "unverified: the algorithm \"HS256\" rests on a shared secret"},
		{"shared secret of a trusted key", `{"algorithm":"HS256","value":"AA","keyId":"ed"}`, "failed: the signature says that it is made with the trusted key"},
		{"Ed448", `{"algorithm":"Ed448","value":"AA","publicKey":{"kty":"OKP","crv":"Ed448","x":"AA"}}`, `unverified: the algorithm "Ed448" is not supported`},
		{"a URI", `{"algorithm":"https://example.com/sig","value":"AA"}`, "is not supported"},
		{"unknown curve", `{"algorithm":"ES256","value":"AA","publicKey":{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}}`, `unverified: it carries a key that is not used: a key on the curve "secp256k1"`},
		{"weak key", `{"algorithm":"RS256","value":"AA","publicKey":{"kty":"RSA","n":"` + strings.Repeat("_", 100) + `","e":"AQAB"}}`, "unverified: it carries a key that is not used: an RSA key of 600 bits is too weak"},
		{"huge key", `{"algorithm":"RS256","value":"AA","publicKey":{"kty":"RSA","n":"` + strings.Repeat("_", 4000) + `","e":"AQAB"}}`, "unverified: it carries a key that is not used: an RSA key of 24000 bits"},
		{"point not on the curve", `{"algorithm":"ES256","value":"AA","publicKey":{"kty":"EC","crv":"P-256","x":"` + strings.Repeat("A", 43) + `","y":"` + strings.Repeat("A", 43) + `"}}`, "failed: the signature cannot be read: publicKey: the point is not on the curve P-256"},
		{"short coordinate", `{"algorithm":"ES256","value":"AA","publicKey":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}`, "publicKey: x is not 32 bytes"},
		{"key no object", `{"algorithm":"ES256","value":"AA","publicKey":[]}`, "publicKey: it is not an object"},
		{"certificate not Base64", `{"algorithm":"ES256","value":"AA","certificatePath":["MIIB..."]}`, "certificatePath[0] is not a certificate"},
		{"no certificate", `{"algorithm":"ES256","value":"AA","certificatePath":["MIIB"]}`, "certificatePath[0]: x509:"},
		{"empty path", `{"algorithm":"ES256","value":"AA","certificatePath":[]}`, "certificatePath[0] is not a certificate"},
		{"path no list", `{"algorithm":"ES256","value":"AA","certificatePath":"x"}`, "certificatePath is not a list"},
		{"excludes no list", `{"algorithm":"ES256","value":"AA","excludes":"x"}`, "excludes is not a list"},
		{"excludes the signature", `{"algorithm":"ES256","value":"AA","excludes":["signature"]}`, "excludes names the signature itself"},
		{"excludes very many", `{"algorithm":"ES256","value":"AA","excludes":[` + strings.Repeat(`"a",`, maxExcludes) + `"a"]}`, "excludes names more than 64"},
		{"no signers", `{"signers":[]}`, "signers is empty"},
		{"signers no list", `{"signers":{}}`, "signers is not a list"},
		{"signer no object", `{"signers":[7]}`, "it is a number, not an object"},
		{"both lists", `{"signers":[{"algorithm":"ES256","value":"AA"}],"chain":[{"algorithm":"ES256","value":"AA"}]}`, "both signers and chain"},
		{"list and one", `{"signers":[{"algorithm":"ES256","value":"AA"}],"algorithm":"ES256","value":"AA"}`, "a signature beside a list of them"},
		{"key twice", `{"algorithm":"ES256","algorithm":"ES256","value":"AA"}`, `unverified: the document has no canonical form to verify: line 3, column 47: the key "algorithm" twice`},
		{"nothing to check with", `{"algorithm":"ES256","value":"AA","keyId":"2026"}`, `unverified: its key "2026" is not among the trusted ones`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(outcome(t, []byte("{\"bomFormat\": \"CycloneDX\",\n\"version\": 1,\n\"signature\": "+tt.signature+"}"), trust(t, "ed")), "; ")
			if !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestJSFText(t *testing.T) {
	for text, want := range map[string]string{
		`{"signature":{"algorithm":"ES256"`: "the text ends",
		`{"signature":{}} {}`:               "text after the end",
		`{"signature":{"signers":[` + strings.Repeat(`{},`, maxSignatures) + `{}]}}`: "more than 64 signatures",
	} {
		_, err := JSF([]byte(text), nil)
		wantSyntax(t, err, want)
	}
	for _, text := range []string{`{}`, `[]`, `7`, `{"components":[{"signature":{"algorithm":"ES256"}}]}`} {
		if signatures, err := JSF([]byte(text), nil); signatures != nil || err != nil {
			t.Errorf("%s: %v, %v", text, signatures, err)
		}
	}
	if _, err := JSF([]byte(`{"signature":{}}`), nil); err == nil {
		t.Error("no failure")
	} else {
		wantFailure(t, err, "algorithm is missing")
	}
}

// TestWork has a document whose signatures would take too much hashing.
func TestWork(t *testing.T) {
	var members []fields
	var keys []string
	for range 8 {
		members = append(members, fields{"algorithm": "Ed25519", "publicKey": jwkOf(signers()["ed"].Public())})
		keys = append(keys, "ed")
	}
	text := signedList(t, body(), "signers", keys, members)
	found, syntax := findJSF(text)
	if syntax != nil {
		t.Fatal(syntax)
	}
	o, ambiguous := newOutline(text)
	if ambiguous != nil {
		t.Fatal(ambiguous.reason)
	}
	if got, err := found.verify(o, nil, &work{left: 8 * int64(len(text))}, sbom.NewLines(text)); err != nil || len(got) != 8 {
		t.Errorf("%d, %v", len(got), err)
	}
	_, err := found.verify(o, nil, &work{left: int64(len(text))}, sbom.NewLines(text))
	wantSyntax(t, err, "of hashing")
}

func TestState(t *testing.T) {
	states := func(s ...sbom.SignatureState) (list []sbom.Signature) {
		for _, s := range s {
			list = append(list, sbom.Signature{State: s})
		}
		return list
	}
	for want, list := range map[sbom.SignatureState][]sbom.Signature{
		"":                       nil,
		sbom.SignatureUnverified: states(sbom.SignatureUnverified),
		sbom.SignatureIntact:     states(sbom.SignatureUnverified, sbom.SignatureIntact),
		sbom.SignatureTrusted:    states(sbom.SignatureTrusted, sbom.SignatureIntact, sbom.SignatureUnverified),
	} {
		if got := State(list); got != want {
			t.Errorf("%v: %q, want %q", list, got, want)
		}
	}
}
