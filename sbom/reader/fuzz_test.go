// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// FuzzRead holds what Read promises of any bytes: a Document or one of the
// errors that callers know, in bounded memory, the same twice; and never that a
// broken SBOM is called a stranger by one and read by the other.
func FuzzRead(f *testing.F) {
	for _, text := range []string{cycloneJSON, cycloneXML, spdxJSON, spdxTags} {
		f.Add([]byte(text))
		f.Add(zipped(text))
		f.Add(archive("a.json", text, "b", "x"))
		f.Add(utf16Text(text, binary.LittleEndian, true))
		f.Add(utf16Text(text, binary.BigEndian, false))
	}
	names, err := filepath.Glob(filepath.Join(corpus.Root(f), "sbom", "malformed", "*", "*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil && len(data) < 10_000 {
			f.Add(data)
		}
	}
	opts := Options{MaxBytes: 1 << 20, MaxDepth: 50, MaxComponents: 1000, MaxEntries: 50}
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = Sniff(data)
		doc, err := Read(bytes.NewReader(data), "x", opts)
		again, errAgain := Read(bytes.NewReader(data), "x", opts)
		if diff := cmp.Diff(doc, again); diff != "" || (err == nil) != (errAgain == nil) {
			t.Fatalf("read twice, two results: %v, %v\n%s", err, errAgain, diff)
		}
		var broken *sbom.SyntaxError
		var other *NotSBOMError
		switch {
		case err == nil:
			if doc == nil || !strings.HasPrefix(doc.Path, "x") || len(doc.SHA256) != 64 {
				t.Fatalf("read %+v", doc)
			}
		case doc != nil:
			t.Fatal("a document and an error")
		case errors.As(err, &other):
			if other.Reason == "" || other.Kind == "" {
				t.Fatalf("error %+v", other)
			}
		case errors.As(err, &broken):
			if broken.Message == "" {
				t.Fatalf("error %+v", broken)
			}
		default:
			t.Fatalf("error of no kind that callers know: %#v", err)
		}
	})
}
