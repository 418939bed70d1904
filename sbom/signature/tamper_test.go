// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/sbom"
)

// samples are signed documents of every shape.
func samples(t testing.TB) map[string][]byte {
	ed, p256 := jwkOf(signers()["ed"].Public()), jwkOf(signers()["p256"].Public())
	return map[string][]byte{
		"bare":    signed(t, body(), "ed", fields{"algorithm": "Ed25519"}),
		"named":   signed(t, body(), "p256", fields{"algorithm": "ES256", "keyId": "p256"}),
		"carried": signed(t, body(), "p256", fields{"algorithm": "ES256", "publicKey": p256}),
		"signers": signedList(t, body(), "signers", []string{"ed", "p256"}, []fields{{"algorithm": "Ed25519", "publicKey": ed}, {"algorithm": "ES256", "publicKey": p256}}),
		"chain":   signedList(t, body(), "chain", []string{"ed", "p256"}, []fields{{"algorithm": "Ed25519", "publicKey": ed}, {"algorithm": "ES256", "publicKey": p256}}),
	}
}

// TestTampering changes one byte of a signed document: either it means the same,
// or no signature of it is trusted or intact. Of several signatures one does not
// vouch for the others: only what they are over must mean the same.
func TestTampering(t *testing.T) {
	texts := samples(t)
	names := slices.Sorted(maps.Keys(texts))
	keys := trust(t, "ed", "p256")
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "document")
		text := texts[name]
		changed := bytes.Clone(text)
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		changed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		signatures, err := JSF(changed, keys)
		var failure *Error
		var syntax *sbom.SyntaxError
		if err != nil && !errors.As(err, &failure) && !errors.As(err, &syntax) {
			t.Fatalf("%T %v", err, err)
		}
		same, jcsErr := jcs.Transform(changed)
		if jcsErr == nil && bytes.Equal(same, text) || onlySpelling(text, changed, at) {
			return
		}
		if list := name == "signers" || name == "chain"; list && bytes.Equal(unsigned(changed), unsigned(text)) {
			return
		}
		if s := State(signatures); s == sbom.SignatureTrusted || s == sbom.SignatureIntact {
			t.Fatalf("%q for %q at %d: %s", changed[at], text[at], at, s)
		}
	})
}

// unsigned is the canonical form of a document without its signature, nil if it
// has none.
func unsigned(text []byte) []byte {
	canonical, err := jcs.Transform(text)
	if err != nil {
		return nil
	}
	var doc map[string]json.RawMessage
	if json.Unmarshal(canonical, &doc) != nil {
		return nil
	}
	delete(doc, "signature")
	var out []byte
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		out = append(append(append(out, key...), ':'), doc[key]...)
	}
	return out
}

// onlySpelling reports whether the change is between the alphabets of Base64,
// in a value.
func onlySpelling(text, changed []byte, at int) bool {
	pair := string([]byte{text[at], changed[at]})
	return pair == "-+" || pair == "_/"
}

// TestSpelling writes signed documents in other ways, which changes nothing.
func TestSpelling(t *testing.T) {
	texts := samples(t)
	names := slices.Sorted(maps.Keys(texts))
	keys := trust(t, "ed", "p256")
	rapid.Check(t, func(t *rapid.T) {
		var doc any
		d := json.NewDecoder(bytes.NewReader(texts[rapid.SampledFrom(names).Draw(t, "document")]))
		d.UseNumber()
		if err := d.Decode(&doc); err != nil {
			t.Fatal(err)
		}
		text := respell(t, doc)
		signatures, err := JSF([]byte(text), keys)
		if err != nil || State(signatures) != sbom.SignatureTrusted {
			t.Fatalf("%s\n%+v, %v", text, signatures, err)
		}
	})
}

// respell writes a value with any order, white space and escapes.
func respell(t *rapid.T, v any) string {
	space := func() string { return rapid.SampledFrom([]string{"", "", " ", "\n\t", "\r\n"}).Draw(t, "space") }
	text := func(s string) string {
		if rapid.Bool().Draw(t, "escaped") {
			var b strings.Builder
			b.WriteByte('"')
			for _, r := range s {
				switch {
				case r > 0xffff:
					b.WriteString(`\ud83d\ude00`) // the only one in the documents
				case r == '/':
					b.WriteString(`\/`)
				default:
					const hex = "0123456789ABCDEF"
					b.WriteString(`\u` + string([]byte{hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15]}))
				}
			}
			return b.String() + `"`
		}
		out, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	var b strings.Builder
	b.WriteString(space())
	switch v := v.(type) {
	case map[string]any:
		b.WriteByte('{')
		for i, key := range rapid.Permutation(slices.Sorted(maps.Keys(v))).Draw(t, "order") {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(space() + text(key) + space() + ":" + respell(t, v[key]))
		}
		b.WriteString(space() + "}")
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(respell(t, item))
		}
		b.WriteString(space() + "]")
	case string:
		b.WriteString(text(v))
	case json.Number:
		s := v.String()
		if !strings.ContainsAny(s, ".e") {
			s += rapid.SampledFrom([]string{"", ".0", "e0", "E+00"}).Draw(t, "number")
		}
		b.WriteString(s)
	default:
		out, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(out)
	}
	return b.String() + space()
}

// TestDoubledKeys puts a second value beside each key of a signed document.
func TestDoubledKeys(t *testing.T) {
	for name, text := range samples(t) {
		for at := range text {
			if text[at] != '{' {
				continue
			}
			i := bytes.IndexByte(text[at:], ':')
			key := text[at+1 : at+i+1]
			if i < 0 || !bytes.HasPrefix(key, []byte(`"`)) || bytes.ContainsAny(key, "{}") {
				continue
			}
			doubled := slices.Concat(text[:at+1], key, []byte(`"evil",`), text[at+1:])
			signatures, err := JSF(doubled, trust(t, "ed", "p256"))
			if err != nil {
				if _, ok := errors.AsType[*Error](err); !ok {
					t.Fatalf("%s: %s: %v", name, key, err)
				}
				continue
			}
			for _, s := range signatures {
				if s.State != sbom.SignatureUnverified || !strings.Contains(s.Reason, "twice in one object") {
					t.Errorf("%s: %s: %+v", name, key, s)
				}
			}
			if len(signatures) == 0 {
				t.Errorf("%s: %s: no signature", name, key)
			}
		}
	}
}
