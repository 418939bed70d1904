// SPDX-License-Identifier: Apache-2.0

//go:build unix

package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v3/v3_0"
	"github.com/spdx/tools-golang/tagvalue"
	spdxyaml "github.com/spdx/tools-golang/yaml"

	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/cyclonedx"
	"github.com/medsbom/medsbom/sbom/spdx"
	"github.com/medsbom/medsbom/sbom/spdx3"
)

// readers are the lines of the table of readers.
var readers []reading

// A reading is what it costs to read one text, by us, by the library of that
// format, and as JSON that is only checked.
type reading struct {
	form               string
	size, components   int
	ours, peer, syntax speed
	library            string
}

// speed is the cost of reading a text once.
type speed struct {
	cpu    time.Duration
	allocs uint64
	bytes  uint64
}

// components is how many the documents have that are read.
const components = 5_000

// BenchmarkReaders reads the same software in every form beside the library of
// that form.
func BenchmarkReaders(b *testing.B) {
	prepare(b)
	inCycloneDX := generated(b, "cyclonedx")
	inSPDX := generated(b, "spdx")
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(inCycloneDX), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		b.Fatal(err)
	}
	var inXML bytes.Buffer
	if err := cdx.NewBOMEncoder(&inXML, cdx.BOMFileFormatXML).SetPretty(true).Encode(&bom); err != nil {
		b.Fatal(err)
	}
	doc, err := spdxjson.Read(bytes.NewReader(inSPDX))
	if err != nil {
		b.Fatal(err)
	}
	var inTags, inYAML bytes.Buffer
	if err := tagvalue.Write(doc, &inTags); err != nil {
		b.Fatal(err)
	}
	if err := spdxyaml.Write(doc, &inYAML); err != nil {
		b.Fatal(err)
	}
	for _, f := range []struct {
		form, library string
		text          []byte
		ours          func([]byte) (*sbom.Document, error)
		peer          func([]byte) error
	}{
		{
			"CycloneDX JSON", "cyclonedx-go", inCycloneDX,
			func(t []byte) (*sbom.Document, error) { return cyclonedx.DecodeJSON(t, cyclonedx.Options{}) },
			func(t []byte) error {
				return cdx.NewBOMDecoder(bytes.NewReader(t), cdx.BOMFileFormatJSON).Decode(new(cdx.BOM))
			},
		},
		{
			"CycloneDX XML", "cyclonedx-go", inXML.Bytes(),
			func(t []byte) (*sbom.Document, error) { return cyclonedx.DecodeXML(t, cyclonedx.Options{}) },
			func(t []byte) error {
				return cdx.NewBOMDecoder(bytes.NewReader(t), cdx.BOMFileFormatXML).Decode(new(cdx.BOM))
			},
		},
		{
			"SPDX 2 JSON", "tools-golang", inSPDX,
			func(t []byte) (*sbom.Document, error) { return spdx.DecodeJSON(t, spdx.Options{}) },
			func(t []byte) error { _, err := spdxjson.Read(bytes.NewReader(t)); return err },
		},
		{
			"SPDX 2 tag-value", "tools-golang", inTags.Bytes(),
			func(t []byte) (*sbom.Document, error) { return spdx.DecodeTagValue(t, spdx.Options{}) },
			func(t []byte) error { _, err := tagvalue.Read(bytes.NewReader(t)); return err },
		},
		{
			"SPDX 2 YAML", "tools-golang", inYAML.Bytes(),
			func(t []byte) (*sbom.Document, error) { return spdx.DecodeYAML(t, spdx.Options{}) },
			func(t []byte) error { _, err := spdxyaml.Read(bytes.NewReader(t)); return err },
		},
		{
			"SPDX 3 JSON-LD", "tools-golang", inSPDX3(components),
			func(t []byte) (*sbom.Document, error) { return spdx3.Decode(t, spdx3.Options{}) },
			func(t []byte) error { return (&v3_0.Document{}).FromJSON(bytes.NewReader(t)) },
		},
	} {
		b.Run(strings.ReplaceAll(f.form, " ", "-"), func(b *testing.B) {
			read, err := f.ours(f.text)
			if err != nil {
				b.Fatal(err)
			}
			if read.Count() < components {
				b.Fatalf("%d components, want %d", read.Count(), components)
			}
			for range b.N {
				r := reading{form: f.form, size: len(f.text), components: read.Count(), library: f.library}
				r.ours = cost(b, func() error { _, err := f.ours(f.text); return err })
				r.peer = cost(b, func() error { return f.peer(f.text) })
				if f.text[0] == '{' {
					r.syntax = cost(b, func() error {
						if !json.Valid(f.text) {
							return fmt.Errorf("%s: no JSON", f.form)
						}
						return nil
					})
				}
				b.ReportMetric(r.rate(r.ours), "MB/s")
				b.ReportMetric(r.peer.cpu.Seconds()/r.ours.cpu.Seconds(), "peer-cpu/ours")
				readers = append(readers, r)
			}
		})
	}
}

