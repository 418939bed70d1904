// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// saidLater are cases in which nothing is wrong with the document as such: the
// warning that is due comes from who judges it, or follows from a rule of
// DESIGN §2.
var saidLater = map[string]string{
	"cyclonedx/no-components-key.cdx.json":         "an empty document is a state of the product",
	"cyclonedx/empty-components.cdx.json":          "an empty document is a state of the product",
	"cyclonedx/root-only-in-metadata.cdx.json":     "counted, as DESIGN §2 has it",
	"cyclonedx/no-version.cdx.json":                "coverage: no version",
	"cyclonedx/empty-version.cdx.json":             "coverage: no version",
	"cyclonedx/range-versions.cdx.json":            "package version: not comparable",
	"cyclonedx/version-differs-from-purl.cdx.json": "package purl",
	"cyclonedx/name-differs-from-purl.cdx.json":    "package purl",
	"purl/maven-no-group.cdx.json":                 "package purl",
	"purl/maven-colon.cdx.json":                    "package purl",
	"purl/deb-no-distro.cdx.json":                  "coverage: distribution unknown",
	"purl/type-alpine.cdx.json":                    "package purl",
	"purl/golang-devel.cdx.json":                   "package version: not comparable",
	"purl/subpath-dots.cdx.json":                   "package purl",
	"identity/purl-in-property.cdx.json":           "package purl",
	"identity/gav-split.cdx.json":                  "package purl",
}

// excused are cases of verdict "accept" in which something is said, since the
// same fact must be said elsewhere.
var excused = map[string]string{
	"licence/cdx-forms.cdx.json":  "a licence id that is none of SPDX's: the schema forbids it, as CycloneDX's own invalid-license-id shows",
	"spdx/yaml-anchors.spdx.yaml": "two packages and nothing that says which is described: the verdict of spdx/no-describes.spdx.json is warn",
}

// counts reads the column components: "2 or 3, but said", "0 components, 1
// service", "3 and 2" (documents of an archive).
func counts(t *testing.T, s string) (allowed [][]int, said bool) {
	t.Helper()
	s, said = strings.CutSuffix(s, ", but said")
	if s == "1 identity, 2 occurrences" {
		return [][]int{{2}}, said // counted as listed, matched as one
	}
	if s, more, ok := strings.Cut(s, " (of "); ok { // of one entry of an archive; the other has as many
		if n, err := strconv.Atoi(s); err == nil && more == "ok) " {
			return [][]int{{n, n}}, said
		}
	}
	s, _, _ = strings.Cut(s, " (")
	for part := range strings.SplitSeq(s, " or ") {
		var each []int
		for document := range strings.SplitSeq(part, " and ") {
			word, _, _ := strings.Cut(document, " ")
			if n, err := strconv.Atoi(word); err == nil {
				each = append(each, n)
			} else if document != "" && word != "reject" {
				t.Fatalf("cannot read %q", s)
			}
		}
		if each != nil {
			allowed = append(allowed, each)
		}
	}
	return allowed, said
}

// mostAllocated is how much memory, in bytes, reading one hostile case of the
// corpus may take, all that is freed again included.
const mostAllocated = 300 << 20

// TestMalformed holds the verdicts of EXPECTED.tsv for every hostile case, and
// what reading it costs.
func TestMalformed(t *testing.T) {
	for _, row := range corpus.Table(t, corpus.Dir(t, "sbom", "malformed", "EXPECTED.tsv")) {
		name := row["path"]
		t.Run(name, func(t *testing.T) {
			var got []int
			var refusal error
			defects := 0
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for item := range itemsOf(t, filepath.Join("malformed", name)) {
				if doc := item.Document; doc != nil {
					got = append(got, doc.Count())
					defects += doc.Defects.Total()
				} else if refusal = item.Err; !known(refusal) {
					t.Fatalf("error of no kind that callers know: %#v", refusal)
				}
			}
			runtime.ReadMemStats(&after)
			if bytes := after.TotalAlloc - before.TotalAlloc; bytes >= mostAllocated {
				t.Errorf("%d MiB were allocated", bytes>>20)
			}
			if got == nil {
				if !strings.Contains(row["components"], "reject") && row["verdict"] != "reject" {
					t.Errorf("refused, verdict %s: %v", row["verdict"], refusal)
				}
				return
			}
			allowed, said := counts(t, row["components"])
			if row["verdict"] == "reject" {
				t.Fatal("read, should be refused")
			}
			if !slices.ContainsFunc(allowed, func(each []int) bool { return slices.Equal(each, got) }) {
				t.Errorf("%d components, want %s", got, row["components"])
			}
			_, later := saidLater[name]
			switch {
			case row["verdict"] == "accept" && (defects > 0) != (excused[name] != ""):
				t.Errorf("nothing is wrong with it, but %d defects are said; excused: %q", defects, excused[name])
			case (row["verdict"] == "warn" || said) && (defects == 0) != later:
				t.Errorf("%d defects; its warning comes later: %v", defects, later)
			}
		})
	}
}

