// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/osv-scanner/v2/pkg/osvscanner"
	"github.com/package-url/packageurl-go"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/vulndb"
)

// corpusFiles are the published SBOMs.
func corpusFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, folder := range []string{"medical", "wild"} {
		dir := dataDir(t, "sbom", folder)
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !e.IsDir() && !strings.HasSuffix(e.Name(), ".zip") {
				files = append(files, filepath.Join(dir, e.Name()))
			}
		}
	}
	return files
}

// TestCorpus compares what we say of a published SBOM as it is with what the
// engine says of the same components, written with their full names: matching is
// compared, not reading.
func TestCorpus(t *testing.T) {
	data, db := load(t), database(t)
	dir := t.TempDir()
	e, err := newEngine(dir, data)
	if err != nil {
		t.Fatal(err)
	}
	total := newTally()
	unread, without, found := 0, 0, 0
	for _, file := range corpusFiles(t) {
		doc, err := reader.ReadFile(file, reader.Options{})
		if err != nil {
			unread++
			continue
		}
		mine, err := ours(db, file)
		if err != nil {
			t.Fatal(err)
		}
		list, judged, rest := fullNames(doc, mine)
		without += len(rest)
		for _, j := range rest {
			found += len(j.found)
		}
		if err := total.scan(e, dir, list, judged); err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
	total.report(t, "corpus")
	facts := fmt.Sprintf("%d documents not read\n%d components that osv-scanner has no package URL of, %d findings of medsbom for them\n", unread, without, found)
	t.Log(facts)
	holdText(t, "corpus-documents", facts)
}

func (t *tally) scan(e *engine, dir string, list []component, judged []*judgement) error {
	file := filepath.Join(dir, "bom.json")
	if err := writeBOM(file, list); err != nil {
		return err
	}
	if err := e.use(namesOf(list)); err != nil {
		return err
	}
	theirs, err := e.scan(file, list)
	if err != nil {
		return err
	}
	for i := range list {
		t.component(e.data, &list[i], judged[i], theirs[i], false)
	}
	return nil
}

// fullNames gives the components that have a package URL, under the names and
// versions of their surest identity; rest are the judgements of the others.
func fullNames(doc *sbom.Document, mine []judgement) (list []component, judged []*judgement, rest []*judgement) {
	at := 0
	for _, c := range doc.All() {
		j := &mine[at]
		at++
		u, err := packageurl.FromString(c.PURL)
		if err != nil || len(j.component.Identities) == 0 {
			rest = append(rest, j)
			continue
		}
		id := &j.component.Identities[0]
		ecosystem := id.Ecosystem
		if id.Release != "" {
			ecosystem += ":" + id.Release
		}
		name := u.Name
		switch {
		case u.Type == "deb" || u.Type == "apk" || u.Type == "rpm" || u.Namespace == "":
		case u.Type == "maven":
			name = u.Namespace + ":" + u.Name
		default:
			name = u.Namespace + "/" + u.Name
		}
		v := u.Version
		if v == "" {
			v = c.Version
		}
		list = append(list, component{
			key: key{ecosystem, purl.FoldName(id.Ecosystem, id.Name)}, name: name, version: id.Version, field: v, purl: c.PURL,
		})
		judged = append(judged, j)
	}
	return list, judged, rest
}

// TestCorpusAsItIs holds what the engine finds in the published files themselves
// against what it finds in the same components under their full names: each
// difference comes from the name that it read.
func TestCorpusAsItIs(t *testing.T) {
	data, db := load(t), database(t)
	dir := t.TempDir()
	e, err := newEngine(dir, data)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, file := range corpusFiles(t) {
		if err := e.asItIs(t, file, dir, db, counts); err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "%d %s\n", counts[name], name)
	}
	t.Log(b.String())
	if n := counts[unexplained]; n > 0 {
		t.Errorf("%d findings differ under the same name and version", n)
	}
	holdText(t, "corpus-as-it-is", b.String())
}

const unexplained = "findings: differ under the same name and version"

// accepted is the name under which the engine reads such a document; "" if it
// reads none such.
func accepted(doc *sbom.Document) string {
	switch {
	case doc.Format == sbom.CycloneDX && doc.Encoding == sbom.JSON:
		return "x.cdx.json"
	case doc.Format == sbom.CycloneDX && doc.Encoding == sbom.XML:
		return "x.cdx.xml"
	case doc.Format == sbom.SPDX && doc.Encoding == sbom.JSON:
		return "x.spdx.json"
	case doc.Format == sbom.SPDX && doc.Encoding == sbom.YAML:
		return "x.spdx.yml"
	case doc.Format == sbom.SPDX && doc.Encoding == sbom.RDF:
		return "x.spdx.rdf"
	case doc.Format == sbom.SPDX && doc.Encoding == sbom.TagValue:
		return "x.spdx"
	}
	return ""
}

