// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// plain reads a file, expanded if it is gzip, without a byte order mark.
func plain(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.HasPrefix(text, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if text, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
}

// decoded tells the encoding as the reader would and decodes.
func decoded(text []byte) (*sbom.Document, error) {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
		return DecodeXML(text, Options{})
	}
	return DecodeJSON(text, Options{})
}

// otherCounts lists where the manifest's count and ours differ, with the reason.
// It is empty: the two agree on every CycloneDX file.
var otherCounts = map[string]string{}

// notCycloneDX are files that the manifest files under CycloneDX and are none.
var notCycloneDX = map[string]string{
	"wild/cvebintool-swid.xml": "a bare SWID tag",
}

// TestCorpusCounts holds the counts of the manifest, which were taken by
// another program: components, and how many of them have what.
func TestCorpusCounts(t *testing.T) {
	dir := corpus.Dir(t)
	files := 0
	for _, row := range corpus.Table(t, filepath.Join(dir, "sbom", "MANIFEST.tsv")) {
		name := row["path"]
		if row["format"] != "CycloneDX" || !strings.HasPrefix(name, "medical/") && !strings.HasPrefix(name, "wild/") {
			continue
		}
		files++
		t.Run(name, func(t *testing.T) {
			doc, err := decoded(plain(t, filepath.Join(dir, "sbom", name)))
			if why, ok := notCycloneDX[name]; ok {
				if err == nil {
					t.Errorf("read, though it is %s", why)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkInvariants(t, doc)
			got := map[string]int{"components": doc.Count(), "vulnerabilities_or_statements": doc.Statements}
			for i := range doc.Components {
				c := &doc.Components[i]
				for column, has := range map[string]bool{
					"with_purl": c.PURL != "", "with_cpe": len(c.CPE) > 0, "with_version": c.Version != "",
					"with_supplier": c.Supplier.Name != "" || c.Publisher().Name != "",
					"with_licence":  len(c.Licences) > 0, "with_hash": len(c.Hashes) > 0,
				} {
					if has {
						got[column]++
					}
				}
			}
			for column, want := range row {
				n, counted := got[column]
				if !counted && strings.HasPrefix(column, "with_") {
					counted = true
				}
				why, differs := otherCounts[name+" "+column]
				if counted && want != "" && (fmt.Sprint(n) != want) != differs {
					t.Errorf("%s: want %s, got %d (%s)", column, want, n, why)
				}
			}
		})
	}
	if files < 40 {
		t.Errorf("only %d CycloneDX files in the corpus", files)
	}
}

// identity is what the oracle and we must agree on.
type identity struct{ Group, Name, Version, PURL string }

func ours(doc *sbom.Document) []identity {
	var list []identity
	for i := range doc.Components {
		c := &doc.Components[i]
		list = append(list, identity{c.Group, c.Name, c.Version, c.PURL})
	}
	return list
}

// theirs flattens what cyclonedx-go reads in the order of ours: what hangs
// beneath metadata.component, then the list, each parent before its children.
func theirs(bom *cdx.BOM) []identity {
	var list []identity
	var walk func(components *[]cdx.Component)
	walk = func(components *[]cdx.Component) {
		if components == nil {
			return
		}
		for _, c := range *components {
			list = append(list, identity{
				strings.TrimSpace(c.Group), strings.TrimSpace(c.Name), strings.TrimSpace(c.Version), strings.TrimSpace(c.PackageURL),
			})
			walk(c.Components)
		}
	}
	if bom.Metadata != nil && bom.Metadata.Component != nil {
		walk(bom.Metadata.Component.Components)
	}
	walk(bom.Components)
	return list
}

// parts is what else the oracle and we must agree on.
type parts struct {
	Services        []string // references and names
	Vulnerabilities []string // ids, states, what they affect, what is fixed
	References      []string // type and URL, component by component
	Pedigree        [5]int   // ancestors, descendants, variants, commits, patches
	Evidence        int
	Signatures      int
}

func ourParts(doc *sbom.Document) parts {
	var p parts
	for _, s := range doc.Services {
		p.Services = append(p.Services, fmt.Sprint(s.Ref, "|", s.Name, "|", s.Version, "|", s.Provider.Name, "|", len(s.Endpoints)))
	}
	for _, v := range doc.Vulnerabilities {
		p.Vulnerabilities = append(p.Vulnerabilities, fmt.Sprint(v.ID, v.Aliases, v.State, v.Justification, v.Response, v.Affects, v.Fixed))
	}
	for _, c := range doc.All() {
		for _, r := range c.References {
			p.References = append(p.References, r.Type+" "+r.URL)
		}
		if g := c.Pedigree(); g != nil {
			for i, n := range [5]int{len(g.Ancestors), len(g.Descendants), len(g.Variants), len(g.Commits), len(g.Patches)} {
				p.Pedigree[i] += n
			}
		}
		for _, e := range c.Evidence() {
			if e.Field != "omniborId" {
				p.Evidence++
			}
		}
	}
	for _, s := range doc.Signatures {
		if s.Kind == sbom.JSF {
			p.Signatures++
		}
	}
	return p
}

// theirParts leaves metadata.component out if it stands among the components
// as well: it is one component then.
func theirParts(bom *cdx.BOM, listed bool) parts {
	var p parts
	for s := range theirServices(bom.Services) {
		var provider string
		if s.Provider != nil {
			provider = s.Provider.Name
		}
		p.Services = append(p.Services, fmt.Sprint(s.BOMRef, "|", s.Name, "|", s.Version, "|", provider, "|", len(list(s.Endpoints))))
	}
	for _, v := range list(bom.Vulnerabilities) {
		p.Vulnerabilities = append(p.Vulnerabilities, theirVulnerability(&v))
	}
	for c := range theirComponents(bom) {
		if listed && c == bom.Metadata.Component {
			continue
		}
		for _, r := range list(c.ExternalReferences) {
			if r.URL != "" {
				p.References = append(p.References, strings.TrimSpace(string(r.Type)+" "+strings.TrimSpace(r.URL)))
			}
		}
		if g := c.Pedigree; g != nil {
			for i, n := range [5]int{
				len(list(g.Ancestors)), len(list(g.Descendants)), len(list(g.Variants)), len(list(g.Commits)), len(list(g.Patches)),
			} {
				p.Pedigree[i] += n
			}
		}
		if c.Evidence != nil {
			p.Evidence += theirIdentities(c.Evidence.Identity)
		}
	}
	if bom.Signature != nil {
		p.Signatures = max(1, len(list(bom.Signature.Signers))+len(list(bom.Signature.Chain)))
	}
	return p
}

func theirVulnerability(v *cdx.Vulnerability) string {
	var aliases, responses, affects, fixed []string
	for _, r := range list(v.References) {
		aliases = append(aliases, r.ID)
	}
	var state, justification string
	if a := v.Analysis; a != nil {
		state, justification = string(a.State), string(a.Justification)
		for _, r := range list(a.Response) {
			responses = append(responses, string(r))
		}
	}
	for _, a := range list(v.Affects) {
		affects = append(affects, strings.TrimSpace(a.Ref))
		for _, r := range list(a.Range) {
			if r.Status == cdx.VulnerabilityStatusNotAffected {
				fixed = append(fixed, either(r.Version, r.Range))
			}
		}
	}
	return fmt.Sprint(v.ID, aliases, state, justification, responses, affects, fixed)
}

func either(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// list is what a pointer to a list holds.
func list[T any](p *[]T) []T {
	if p == nil {
		return nil
	}
	return *p
}

// theirComponents yields the subject and every component, each before those in it.
func theirComponents(bom *cdx.BOM) iter.Seq[*cdx.Component] {
	return func(yield func(*cdx.Component) bool) {
		var walk func(c *cdx.Component) bool
		walk = func(c *cdx.Component) bool {
			if !yield(c) {
				return false
			}
			for i := range list(c.Components) {
				if !walk(&(*c.Components)[i]) {
					return false
				}
			}
			return true
		}
		if bom.Metadata != nil && bom.Metadata.Component != nil && !walk(bom.Metadata.Component) {
			return
		}
		for i := range list(bom.Components) {
			if !walk(&(*bom.Components)[i]) {
				return
			}
		}
	}
}

func theirServices(services *[]cdx.Service) iter.Seq[*cdx.Service] {
	return func(yield func(*cdx.Service) bool) {
		var walk func(services *[]cdx.Service) bool
		walk = func(services *[]cdx.Service) bool {
			for i := range list(services) {
				if s := &(*services)[i]; !yield(s) || !walk(s.Services) {
					return false
				}
			}
			return true
		}
		walk(services)
	}
}

// oracleDiffers lists the files on which cyclonedx-go and we differ, with the
// reason. An entry that is no longer needed fails the test.
var oracleDiffers = map[string]string{
	"wild/cvebintool-swid.xml":               "a bare SWID tag: cyclonedx-go takes any root element; refused here",
	"wild/sbomgen-codeql-cbom14.cdx.json.gz": "specVersion 1.4-cbom-1.0: refused by cyclonedx-go, read here with a defect",
}

// TestOracle compares us with cyclonedx-go over the corpus: the same components
// in the same order.
func TestOracle(t *testing.T) {
	dir := corpus.Dir(t)
	for _, row := range corpus.Table(t, filepath.Join(dir, "sbom", "MANIFEST.tsv")) {
		name := row["path"]
		if row["format"] != "CycloneDX" || !strings.HasPrefix(name, "medical/") && !strings.HasPrefix(name, "wild/") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			text := plain(t, filepath.Join(dir, "sbom", name))
			problem := compare(text)
			why, listed := oracleDiffers[name]
			switch {
			case problem != "" && !listed:
				t.Error(problem)
			case problem == "" && listed:
				t.Errorf("no difference any more; it was listed for %q", why)
			}
		})
	}
}

// compare tells how cyclonedx-go's reading of a text differs from ours, "" if it does not.
func compare(text []byte) string {
	doc, err := decoded(text)
	format := cdx.BOMFileFormatJSON
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
		format = cdx.BOMFileFormatXML
	}
	var bom cdx.BOM
	theirErr := cdx.NewBOMDecoder(bytes.NewReader(text), format).Decode(&bom)
	if err != nil || theirErr != nil {
		return fmt.Sprintf("ours: %v; theirs: %v", err, theirErr)
	}
	want, got := theirs(&bom), ours(doc)
	if doc.SubjectListed && len(got) == len(want)+1 {
		got = got[1:] // the subject, put into the list since nothing else is
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return "(-cyclonedx-go +ours)\n" + diff
	}
	if diff := cmp.Diff(theirParts(&bom, doc.SubjectListed && bom.Components != nil && len(*bom.Components) > 0), ourParts(doc)); diff != "" {
		return "parts (-cyclonedx-go +ours)\n" + diff
	}
	if len(doc.Services) > 0 {
		return "" // edges to and from services are not in our model
	}
	dependencies := 0
	if bom.Dependencies != nil {
		for _, d := range *bom.Dependencies {
			if d.Dependencies != nil {
				dependencies += len(*d.Dependencies)
			}
		}
	}
	provides := 0
	for _, d := range doc.Dependencies {
		if d.Kind == sbom.Provides {
			provides++
		}
	}
	lost := doc.Defects.Counts[sbom.CodeDangling] + doc.Defects.Counts[sbom.CodeValue] // on nothing, on itself
	if n := len(doc.Dependencies) - provides; n > dependencies || (lost == 0 && n != dependencies) {
		return fmt.Sprintf("%d dependencies here, %d in cyclonedx-go", n, dependencies)
	}
	return ""
}

func theirIdentities(e *cdx.EvidenceIdentityChoice) int {
	switch {
	case e == nil:
		return 0
	case e.Identities != nil:
		return len(*e.Identities)
	case e.Identity != nil:
		return 1
	}
	return 0
}
