// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// published are the signed documents of the conformance suites, with what their
// signatures are worth. One alone is a real signature: CycloneDX copied it into
// the samples of later versions, whose specVersion it does not fit.
var published = map[string]string{
	"valid-signatures-1.4.json":          intact,
	"valid-signatures-1.5.json":          misfit,
	"valid-signatures-1.6.json":          misfit,
	"valid-signatures-1.7.json":          misfit,
	"cdx-1-7-valid-sbom.cdx.json":        misfit,
	"valid-attestation-1.6.json":         "failed: the signature cannot be read: value is not Base64url", // "tqIT...", as the others there
	"valid-attestation-1.7.json":         "failed: the signature cannot be read: value is not Base64url",
	"cdx-with-complete-signature.json":   "failed: the signature cannot be read: certificatePath[0] is not a certificate in Base64url",
	"cdx-with-incomplete-signature.json": "failed: the signature cannot be read: value is missing",
	"cdx-with-ec-signature.json":         misfit, // the key of RFC 7517's sample with a value of no key
	"cdx-with-multiple-signers.json":     misfit,
	"cdx-with-signature-no-key.json":     noKey,
}

func TestPublished(t *testing.T) {
	zips, err := filepath.Glob(filepath.Join(corpus.Dir(t, "sbom", "conformance"), "*.zip"))
	if err != nil || len(zips) == 0 {
		t.Fatal(zips, err)
	}
	met := map[string]bool{}
	for _, name := range zips {
		eachFile(t, name, func(name string, text []byte) {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
			if found, err := findJSF(text); err != nil || found == nil || !bytes.Contains(text, []byte("CycloneDX")) {
				return
			}
			base := filepath.Base(name)
			met[base] = true
			if diff := cmp.Diff([]string{published[base]}, outcome(t, text, nil)); diff != "" {
				t.Errorf("%s: (-want +got)\n%s", name, diff)
			}
		})
	}
	for name := range published {
		if !met[name] {
			t.Errorf("%s is not in the corpus", name)
		}
	}
}

func eachFile(t *testing.T, name string, do func(name string, text []byte)) {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, entry := range z.File {
		if !strings.HasSuffix(entry.Name, ".json") || strings.Contains(entry.Name, "schema") {
			continue
		}
		r, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		do(filepath.Base(name)+"/"+entry.Name, text)
	}
}

func TestMalformedEnvelope(t *testing.T) {
	text, err := os.ReadFile(corpus.Dir(t, "sbom", "malformed", "encoding", "dsse-in-toto.cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	kind, payload, signatures, err := Envelope(text, nil)
	if err != nil || kind != payloadType || !bytes.HasPrefix(payload, []byte(`{"_type": "https://in-toto.io/Statement/v1"`)) {
		t.Fatalf("%s, %.60s, %v", kind, payload, err)
	}
	want := []sbom.Signature{{Kind: sbom.DSSE, State: sbom.SignatureUnverified, Reason: reasonNoKey, Position: signatures[0].Position}}
	if diff := cmp.Diff(want, signatures); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCorpusCanonical canonicalises every JSON document of the corpus, and
// compares with the other implementation.
func TestCorpusCanonical(t *testing.T) {
	dir := corpus.Dir(t, "sbom")
	n := 0
	for _, pattern := range []string{"medical/*.json", "wild/*.json", "malformed/*/*.json"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(text) > 4<<20 || len(text) == 0 || text[0] != '{' {
				continue
			}
			agree(t, text)
			n++
		}
	}
	if n < 100 {
		t.Errorf("only %d documents", n)
	}
}
