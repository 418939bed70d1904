// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

// outcome is one item in words.
func outcome(item Item) string {
	if doc := item.Document; doc != nil {
		return fmt.Sprintf("%s: %d", item.Path, doc.Count())
	}
	return item.Path + ": " + item.Err.Error()
}

func outcomes(data []byte, opts Options) []string {
	var all []string
	for item := range Items(bytes.NewReader(data), "x.zip", opts) {
		all = append(all, outcome(item))
	}
	return all
}

func TestArchive(t *testing.T) {
	deep := string(archive("c.json", cycloneJSON))
	for range 3 {
		deep = string(archive("inner.zip", deep))
	}
	tests := []struct {
		name string
		data []byte
		opts Options
		want []string
	}{
		{
			"two and a stranger", archive("read me.txt", "hello", "a.json", cycloneJSON, "b/", "", "b/c.spdx", spdxTags),
			Options{},
			[]string{"x.zip!/read me.txt: text of no SBOM format that is known", "x.zip!/a.json: 1", "x.zip!/b/c.spdx: 1"},
		},
		{
			"one name twice", archive("a", cycloneJSON, "a", spdxJSON),
			Options{},
			[]string{"x.zip!/a: 1", "x.zip!/a#2: 1"},
		},
		{
			"none", archive("read me.txt", "hello"),
			Options{},
			[]string{"x.zip!/read me.txt: text of no SBOM format that is known", "x.zip: a zip archive with no SBOM in it"},
		},
		{"nothing", archive(), Options{}, []string{"x.zip: a zip archive with no SBOM in it"}},
		{
			"broken beside whole", archive("a", cycloneJSON[:50], "b", cycloneJSON),
			Options{},
			[]string{"x.zip!/a: line 1, column 46: malformed JSON: the text ends inside this string", "x.zip!/b: 1"},
		},
		{"an archive in an archive", archive("a.zip", string(archive("b", cycloneJSON))), Options{}, []string{"x.zip!/a.zip!/b: 1"}},
		{"archives all the way down", []byte(deep), Options{}, []string{"x.zip!/inner.zip!/inner.zip!/inner.zip: compressed, archived or wrapped more than three times"}},
		{"too many entries", archive("a", "1", "b", "2", "c", "3"), Options{MaxEntries: 2}, []string{"x.zip: a zip archive with more than 2 entries"}},
		{"cut off", archive("a", cycloneJSON)[:60], Options{}, []string{"x.zip: damaged zip data: zip: not a valid zip file"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, outcomes(tt.data, tt.opts)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestArchiveStops holds that a caller who has enough gets no more.
func TestArchiveStops(t *testing.T) {
	met := 0
	for range Items(bytes.NewReader(archive("a", cycloneJSON, "b", cycloneJSON)), "x.zip", Options{}) {
		met++
		break
	}
	if met != 1 {
		t.Errorf("%d items", met)
	}
}

func TestSeveralAreNotOne(t *testing.T) {
	if _, err := Read(bytes.NewReader(archive("a", cycloneJSON, "b", cycloneJSON)), "x.zip", Options{}); err == nil || err.Error() != "an archive with several SBOMs" {
		t.Errorf("error %v", err)
	}
	for name, data := range map[string][]byte{
		"broken first": archive("a", cycloneJSON[:50], "b", cycloneJSON), "broken last": archive("a", cycloneJSON, "b", cycloneJSON[:50]),
	} {
		if doc, err := Read(bytes.NewReader(data), "x.zip", Options{}); doc != nil || err == nil || !strings.Contains(err.Error(), "malformed JSON") {
			t.Errorf("%s: document %v, error %v", name, doc, err)
		}
	}
	if doc, err := Read(bytes.NewReader(archive("a", cycloneJSON, "read me.txt", "hello")), "x.zip", Options{}); doc == nil || err != nil {
		t.Errorf("beside a stranger: error %v", err)
	}
}

// TestEntryOutside holds that a path that leads out is said, and only said.
func TestEntryOutside(t *testing.T) {
	for _, name := range []string{"../../a.json", "/etc/a.json", `..\a.json`, `c:\a.json`, "a/../../b.json"} {
		doc, err := Read(bytes.NewReader(archive(name, cycloneJSON)), "x.zip", Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if doc.Defects.Counts[sbom.CodeWrapping] != 1 {
			t.Errorf("%s: nothing is said: %+v", name, doc.Defects)
		}
	}
	doc, err := Read(bytes.NewReader(archive("a/b/../c.json", cycloneJSON)), "x.zip", Options{})
	if err != nil || doc.Defects.Counts[sbom.CodeWrapping] != 0 {
		t.Errorf("a harmless path: %v, %+v", err, doc)
	}
}

// TestEntryName holds that names of any length and bytes are kept short and valid.
func TestEntryName(t *testing.T) {
	doc, err := Read(bytes.NewReader(archive(strings.Repeat("é\xff", 5000), cycloneJSON)), "x.zip", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Path) > 300 || strings.ToValidUTF8(doc.Path, "") != doc.Path {
		t.Errorf("path of %d bytes: %q", len(doc.Path), doc.Path)
	}
}

func TestEncryptedEntry(t *testing.T) {
	data := archive("a.cdx.json", cycloneJSON)
	for _, signature := range []string{"PK\x03\x04", "PK\x01\x02"} {
		at := bytes.Index(data, []byte(signature)) + map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8}[signature]
		data[at] |= 1
	}
	if got := outcomes(data, Options{}); !slices.Equal(got, []string{"x.zip!/a.cdx.json: an encrypted entry of a zip archive"}) {
		t.Errorf("%q", got)
	}
}

// TestArchiveBomb holds that all entries together have one budget.
func TestArchiveBomb(t *testing.T) {
	var parts []string
	for i := range 40 {
		parts = append(parts, fmt.Sprintf("%d.json", i), cycloneJSON+strings.Repeat(" ", 1<<20))
	}
	read, refused := 0, 0
	for item := range Items(bytes.NewReader(archive(parts...)), "x.zip", Options{}) {
		if item.Err == nil {
			read++
			continue
		}
		refused++
		if e, ok := errors.AsType[*sbom.SyntaxError](item.Err); !ok || !strings.Contains(e.Message, "expands to more than 200 times") {
			t.Fatalf("%s: %v", item.Path, item.Err)
		}
	}
	if read < 8 || read > 10 || refused == 0 {
		t.Errorf("%d read, %d refused", read, refused)
	}
}

// TestArchiveBombSpends holds that what is expanded in vain is spent too: an
// archive whose entries are all damaged, or each too large, is not expanded as
// often as it has entries.
func TestArchiveBombSpends(t *testing.T) {
	var parts []string
	for i := range 40 {
		parts = append(parts, fmt.Sprintf("%d.json", i), cycloneJSON+strings.Repeat(" ", 1<<20))
	}
	damaged := archive(parts...)
	for at := 0; ; at += 4 {
		next := bytes.Index(damaged[at:], []byte("PK\x01\x02"))
		if next < 0 {
			break
		}
		at += next
		damaged[at+16] ^= 1 // the checksum in the central directory
	}
	large := archive("a.json", strings.Repeat(" ", 9<<20), "b.json", cycloneJSON)
	for name, tt := range map[string]struct {
		data  []byte
		items int
	}{"damaged": {damaged, 10}, "too large": {large, 1}} {
		items := slices.Collect(Items(bytes.NewReader(tt.data), "x.zip", Options{}))
		if last := items[len(items)-1]; len(items) > tt.items || !strings.Contains(fmt.Sprint(last.Err), "expands to more than 200 times") {
			t.Errorf("%s: %d items, the last: %v", name, len(items), last.Err)
		}
	}
}

// TestArchiveHides holds that an entry does not vanish because its name is that
// of a folder, or because the directory of the archive does not list it.
func TestArchiveHides(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.CreateRaw(&zip.FileHeader{
		Name: "a.json/", CRC32: crc32.ChecksumIEEE([]byte(cycloneJSON)),
		CompressedSize64: uint64(len(cycloneJSON)), UncompressedSize64: uint64(len(cycloneJSON)),
	})
	_, _ = io.WriteString(w, cycloneJSON)
	_ = z.Close()
	if diff := cmp.Diff([]string{"x.zip!/a.json/: an entry of a zip archive that is named as a folder and has content"}, outcomes(b.Bytes(), Options{})); diff != "" {
		t.Errorf("folder (-want +got)\n%s", diff)
	}
	hidden := archive("hidden.json", spdxJSON)
	whole := archive("a.json", cycloneJSON)
	for name, data := range map[string][]byte{"hidden": append(hidden[:bytes.Index(hidden, []byte("PK\x01\x02"))], whole...), "whole": whole} {
		doc, err := Read(bytes.NewReader(data), "x.zip", Options{})
		if err != nil || (doc.Defects.Counts[sbom.CodeWrapping] == 1) != (name == "hidden") {
			t.Errorf("%s: %v, %+v", name, err, doc)
		}
	}
}

func TestUnknownMethod(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.CreateRaw(&zip.FileHeader{Name: "a.cdx.json", Method: 14})
	_, _ = io.WriteString(w, "x")
	_ = z.Close()
	if got := outcomes(b.Bytes(), Options{}); len(got) != 1 || !strings.Contains(got[0], "compression method 14") {
		t.Errorf("%q", got)
	}
}
