// SPDX-License-Identifier: Apache-2.0

package update

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom/signature"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
	"github.com/medsbom/medsbom/vulndb/bundle"
)

const bundlePath = "/medsbom.bundle"

// publisher makes signed bundles and serves them.
type publisher struct {
	*testing.T
	*server
	key   bundle.SigningKey
	trust []signature.Key
	Prebuilt
	waited int
	taken  int
}

func newPublisher(t *testing.T) *publisher {
	p := &publisher{T: t, server: newServer(t)}
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	if p.key, err = bundle.LoadSigningKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})); err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	if p.trust, err = signature.LoadKeys("publisher", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})); err != nil {
		t.Fatal(err)
	}
	p.Prebuilt = Prebuilt{
		Database: filepath.Join(t.TempDir(), "medsbom.db"), From: p.URL + bundlePath, Terms: "key 7", Limit: 10 << 20, Retries: 3,
	}
	p.tuning.wait = func(ctx context.Context, _ time.Duration) error {
		p.waited++
		return ctx.Err()
	}
	return p
}

// database makes one of a day, with so many records.
func (p *publisher) database(day time.Time, records int) []byte {
	p.Helper()
	file, _, err := build.FromRecords(build.Memory{Kind: vulndb.KindFull, AsOf: day, Records: func(yield func(string, []byte) bool) {
		for i := range records {
			if !yield("npm", record("npm", fmt.Sprintf("GHSA-0000-0000-%04d", i), day.Add(-time.Hour))) {
				return
			}
		}
	}})
	if err != nil {
		p.Fatal(err)
	}
	return file
}

func (p *publisher) bundle(database []byte) []byte {
	p.Helper()
	folder := p.TempDir()
	in, out := filepath.Join(folder, "x.db"), filepath.Join(folder, "x.bundle")
	if err := os.WriteFile(in, database, 0o600); err != nil {
		p.Fatal(err)
	}
	if _, err := bundle.Write(p.Context(), out, bundle.Contents{Database: in, Keys: []bundle.SigningKey{p.key}, Tool: "test", Created: testDay}); err != nil {
		p.Fatal(err)
	}
	content, err := os.ReadFile(out)
	if err != nil {
		p.Fatal(err)
	}
	return content
}

func (p *publisher) fetch() (unchanged bool, err error) {
	p.Helper()
	unchanged, err = FetchPrebuilt(p.Context(), p.Prebuilt, func(r io.Reader) error {
		p.taken++
		_, err := bundle.Import(p.Context(), r, bundle.Options{Name: "x", Trust: p.trust, Out: p.Database})
		return err
	})
	s := site{T: p.T, Options: Options{Database: p.Database}}
	s.clean()
	return unchanged, err
}

// records opens the installed database, which must be whole.
func (p *publisher) records() int {
	p.Helper()
	s := site{T: p.T, Options: Options{Database: p.Database}}
	return len(s.answers())
}

