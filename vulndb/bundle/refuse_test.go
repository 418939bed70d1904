// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/zstd"

	"github.com/medsbom/medsbom/sbom/signature"
	"github.com/medsbom/medsbom/vulndb"
)

// forge signs a changed manifest: what a publisher would do by mistake, or who
// has the key.
func forge(t testing.TB, k key, bundle []byte, change func(*Manifest)) []byte {
	t.Helper()
	envelope, payload := split(t, bundle)
	m, _, err := unseal("", envelope, []signature.Key{k.trusted})
	if err != nil {
		t.Fatal(err)
	}
	change(m)
	if envelope, err = seal(m, []SigningKey{k.signing}); err != nil {
		t.Fatal(err)
	}
	return join(envelope, payload)
}

// repack signs another payload as if it were right.
func repack(t testing.TB, k key, bundle, payload []byte, change func(*Manifest)) []byte {
	t.Helper()
	bundle = forge(t, k, bundle, func(m *Manifest) {
		m.Payload.Size, m.Payload.SHA256 = int64(len(payload)), sha(payload)
		change(m)
	})
	envelope, _ := split(t, bundle)
	return join(envelope, payload)
}

func compressed(t testing.TB, content []byte, options ...zstd.EOption) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil, options...)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll(content, nil)
}