// generated is a document of the seeded generator.
func generated(b *testing.B, format string) []byte {
	b.Helper()
	file := filepath.Join(setup.dir, "readers."+format)
	generate(b, "--n", fmt.Sprint(components), "--seed", "7", "--format", format, "--out", file)
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// inSPDX3 makes a document of n packages, each with its supplier, hash, package
// URL and the relationship that contains it.
func inSPDX3(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-15T08:00:00Z","createdBy":["https://acme.example/acme"]},
{"type":"Organization","spdxId":"https://acme.example/acme","name":"Acme","creationInfo":"_:c"},
{"type":"SpdxDocument","spdxId":"https://acme.example/doc","name":"pump","creationInfo":"_:c","rootElement":["https://acme.example/p0"]}`)
	for i := range n {
		fmt.Fprintf(&b, `,
{"type":"software_Package","spdxId":"https://acme.example/p%[1]d","creationInfo":"_:c","name":"part-%[1]d","software_packageVersion":"1.%[1]d",
 "software_packageUrl":"pkg:npm/part-%[1]d@1.%[1]d","suppliedBy":"https://acme.example/acme","software_primaryPurpose":"library",
 "verifiedUsing":[{"type":"Hash","algorithm":"sha256","hashValue":"01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"}]},
{"type":"Relationship","spdxId":"https://acme.example/r%[1]d","creationInfo":"_:c","from":"https://acme.example/p0","to":["https://acme.example/p%[1]d"],"relationshipType":"dependsOn"}`, i)
	}
	b.WriteString("]}")
	return b.Bytes()
}

// cost is the median processor time of a reading on one processor, and what it
// allocates.
func cost(b *testing.B, read func() error) speed {
	b.Helper()
	var all []time.Duration
	var before, after runtime.MemStats
	spent := time.Duration(0)
	for spent < time.Second && len(all) < 15 || len(all) < 3 {
		runtime.GC()
		runtime.ReadMemStats(&before)
		from := processorTime(b)
		if err := read(); err != nil {
			b.Fatal(err)
		}
		took := processorTime(b) - from
		runtime.ReadMemStats(&after)
		all = append(all, took)
		spent += took
	}
	return speed{cpu: middle(all), allocs: after.Mallocs - before.Mallocs, bytes: after.TotalAlloc - before.TotalAlloc}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (r *reading) rate(s speed) float64 { return float64(r.size) / 1e6 / s.cpu.Seconds() }

// writeReaders writes the table of readers.
func writeReaders(out *bytes.Buffer) {
	if len(readers) == 0 {
		return
	}
	fmt.Fprintf(out, `
## Readers

The same %s components in every form, read in one process with all that the model keeps, beside the library of
the form, which checks less and keeps no places; and beside encoding/json's check of the syntax alone. Processor time
including the garbage collector's, medians.

| form | MB | medsbom MB/s | library MB/s | CPU ratio | json.Valid MB/s | allocations a component | library's | bytes a component | library's |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
`, "5,000")
	for _, r := range readers {
		syntax := "–"
		if r.syntax.cpu > 0 {
			syntax = fmt.Sprintf("%.0f", r.rate(r.syntax))
		}
		n := float64(r.components)
		fmt.Fprintf(out, "| %s, beside %s | %.1f | %.0f | %s | %s× | %s | %.2f | %.0f | %.0f | %.0f |\n",
			r.form, r.library, float64(r.size)/1e6, r.rate(r.ours), rounded(r.rate(r.peer)), rounded(r.peer.cpu.Seconds()/r.ours.cpu.Seconds()), syntax,
			float64(r.ours.allocs)/n, float64(r.peer.allocs)/n, float64(r.ours.bytes)/n, float64(r.peer.bytes)/n)
	}
}

func rounded(f float64) string {
	if f < 10 {
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.0f", f)
}