func itemsOf(t *testing.T, name string) iter.Seq[Item] {
	t.Helper()
	f, err := os.Open(corpus.Dir(t, "sbom", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return Items(f, name, Options{})
}

// known reports whether an error is of a kind that callers handle.
func known(err error) bool {
	var broken *sbom.SyntaxError
	var other *NotSBOMError
	return errors.As(err, &broken) && broken.Message != "" || errors.As(err, &other) && other.Reason != ""
}

// refused are the documents of the corpus that are not read, with the reason:
// they are broken as published, or no SBOM.
var refused = map[string]string{
	"wild/bomshelter-broken-powershell.spdx.json": "two documents in one file",
	"wild/cvebintool-swid.xml":                    "a SWID tag",
	"wild/docfest-metaspdxscanner-bytesrepr.spdx": "a Python bytes literal, to be rejected by malformed/EXPECTED.tsv too",
}

// archives are the files of the corpus that hold several documents.
var archives = map[string]int{"wild/ntia-realworld.zip": 10}

// TestCorpus reads every document of the corpus as a user would: the formats
// and counts of the manifest.
func TestCorpus(t *testing.T) {
	files := 0
	for _, row := range corpus.Table(t, corpus.Dir(t, "sbom", "MANIFEST.tsv")) {
		name := row["path"]
		if !strings.HasPrefix(name, "medical/") && !strings.HasPrefix(name, "wild/") {
			continue
		}
		files++
		t.Run(name, func(t *testing.T) {
			if want, ok := archives[name]; ok {
				read := 0
				for item := range itemsOf(t, name) {
					if item.Err != nil {
						t.Errorf("%s: %v", item.Path, item.Err)
						continue
					}
					read++
				}
				if read != want {
					t.Errorf("%d documents, want %d", read, want)
				}
				return
			}
			doc, err := ReadFile(corpus.Dir(t, "sbom", filepath.FromSlash(name)), Options{})
			if why, ok := refused[name]; ok != (err != nil) {
				t.Fatalf("listed as refused for %q; error %v", why, err)
			}
			if err != nil {
				if broken, ok := errors.AsType[*sbom.SyntaxError](err); ok && (broken.Position.IsZero() || broken.Remedy == "") {
					t.Errorf("no place or remedy: %+v", broken)
				}
				return
			}
			encoding, _, _ := strings.Cut(row["encoding"], "+")
			want := []string{row["format"], row["spec"], encoding, row["components"]}
			got := []string{string(doc.Format), doc.SpecVersion, string(doc.Encoding), fmt.Sprint(doc.Count())}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if files < 125 {
		t.Errorf("only %d files in the corpus", files)
	}
}

// TestSniffHead holds that the first HeadSize bytes tell what the whole does:
// folders are walked by them.
func TestSniffHead(t *testing.T) {
	for _, row := range corpus.Table(t, corpus.Dir(t, "sbom", "MANIFEST.tsv")) {
		name := row["path"]
		if row["format"] == "zip" || strings.HasPrefix(name, "conformance/") {
			continue
		}
		data, err := os.ReadFile(corpus.Dir(t, "sbom", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if whole, head := Sniff(data), Sniff(data[:min(len(data), HeadSize)]); whole != head {
			t.Errorf("%s: the whole is %s, the head %s", name, whole, head)
		}
	}
}