func TestRefusals(t *testing.T) {
	k, other := keyOf(t, 1), keyOf(t, 2)
	database := today().file(t)
	good := bundleOf(t, database, k.signing)
	envelope, payload := split(t, good)
	changed := func(at int, bit byte) []byte {
		b := bytes.Clone(good)
		b[at] ^= bit
		return b
	}
	header := func(at int, v uint32) []byte {
		b := bytes.Clone(good)
		binary.LittleEndian.PutUint32(b[at:], v)
		return b
	}
	edit := func(f func(*Manifest)) []byte { return forge(t, k, good, f) }
	starter := today()
	starter.kind = vulndb.KindStarter
	starterFile := starter.file(t)
	inside := func(file []byte, f func(*Manifest)) []byte {
		return repack(t, k, good, compressed(t, file), func(m *Manifest) {
			m.Database.Size, m.Database.SHA256 = int64(len(file)), sha(file)
			f(m)
		})
	}
	damaged := bytes.Clone(database)
	damaged[len(damaged)-600] ^= 1
	var e dsseEnvelope
	if err := json.Unmarshal(envelope, &e); err != nil {
		t.Fatal(err)
	}
	rewritten := func(f func(*dsseEnvelope)) []byte {
		c := e
		c.Signatures = append([]dsseSignature(nil), e.Signatures...)
		f(&c)
		text, err := json.Marshal(&c)
		if err != nil {
			t.Fatal(err)
		}
		return join(text, payload)
	}
	nothing := func(*Manifest) {}

	for _, c := range []struct {
		name   string
		bundle []byte
		want   Refusal
		words  string
	}{
		{"empty", nil, NotABundle, "no bundle"},
		{"text", []byte("this is not a bundle at all, but some text"), NotABundle, "no bundle"},
		{"wrong magic", changed(3, 1), NotABundle, "no bundle"},
		{"a database", database, NotABundle, "this is a database"},
		{"a later format", header(8, 2), NewerFormat, "format 2"},
		{"a later format of the manifest", edit(func(m *Manifest) { m.Format = 2 }), NewerFormat, "format 2"},
		{"no manifest", header(12, 0), Damaged, "0 bytes"},
		{"a huge manifest", header(12, 1<<31), Damaged, "2147483648 bytes"},
		{"cut in the header", good[:12], Damaged, "cut off in its header"},
		{"cut in the manifest", good[:headerSize+40], Damaged, "cut off in its manifest"},
		{"cut behind the manifest", good[:headerSize+len(envelope)], Damaged, "cut off: 0 bytes"},
		{"cut in the database", good[:len(good)-1], Damaged, "cut off"},
		{"bytes behind the end", append(bytes.Clone(good), 0), Damaged, "behind its end"},
		{"the database changed at its start", changed(len(good)-len(payload), 1), Damaged, "changed after it was signed"},
		{"the database changed at its end", changed(len(good)-1, 1), Damaged, "changed after it was signed"},
		{"the envelope is no JSON", changed(headerSize, 4), Damaged, "manifest cannot be read"},
		{"the manifest changed", rewritten(func(e *dsseEnvelope) { e.Payload = "A" + e.Payload[1:] }), NotTrusted, "not signed by a trusted key"},
		{"the payload type changed", rewritten(func(e *dsseEnvelope) { e.PayloadType = "text/plain" }), NotTrusted, "not signed by a trusted key"},
		{"the signature changed", rewritten(func(e *dsseEnvelope) { e.Signatures[0].Sig = "A" + e.Signatures[0].Sig[1:] }), NotTrusted, "not signed by a trusted key"},
		{"the key id taken away, the manifest changed", rewritten(func(e *dsseEnvelope) { e.Signatures[0].KeyID, e.Payload = "", "A"+e.Payload[1:] }), NotTrusted, "not signed by a trusted key"},
		{"no signature", rewritten(func(e *dsseEnvelope) { e.Signatures = nil }), NotTrusted, "not signed at all"},
		{"signed by somebody else", bundleOf(t, database, other.signing), NotTrusted, "not signed by a trusted key"},
		{"signed by somebody else in our name", rewritten(func(e *dsseEnvelope) {
			b := bundleOf(t, database, other.signing)
			theirs, _ := split(t, b)
			var o dsseEnvelope
			if err := json.Unmarshal(theirs, &o); err != nil {
				t.Fatal(err)
			}
			e.Signatures[0].Sig = o.Signatures[0].Sig
		}), NotTrusted, "does not fit it"},
		{"too large", edit(func(m *Manifest) { m.Database.Size = DefaultMaxSize + 1 }), TooLarge, "1073741824 are allowed"},
		{"too large a payload", edit(func(m *Manifest) { m.Payload.Size = DefaultMaxSize + 1 }), TooLarge, "--max-bytes"},

		{"a starter set", edit(func(m *Manifest) { m.Database.Kind = vulndb.KindStarter }), NotAcceptable, "cannot say that a product is good"},
		{"a starter set that claims to be full", inside(starterFile, nothing), NotAcceptable, "says other things"},
		{"an unknown packer", edit(func(m *Manifest) { m.Payload.Encoding = "lzma" }), NotAcceptable, `"lzma"`},
		{"no size", edit(func(m *Manifest) { m.Database.Size = 0 }), NotAcceptable, "no size"},
		{"no digest", edit(func(m *Manifest) { m.Database.SHA256 = "" }), NotAcceptable, "digest"},
		{"no serial", edit(func(m *Manifest) { m.Serial = 0 }), NotAcceptable, "serial"},
		{"another serial", edit(func(m *Manifest) { m.Serial++ }), NotAcceptable, "says other things"},
		{"no feeds", edit(func(m *Manifest) { m.Feeds = nil }), NotAcceptable, "no feed"},
		{"feeds in disorder", edit(func(m *Manifest) { m.Feeds[0], m.Feeds[1] = m.Feeds[1], m.Feeds[0] }), NotAcceptable, "in order"},
		{"a feed twice", edit(func(m *Manifest) { m.Feeds = append(m.Feeds[:1], m.Feeds...) }), NotAcceptable, "in order"},
		{"a feed made newer", edit(func(m *Manifest) { m.Feeds[0].Date = m.Feeds[0].Date.AddDate(1, 0, 0) }), NotAcceptable, "says other things"},
		{"a feed too many", edit(func(m *Manifest) { m.Feeds = append(m.Feeds, Feed{Name: "z"}) }), NotAcceptable, "says other things"},
		{"another digest", edit(func(m *Manifest) { m.Database.Digest = sha(nil) }), NotAcceptable, "says other things"},
		{"another SHA-256", edit(func(m *Manifest) { m.Database.SHA256 = sha(nil) }), NotAcceptable, "SHA-256"},
		{"larger than signed", edit(func(m *Manifest) { m.Database.Size-- }), NotAcceptable, "another size"},
		{"smaller than signed", edit(func(m *Manifest) { m.Database.Size++ }), NotAcceptable, "another size"},
		{"not compressed", repack(t, k, good, database, nothing), NotAcceptable, "cannot be unpacked"},
		{"a window of 64 MiB", repack(t, k, good, compressed(t, make([]byte, 64<<20), zstd.WithWindowSize(64<<20), zstd.WithSingleSegment(true)), nothing), NotAcceptable, "cannot be unpacked"},
		{"a bomb", repack(t, k, good, compressed(t, make([]byte, 200<<20)), nothing), NotAcceptable, "another size"},
		{"no database in it", inside([]byte("text"), nothing), NotAcceptable, "not a medsbom database"},
		{"a damaged database in it", inside(damaged, nothing), NotAcceptable, "checksum"},
		{"a database cut short in it", inside(database[:len(database)-8], nothing), NotAcceptable, "truncated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got, err := take(t, c.bundle, database, Options{Trust: []signature.Key{k.trusted}})
			if refusal(err) != c.want || !strings.Contains(err.Error(), c.words) || !strings.HasPrefix(err.Error(), `bundle "x.bundle": `) {
				t.Errorf("want refusal %d with %q, got %d: %v", c.want, c.words, refusal(err), err)
			}
			if e, ok := errors.AsType[*Error](err); ok && e.Remedy == "" {
				t.Error("no remedy")
			}
			if !bytes.Equal(got, database) {
				t.Error("the refused bundle has changed the database")
			}
			if _, err := Check(t.Context(), bytes.NewReader(c.bundle), Options{Trust: []signature.Key{k.trusted}}); refusal(err) != c.want {
				t.Errorf("Check takes it otherwise: %v", err)
			}
		})
	}
}