// TestPrebuilt: it comes, costs one request while it is unchanged, and comes again
// when there is another one, or when what is installed is not what came.
func TestPrebuilt(t *testing.T) {
	p := newPublisher(t)
	want := func(what string, unchanged bool, records int, requests ...string) {
		t.Helper()
		got, err := p.fetch()
		if err != nil || got != unchanged || p.records() != records {
			t.Fatalf("%s: unchanged %v, %d records, %v", what, got, p.records(), err)
		}
		if diff := cmp.Diff(requests, p.asked()); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	first := p.database(testDay, 3)
	p.put(bundlePath, p.bundle(first))
	want("first", false, 3, bundlePath)
	want("unchanged", true, 3, bundlePath+" conditional")
	p.put(bundlePath, p.bundle(p.database(testDay.AddDate(0, 0, 1), 60)))
	want("newer", false, 60, bundlePath+" conditional")
	want("unchanged again", true, 60, bundlePath+" conditional")
	if p.taken != 2 {
		t.Errorf("%d were taken", p.taken)
	}

	p.Terms = "key 8"
	want("under other terms", false, 60, bundlePath)
	if err := os.WriteFile(p.Database, first, 0o600); err != nil {
		t.Fatal(err)
	}
	want("another database is installed", false, 60, bundlePath)
	if err := os.Remove(p.Database); err != nil {
		t.Fatal(err)
	}
	want("none is installed", false, 60, bundlePath)
	file, err := os.ReadFile(p.Database)
	if err != nil {
		t.Fatal(err)
	}
	file[bytes.LastIndex(file, []byte("GHSA-"))] ^= 1 // can be opened, and is not whole
	if err := os.WriteFile(p.Database, file, 0o600); err != nil {
		t.Fatal(err)
	}
	want("a damaged one is installed", false, 60, bundlePath)
	for _, text := range []string{"", "{", "null", `{"place":1}`} {
		if err := os.WriteFile(filepath.Join(p.Database+".feeds", prebuiltFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want("its state is damaged", false, 60, bundlePath)
	}

	file, err = os.ReadFile(p.Database)
	if err != nil {
		t.Fatal(err)
	}
	p.From = filepath.Join(t.TempDir(), "carried.bundle")
	if err := os.WriteFile(p.From, p.bundle(file), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Offline = true
	want("from a file", false, 60)
}

// TestPrebuiltRefused: what cannot be taken leaves what is installed, and the next
// good one is fetched and taken.
func TestPrebuiltRefused(t *testing.T) {
	good := func(p *publisher) []byte { return p.bundle(p.database(testDay, 8)) }
	for name, test := range map[string]struct {
		content func(p *publisher) []byte
		fault   func(http.ResponseWriter, *http.Request, []byte) bool
		want    string // of the error; "": it is taken
		waited  int
	}{
		"good": {content: good},
		"tampered": {content: func(p *publisher) []byte {
			b := good(p)
			b[len(b)-10] ^= 1
			return b
		}, want: "changed after it was signed"},
		"signed by another": {content: func(p *publisher) []byte {
			b := good(p)
			p.trust[0], _ = otherKey(p.T)
			return b
		}, want: "not signed by a trusted key"},
		"a database, not signed": {content: func(p *publisher) []byte { return p.database(testDay, 8) }, want: "this is a database, not a bundle"},
		"older":                  {content: func(p *publisher) []byte { return p.bundle(p.database(testDay.AddDate(0, 0, -2), 8)) }, want: "older than the installed database"},
		"shorter than signed":    {content: func(p *publisher) []byte { return good(p)[:1500] }, want: "cut off"},
		"nothing":                {content: func(*publisher) []byte { return nil }, want: "no bundle"},
		"HTML":                   {content: func(*publisher) []byte { return []byte("<!DOCTYPE html><html>Log in") }, want: "an HTML page"},
		"too large":              {content: func(*publisher) []byte { return make([]byte, 11<<20) }, want: "more than the limit of 10485760"},
		"not there":              {content: good, fault: always(answerWith(404)), want: "404 Not Found"},
		"500, then well":         {content: good, fault: times(2, answerWith(500)), waited: 2},
		"cut and resumed": {content: good, fault: always(func(w http.ResponseWriter, r *http.Request, content []byte) {
			defer w.(http.Flusher).Flush() // what is written is sent before the end
			cut(len(content)/3+1)(w, r, content)
		}), waited: 2},
		"cut for ever": {content: good, fault: always(cut(100)), want: "EOF (4 attempts)", waited: 3},
		"another one when resumed": {content: good, fault: times(1, func(w http.ResponseWriter, _ *http.Request, content []byte) {
			w.Header().Set("ETag", `"yesterday"`)
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			_, _ = w.Write(make([]byte, len(content)/2))
			panic(http.ErrAbortHandler)
		}), waited: 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPublisher(t)
			yesterday := p.bundle(p.database(testDay.AddDate(0, 0, -1), 2))
			p.put(bundlePath, yesterday)
			if _, err := p.fetch(); err != nil {
				t.Fatal(err)
			}
			trust := p.trust[0]
			p.put(bundlePath, test.content(p))
			p.fault(bundlePath, test.fault)
			unchanged, err := p.fetch()
			records := 8
			if test.want != "" {
				records = 2
			}
			if (err != nil) != (test.want != "") || err != nil && !strings.Contains(err.Error(), test.want) || unchanged {
				t.Errorf("want %q, got %v", test.want, err)
			}
			if got := p.records(); got != records || p.waited != test.waited {
				t.Errorf("%d records are installed, waited %d times", got, p.waited)
			}
			p.fault(bundlePath, nil)
			p.put(bundlePath, p.bundle(p.database(testDay.AddDate(0, 0, 1), 9)))
			p.trust[0] = trust
			if _, err := p.fetch(); err != nil || p.records() != 9 {
				t.Errorf("the next good one: %d records, %v", p.records(), err)
			}
		})
	}
}

func otherKey(t *testing.T) (signature.Key, error) {
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := signature.LoadKeys("other", der)
	if err != nil {
		t.Fatal(err)
	}
	return keys[0], nil
}

func TestPrebuiltUsage(t *testing.T) {
	for _, c := range []struct {
		change func(*Prebuilt)
		want   string
	}{
		{func(o *Prebuilt) { o.Offline = true }, "--offline forbids the network"},
		{func(o *Prebuilt) { o.From = "ftp://example.org/x" }, "no address of http or https"},
		{func(o *Prebuilt) { o.From = "http://" }, "no address"},
		{func(o *Prebuilt) { o.From = filepath.Dir(o.Database) }, "is a folder"},
		{func(o *Prebuilt) { o.Database = "" }, "no database"},
	} {
		p := newPublisher(t)
		c.change(&p.Prebuilt)
		_, err := FetchPrebuilt(t.Context(), p.Prebuilt, func(io.Reader) error { return nil })
		if usage, ok := errors.AsType[*UsageError](err); !ok || !strings.Contains(err.Error(), c.want) || usage.Remedy == "" {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}

// TestImportBesideUpdate: a bundle that is imported while an update is about to
// replace the database is not undone by it, as it is newer.
func TestImportBesideUpdate(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	p := newPublisher(t)
	newer, _, err := build.FromRecords(build.Memory{
		Kind: vulndb.KindFull, AsOf: testDay, KEV: kev("2026-11-18T00:00:00Z", 60),
		Records: func(yield func(string, []byte) bool) {
			yield("npm", record("npm", "GHSA-0000-0000-9999", testDay))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	content := p.bundle(newer)
	s.server.publish("npm", npm(25, 1))
	var once sync.Once
	s.tuning.name = func(name string) error {
		if name == "state.json" {
			once.Do(func() {
				if _, err := bundle.Import(t.Context(), bytes.NewReader(content), bundle.Options{Name: "x", Trust: p.trust, Out: s.Database}); err != nil {
					t.Error(err)
				}
			})
		}
		return nil
	}
	if _, err := s.update(); err == nil || !strings.Contains(err.Error(), "and the new one only of") {
		t.Errorf("the update says %v", err)
	}
	if diff := cmp.Diff([]string{"GHSA-0000-0000-9999"}, s.answers()); diff != "" {
		t.Error(diff)
	}
	s.clean()
}
