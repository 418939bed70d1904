// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/report"
)

// recorder keeps the stream.
type recorder struct {
	calls    []string
	header   assessment.Header
	products []assessment.Product
	trailer  assessment.Trailer
	failAt   string
}

var errHandler = errors.New("handler is full")

func (r *recorder) call(name string) error {
	r.calls = append(r.calls, name)
	if name == r.failAt {
		return errHandler
	}
	return nil
}

func (r *recorder) Begin(h *assessment.Header) error {
	r.header = *h
	return r.call("begin")
}

func (r *recorder) Product(p *assessment.Product) error {
	r.products = append(r.products, *p)
	return r.call("product " + p.ID)
}

func (r *recorder) End(t *assessment.Trailer) error {
	r.trailer = *t
	return r.call("end")
}

// document is a small one with two products.
func document(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	h := report.JSON(&b)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(h.Begin(&assessment.Header{
		Tool: assessment.Tool{Name: "medsbom", Version: "0.1.0"}, AsOf: "2026-08-22", Database: assessment.Database{Kind: "full", Digest: "d"},
	}))
	for _, id := range []string{"a/one", "b/two"} {
		must(h.Product(&assessment.Product{
			ID: id, State: assessment.StateAssessed, Decision: assessment.Decision{Outcome: assessment.Accept},
			Components: assessment.List{{Key: "name:x", Name: "x \"\\{["}}, Findings: []assessment.Finding{{Key: "k", ID: "CVE-1"}},
		}))
	}
	must(h.End(&assessment.Trailer{
		Advisories: map[string]*assessment.Advisory{"CVE-1": {Kind: "vulnerability"}},
		Summary:    assessment.Summary{Exit: assessment.Exit{Code: 0, Reason: "passed"}},
	}))
	return b.String()
}

func TestRead(t *testing.T) {
	text := document(t)
	for name, r := range map[string]io.Reader{
		"at once":              strings.NewReader(text),
		"byte by byte":         iotest.OneByteReader(strings.NewReader(text)),
		"with byte order mark": strings.NewReader("\ufeff" + text),
		"unknown members":      strings.NewReader(strings.Replace(text, `"asOf"`, `"later":{"x":[1,null]},"asOf"`, 1)),
	} {
		var got recorder
		if err := assessment.Read(r, &got); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff([]string{"begin", "product a/one", "product b/two", "end"}, got.calls); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got.header.AsOf != "2026-08-22" || got.header.Schema != assessment.Schema || got.products[0].Components.At(0).Name != "x \"\\{[" ||
			got.trailer.Summary.Exit.Reason != "passed" || got.trailer.Advisories["CVE-1"].Kind != "vulnerability" {
			t.Errorf("%s: read %+v", name, got)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	text := document(t)
	replace := func(old, by string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%s is not in the document", old)
		}
		return strings.Replace(text, old, by, 1)
	}
	for _, test := range []struct {
		name, text, want string
		foreign          bool // ErrNotAssessment
		ends             bool // the handler's calls may go as far as the last product
	}{
		{name: "empty", text: "", want: "the file is empty", foreign: true},
		{name: "no JSON", text: "hello", want: "not a medsbom assessment", foreign: true},
		{name: "array", text: "[]", want: "no object", foreign: true},
		{name: "an SBOM", text: `{"bomFormat":"CycloneDX","components":[]}`, want: `no member "schema"`, foreign: true},
		{name: "other products", text: `{"products":[]}`, want: `no member "schema"`, foreign: true},
		{name: "other schema", text: replace("medsbom/assessment/v1", "https://example.org/x"), want: "its schema is", foreign: true},
		{name: "schema of another type", text: replace(`"medsbom/assessment/v1"`, "1"), want: `member "schema"`, foreign: true},
		{name: "next version", text: replace("medsbom/assessment/v1", "medsbom/assessment/v2"), want: `"medsbom/assessment/v2", this program reads "medsbom/assessment/v1"`},
		{name: "UTF-16", text: "\xff\xfe{\x00", want: "UTF-16", foreign: true},
		{name: "header after products", text: replace("\"asOf\":\"2026-08-22\",\n", ""), want: `member "asOf" is missing before the products`},
		{name: "no summary", text: text[:strings.LastIndex(text, ",\n\"summary\"")] + "}", want: `member "summary" is missing`, ends: true},
		{name: "member twice", text: replace(`"tool":`, `"tool":{"name":"x","version":"y"},"tool":`), want: "duplicate"},
		{name: "trailing text", text: text + "{}", want: "text follows the end", ends: true},
		{name: "trailing junk", text: text + "x", want: "text follows the end", ends: true},
		{name: "null products", text: `{"schema":"medsbom/assessment/v1","tool":{},"asOf":"","database":{},"policies":[],"products":null}`, want: "no array"},
		{name: "null product", text: replace(`"products":[`, `"products":[null,`), want: "entry 0 is null", ends: true},
		{name: "null summary", text: text[:strings.LastIndex(text, "\"summary\":")] + `"summary":null}`, want: `member "summary" is null`, ends: true},
		{name: "wrong type", text: replace(`"asOf":"2026-08-22"`, `"asOf":7`), want: `member "asOf"`},
		{name: "unknown state", text: replace(`"state":"assessed"`, `"state":"fine"`), want: "unknown state", ends: true},
		{name: "unknown outcome", text: replace(`"outcome":"accept"`, `"outcome":"sure"`), want: "unknown outcome", ends: true},
		{name: "finding of nothing", text: replace(`"component":0`, `"component":1`), want: "finding 0 is about component 1, but there are 1", ends: true},
		{name: "negative component", text: replace(`"component":0`, `"component":-1`), want: "finding 0", ends: true},
		{name: "deep", text: replace(`"asOf"`, `"x":`+strings.Repeat("[", 1000)+strings.Repeat("]", 1000)+`,"asOf"`), want: "nests deeper than 32"},
		{name: "very deep", text: replace(`"asOf"`, `"x":`+strings.Repeat("[", 1_000_000)), want: "nests deeper than 32"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got recorder
			err := assessment.Read(strings.NewReader(test.text), &got)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("want an error with %q, got %v", test.want, err)
			}
			if errors.Is(err, assessment.ErrNotAssessment) != test.foreign {
				t.Errorf("want ErrNotAssessment %v: %v", test.foreign, err)
			}
			for _, c := range got.calls {
				if c == "end" || !test.ends {
					t.Errorf("the handler got %v", got.calls)
				}
			}
		})
	}
}