// TestMembersOfLaterPrograms may be in a manifest without harm.
func TestMembersOfLaterPrograms(t *testing.T) {
	k := keyOf(t, 1)
	good := bundleOf(t, today().file(t), k.signing)
	envelope, _ := split(t, good)
	m, _, err := unseal("", envelope, []signature.Key{k.trusted})
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	body = append([]byte(`{"later":[1],`), body[1:]...)
	if _, _, err := unseal("", sealBody(t, k, PayloadType, body), []signature.Key{k.trusted}); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ name, payloadType, body string }{
		{"another payload type", "application/vnd.in-toto+json", string(body)},
		{"no JSON", PayloadType, "text"},
		{"a member twice", PayloadType, `{"serial":1,` + string(body[1:])},
		{"a wrong type", PayloadType, `{"format":"1"}`},
		{"null", PayloadType, "null"},
	} {
		if _, _, err := unseal("", sealBody(t, k, c.payloadType, []byte(c.body)), []signature.Key{k.trusted}); refusal(err) == 0 {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// TestEveryByte: no byte of a bundle can be changed and no length cut without
// its being refused.
func TestEveryByte(t *testing.T) {
	k := keyOf(t, 1)
	database := today().file(t)
	good := bundleOf(t, database, k.signing)
	out := put(t, t.TempDir()+"/x.db", database)
	o := Options{Out: out, Trust: []signature.Key{k.trusted}}
	envelope, _ := split(t, good)
	accepted := 0
	for i := range good {
		b := bytes.Clone(good)
		b[i] ^= 0x20
		if _, err := Import(t.Context(), bytes.NewReader(b), o); err == nil {
			// Of the envelope only what nobody signs may change: the hint of the key id,
			// the case of its member's name.
			at := i - headerSize
			from := bytes.Index(envelope, []byte(`"keyid"`))
			to := bytes.Index(envelope, []byte(`"sig"`))
			if accepted++; at < from || at >= to {
				t.Errorf("byte %d changed: it is taken", i)
			}
		}
		if _, err := Import(t.Context(), bytes.NewReader(good[:i]), o); refusal(err) == 0 {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	if accepted > len(envelope)/2 {
		t.Errorf("%d bytes may be changed", accepted)
	}
	if !bytes.Equal(get(t, out), database) {
		t.Error("the database is another")
	}
}
