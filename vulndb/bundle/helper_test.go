// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/medsbom/medsbom/sbom/signature"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// day is the day that the tests count from.
var day = time.Date(2026, time.September, 1, 12, 0, 0, 0, time.UTC)

// edition says what a small database holds.
type edition struct {
	built time.Time
	npm   time.Time // newest record of its feed; zero: no such feed
	kev   time.Time // its release; zero: no such feed
	kind  string
}

func today() edition { return edition{built: day, npm: day, kev: day, kind: vulndb.KindFull} }

// file builds the database of an edition.
func (e edition) file(t testing.TB) []byte {
	t.Helper()
	in := build.Memory{Kind: e.kind, AsOf: e.built, Records: func(yield func(string, []byte) bool) {
		stamp := func(d time.Time) string { return d.Format(time.RFC3339) }
		if !e.npm.IsZero() && !yield("npm", fmt.Appendf(nil, `{"id":"GHSA-aaaa-bbbb-cccc","modified":%q,"summary":"one","affected":[{"package":{"ecosystem":"npm","name":"left"},"versions":["1.0.0"]}]}`, stamp(e.npm))) {
			return
		}
		yield("PyPI", fmt.Appendf(nil, `{"id":"PYSEC-2026-1","modified":"2026-08-01T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"right"},"versions":["2.0"]}]}`))
	}}
	if !e.kev.IsZero() {
		in.KEV = fmt.Appendf(nil, `{"dateReleased":%q,"vulnerabilities":[{"cveID":"CVE-2020-0001","dateAdded":"2021-11-03"}]}`, e.kev.Format(time.RFC3339))
	}
	file, _, err := build.FromRecords(in)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// key is a pair, made from a number.
type key struct {
	signing SigningKey
	trusted signature.Key
	private ed25519.PrivateKey
}

func keyOf(t testing.TB, number byte) key {
	t.Helper()
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{number}, ed25519.SeedSize))
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	signing, err := LoadSigningKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err != nil {
		t.Fatal(err)
	}
	if der, err = x509.MarshalPKIXPublicKey(private.Public()); err != nil {
		t.Fatal(err)
	}
	keys, err := signature.LoadKeys(fmt.Sprintf("key-%d.pub", number), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	if err != nil {
		t.Fatal(err)
	}
	return key{signing, keys[0], private}
}

func put(t testing.TB, path string, content []byte) string {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func get(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// bundleOf makes a bundle of a database with Write.
func bundleOf(t testing.TB, database []byte, keys ...SigningKey) []byte {
	t.Helper()
	folder := t.TempDir()
	out := filepath.Join(folder, "x.bundle")
	_, err := Write(t.Context(), out, Contents{
		Database: put(t, filepath.Join(folder, "x.db"), database), Keys: keys, Tool: "medsbom test", Created: day,
	})
	if err != nil {
		t.Fatal(err)
	}
	return get(t, out)
}

// take imports a bundle over a database (nil: none is there) and gives what is
// there after it. Nothing else may be left in the folder.
func take(t testing.TB, bundle, installed []byte, o Options) (*Result, []byte, error) {
	t.Helper()
	folder := t.TempDir()
	o.Name, o.Out = "x.bundle", filepath.Join(folder, "x.db")
	want := 0
	if installed != nil {
		put(t, o.Out, installed)
		want = 1
	}
	res, err := Import(t.Context(), bytes.NewReader(bundle), o)
	if err == nil {
		want = 1
	}
	if entries, _ := os.ReadDir(folder); len(entries) != want {
		t.Errorf("the folder holds %v", entries)
	}
	if want == 0 {
		return res, nil, err
	}
	return res, get(t, o.Out), err
}

// split takes a bundle apart.
func split(t testing.TB, bundle []byte) (envelope, payload []byte) {
	t.Helper()
	end := headerSize + int(binary.LittleEndian.Uint32(bundle[12:]))
	return bundle[headerSize:end], bundle[end:]
}

// join puts a bundle together.
func join(envelope, payload []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(Magic), Format)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(envelope)))
	return append(append(b, envelope...), payload...)
}

func refusal(err error) Refusal {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Refusal
	}
	return 0
}
