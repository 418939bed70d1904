// SPDX-License-Identifier: Apache-2.0

// Package depcheck holds the architecture as a test: which package may import
// which, and what the library packages must never link.
package depcheck

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/medsbom/medsbom"

// allowed is the import table: imports point one way, and a new arrow is a
// decision that belongs here. "*" may import everything of ours.
var allowed = map[string][]string{
	"cmd/medsbom":         {"internal/cli"},
	"internal/arena":      {},
	"internal/cel":        {},
	"internal/cli":        {"*"},
	"internal/corpus":     {}, // only by tests
	"internal/csaf":       {"internal/jsonpull"},
	"internal/device":     {},
	"internal/durable":    {},
	"internal/inspect":    {"sbom", "sbom/reader", "internal/page"},
	"internal/jsonpull":   {},
	"internal/measure":    {},
	"internal/notation":   {},
	"internal/page":       {"internal/safetext"},
	"internal/program":    {},
	"internal/safetext":   {},
	"sbom":                {"internal/notation"},
	"internal/transcript": {"sbom"},
	"internal/xmlpull":    {"internal/notation"},
	"sbom/cyclonedx":      {"sbom", "internal/arena", "internal/jsonpull", "internal/notation", "internal/transcript", "internal/xmlpull"},
	"sbom/spdx":           {"sbom", "internal/arena", "internal/jsonpull", "internal/notation", "internal/transcript", "internal/xmlpull"},
	"sbom/spdx3":          {"sbom", "internal/arena", "internal/jsonpull", "internal/notation"},
	"sbom/partslist":      {"sbom", "internal/notation", "internal/xmlpull"},
	"sbom/signature":      {"sbom", "internal/jsonpull", "internal/notation"},
	"sbom/reader": {
		"sbom", "sbom/cyclonedx", "sbom/spdx", "sbom/spdx3", "sbom/partslist", "sbom/signature", "internal/jsonpull",
		"internal/notation",
	},
	"purl":                   {"version"},
	"version":                {},
	"vulndb":                 {"purl", "version", "vulndb/internal/layout", "internal/device"},
	"vulndb/internal/layout": {},
	"vulndb/build": {
		"vulndb", "vulndb/internal/layout", "purl", "version", "internal/jsonpull", "internal/durable", "internal/csaf", "internal/device", "internal/program",
	},
	"vulndb/bundle":     {"vulndb", "internal/durable", "sbom", "sbom/signature"}, // signed like SBOMs, in DSSE
	"vulndb/starter":    {"vulndb", "vulndb/build", "internal/jsonpull"},
	"match":             {"sbom", "purl", "vulndb", "version"},
	"dossier":           {"sbom"},
	"support":           {"sbom", "purl", "vulndb"}, // purl: what a component was identified as
	"risk":              {},
	"policy":            {"internal/cel"},
	"assessment":        {},
	"assessment/schema": {},
	"vulndb/update":     {"vulndb", "vulndb/build", "internal/durable", "internal/jsonpull"},
	"scan": {
		"sbom", "sbom/reader", "purl", "vulndb", "match", "dossier", "risk", "policy", "assessment", "support",
		"internal/arena", "internal/device",
	},
	"report": {"assessment", "internal/page", "internal/safetext"},
}

// libraries may be imported by others; these must not come with them.
var heavy = []string{
	"github.com/google/osv-scanner", "github.com/spf13/cobra", "github.com/sigstore", "github.com/jackc/pgx",
	"modernc.org/sqlite", "net/http",
	"cel.dev/cel-go", "google.golang.org/protobuf/reflect/protoregistry", // only the oracle of tests
}

type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps=false", "-json=ImportPath,Dir,GoFiles,Imports,Deps", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		// go list reads these in a process of its own; that the test looks at them
		// too lets no result of before stand for changed files.
		for _, name := range p.GoFiles {
			if _, err := os.Stat(filepath.Join(p.Dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, p)
	}
}

func TestImportsPointOneWay(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if len(p.Imports) == 0 {
			continue // tests only
		}
		may, known := allowed[name]
		if !known {
			t.Errorf("package %s is not in the import table", name)
			continue
		}
		seen[name] = true
		for _, imported := range p.Imports {
			ours, ok := strings.CutPrefix(imported, module+"/")
			if ok && !slices.Contains(may, ours) && !slices.Contains(may, "*") {
				t.Errorf("%s imports %s, which the table does not allow", name, ours)
			}
		}
	}
	for name := range allowed {
		if !seen[name] && len(allowed[name]) > 0 {
			t.Errorf("the table names %s, which is not there", name)
		}
	}
}

// TestScanStaysOffline: what reads, matches and reports cannot reach the network.
func TestScanStaysOffline(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		if name == "vulndb/update" || name == "internal/cli" || strings.HasPrefix(name, "cmd/") {
			continue
		}
		if slices.Contains(p.Deps, module+"/vulndb/update") {
			t.Errorf("%s links vulndb/update", name)
		}
	}
}

func TestLibrariesStayLight(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		if name == "internal/cli" || strings.HasPrefix(name, "cmd/") {
			continue
		}
		online := name == "vulndb/update" // the one library that fetches
		for _, dep := range p.Deps {
			if online && dep == "net/http" || online && strings.HasPrefix(dep, "net/http/") {
				continue
			}
			if i := slices.IndexFunc(heavy, func(h string) bool { return strings.HasPrefix(dep, h) }); i >= 0 {
				t.Errorf("%s links %s", name, dep)
			}
		}
	}
}