func (e *engine) asItIs(t *testing.T, file, dir string, db *vulndb.DB, counts map[string]int) error {
	doc, err := reader.ReadFile(file, reader.Options{})
	if err != nil {
		return nil //nolint:nilerr // counted by TestCorpus
	}
	mine, err := ours(db, file)
	if err != nil {
		return err
	}
	name := accepted(doc)
	if name == "" || len(doc.Wrapping) > 1 {
		counts["documents: no format of osv-scanner"]++
		return nil
	}
	path := filepath.Join(dir, name)
	if err := expand(file, path); err != nil {
		return err
	}
	defer os.Remove(path)
	list, _, _ := fullNames(doc, mine)
	// What it may look up when it reads the names of the file: the full one, the
	// last element, the component's own.
	names := namesOf(list)
	for i := range list {
		eco := string(engineEcosystem(list[i].purl).Ecosystem)
		if eco == "" {
			continue
		}
		for _, sep := range []string{"/", ":"} {
			last := list[i].name[strings.LastIndex(list[i].name, sep)+1:]
			names[eco] = append(names[eco], purl.FoldName(eco, last))
		}
		if eco == "Go" {
			names[eco] = append(names[eco], "stdlib")
		}
	}
	for _, c := range doc.All() {
		if eco := string(engineEcosystem(c.PURL).Ecosystem); eco != "" {
			names[eco] = append(names[eco], purl.FoldName(eco, c.Name))
		}
	}
	if err := e.use(names); err != nil {
		return err
	}
	raw, err := e.read(path)
	if err != nil {
		counts["documents: osv-scanner cannot read them"]++
		return nil
	}
	counts["documents: read by osv-scanner"]++
	full := filepath.Join(dir, "bom.json")
	if err := writeBOM(full, list); err != nil {
		return err
	}
	named, err := e.read(full)
	if err != nil {
		return fmt.Errorf("under full names: %w", err)
	}
	right := map[string]map[string]map[string]bool{} // package URL, name and version, ids
	for at, ids := range named {
		if right[at.purl] == nil {
			right[at.purl] = map[string]map[string]bool{}
		}
		right[at.purl][at.name+"\x00"+at.version] = ids
	}
	known := map[string]map[string]bool{} // package URL, then name and version as written in full
	for i := range list {
		at := placeOf(&list[i])
		if known[at.purl] == nil {
			known[at.purl] = map[string]bool{}
		}
		known[at.purl][at.name+"\x00"+at.version] = true
	}
	seen := map[string]bool{}
	for at, ids := range raw {
		same := known[at.purl][at.name+"\x00"+at.version]
		want := right[at.purl][at.name+"\x00"+at.version]
		seen[at.purl] = true
		if !same {
			want = anyOf(right[at.purl])
		}
		for id := range ids {
			switch {
			case want[id]:
				counts["findings: the same"]++
			case same:
				counts[unexplained]++
				t.Logf("%s: %v %s", filepath.Base(file), at, id)
			default:
				counts["findings: only under the name that it read, wrong"]++
			}
		}
		for id := range want {
			switch {
			case ids[id]:
			case same:
				counts[unexplained]++
				t.Logf("%s: %v lacks %s", filepath.Base(file), at, id)
			default:
				counts["findings: lost by the name that it read"]++
			}
		}
	}
	for u, versions := range right {
		if !seen[u] {
			counts["findings: lost by the name that it read"] += len(anyOf(versions))
		}
	}
	return nil
}

func anyOf(versions map[string]map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, ids := range versions {
		maps.Copy(all, ids)
	}
	return all
}

// read gives the findings of a file by what the engine keeps of the component.
func (e *engine) read(file string) (found map[place]map[string]bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			found, err = nil, fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	result, err := osvscanner.DoScan(e.actions(file))
	if err != nil && !errors.Is(err, osvscanner.ErrVulnerabilitiesFound) && !errors.Is(err, osvscanner.ErrNoPackagesFound) {
		return nil, err
	}
	found = map[place]map[string]bool{}
	for _, source := range result.Results {
		for i := range source.Packages {
			p := &source.Packages[i]
			at := placeIn(p.Package.Inventory)
			if found[at] == nil {
				found[at] = map[string]bool{}
			}
			for _, v := range p.Vulnerabilities {
				found[at][v.GetId()] = true
			}
		}
	}
	return found, nil
}

// expand copies a file that may be compressed.
func expand(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if strings.HasSuffix(from, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			return err
		}
		if text, err = io.ReadAll(z); err != nil {
			return err
		}
	}
	return os.WriteFile(to, text, 0o644)
}