// TestReadTruncated cuts the document everywhere: never an End, and always a
// message that says what is the matter.
func TestReadTruncated(t *testing.T) {
	text := strings.TrimRight(document(t), "\n")
	for n := 1; n < len(text); n++ {
		var got recorder
		err := assessment.Read(strings.NewReader(text[:n]), &got)
		if err == nil || !strings.Contains(err.Error(), "ends early") {
			t.Fatalf("cut at %d (%q): %v", n, text[max(0, n-20):n], err)
		}
		for _, c := range got.calls {
			if c == "end" {
				t.Fatalf("cut at %d: the handler got an End", n)
			}
		}
	}
}

func TestReadHandlerError(t *testing.T) {
	text := document(t)
	for _, at := range []string{"begin", "product a/one", "end"} {
		got := recorder{failAt: at}
		if err := assessment.Read(strings.NewReader(text), &got); !errors.Is(err, errHandler) || err.Error() != errHandler.Error() {
			t.Errorf("%s: want the handler's error, got %v", at, err)
		}
		if last := got.calls[len(got.calls)-1]; last != at {
			t.Errorf("%s: the stream went on to %s", at, last)
		}
	}
}

func TestReadReaderError(t *testing.T) {
	text := document(t)
	broken := fmt.Errorf("disk is gone")
	var got recorder
	err := assessment.Read(io.MultiReader(strings.NewReader(text[:len(text)/2]), iotest.ErrReader(broken)), &got)
	if !errors.Is(err, broken) {
		t.Errorf("want %v, got %v", broken, err)
	}
}

// FuzzRead: whatever is read without an error reads the same from its report.
func FuzzRead(f *testing.F) {
	text := document(f)
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add(`{"schema":"medsbom/assessment/v1"}`)
	f.Fuzz(func(t *testing.T, text string) {
		var first, second bytes.Buffer
		if assessment.Read(strings.NewReader(text), report.Tee(report.JSON(&first), report.Table(io.Discard, report.TableOptions{Width: 80}), report.SARIF(io.Discard, report.SARIFOptions{}))) != nil {
			return
		}
		if err := assessment.Read(bytes.NewReader(first.Bytes()), report.JSON(&second)); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first.String())
		}
		if diff := cmp.Diff(first.String(), second.String()); diff != "" {
			t.Fatalf("(-first +second):\n%s", diff)
		}
	})
}

// TestAdvisory holds that an advisory which a saved document lacks, or has as
// null, says nothing.
func TestAdvisory(t *testing.T) {
	trailer := assessment.Trailer{Advisories: map[string]*assessment.Advisory{"CVE-1": {Summary: "s"}, "CVE-2": nil}}
	for id, want := range map[string]string{"CVE-1": "s", "CVE-2": "", "CVE-3": ""} {
		if got := trailer.Advisory(id).Summary; got != want {
			t.Errorf("%s: %q", id, got)
		}
	}
}
