// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

var update = flag.Bool("update", false, "write the table of docs/matching.md anew")

func (r *recallRow) fileName() string {
	if r.file != "" {
		return r.file
	}
	return "delivery.cdx.json"
}

func (f filed) record() string { return strings.ReplaceAll(f.text, gitExample, curlRepository) }

// gitExample is the repository that ranges writes.
const gitExample = "https://git.example.org/r"

func recallDB(t *testing.T) *vulndb.DB {
	t.Helper()
	list := make([]filed, len(recallRecords))
	for i, f := range recallRecords {
		list[i] = filed{f.ecosystem, f.record()}
	}
	data, report, err := build.FromRecords(build.Memory{Kind: vulndb.KindFull, Records: each(list)})
	if err != nil {
		t.Fatal(err)
	}
	if report.Refused > 0 {
		t.Fatalf("records refused: %v", report.OddityList)
	}
	db, err := vulndb.OpenBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TestRecall holds what medsbom says of each case of the table.
func TestRecall(t *testing.T) {
	db := recallDB(t)
	for _, row := range recallRows {
		t.Run(row.name, func(t *testing.T) {
			doc, err := reader.Read(strings.NewReader(row.document), row.fileName(), reader.Options{})
			if err != nil {
				t.Fatal(err)
			}
			result, err := match.New(db).Match(doc)
			if err != nil {
				t.Fatal(err)
			}
			var ids, states []string
			for _, f := range result.Findings {
				for _, a := range f.Records {
					id := db.Advisory(a.Advisory).ID
					if f.Confidence == purl.Possible {
						id += " (possible)"
					}
					ids = append(ids, id)
				}
			}
			for _, c := range result.Components {
				states = append(states, c.State.String())
			}
			slices.Sort(states)
			if got := found(ids) + "; " + strings.Join(slices.Compact(states), ", "); got != row.ours {
				t.Errorf("want %q, got %q", row.ours, got)
			}
		})
	}
}

func found(ids []string) string {
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return "nothing"
	}
	return strings.Join(ids, ", ")
}

// peer is osv-scanner's binary: OSV_SCANNER, or bin/tools of this module.
func peer(t *testing.T) string {
	t.Helper()
	path := os.Getenv("OSV_SCANNER")
	if path == "" {
		path = filepath.Join("..", "bin", "tools", "osv-scanner")
	}
	path, err := exec.LookPath(path)
	if err != nil {
		t.Skip("no osv-scanner: set OSV_SCANNER to its binary, v2.5.0")
	}
	if path, err = filepath.Abs(path); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil || !strings.Contains(string(out), " 2.5.0") {
		t.Skipf("osv-scanner is not v2.5.0, for which the table is: %s", out)
	}
	return path
}

// TestRecallOfPeer holds the other column of the table against osv-scanner
// itself, offline, on the same records.
func TestRecallOfPeer(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a process for each case")
	}
	binary, root := peer(t), t.TempDir()
	writeZips(t, root)
	for i, row := range recallRows {
		t.Run(row.name, func(t *testing.T) {
			// Not in a folder named for the case: osv-scanner splits the path at commas.
			file := filepath.Join(root, fmt.Sprint(i), row.fileName())
			if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(row.document), 0o600)); err != nil {
				t.Fatal(err)
			}
			args := []string{"scan", "source", "--offline"}
			if row.args != nil {
				args = append([]string{"scan", "source"}, row.args...)
			}
			cmd := exec.Command(binary, append(args, "--local-db-path", root, "--format", "json", "-L", file)...)
			cmd.Dir = root
			var stdout bytes.Buffer
			cmd.Stdout = &stdout
			code := 0
			if err := cmd.Run(); err != nil {
				var exit *exec.ExitError
				if !errors.As(err, &exit) {
					t.Fatal(err)
				}
				code = exit.ExitCode()
			}
			if got := fmt.Sprintf("%s; exit %d", found(peerIDs(t, stdout.Bytes())), code); got != row.theirs {
				t.Errorf("want %q, got %q", row.theirs, got)
			}
		})
	}
}

func peerIDs(t *testing.T, text []byte) (ids []string) {
	t.Helper()
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	var report struct {
		Results []struct {
			Packages []struct {
				Vulnerabilities []struct {
					ID string `json:"id"`
				} `json:"vulnerabilities"`
			} `json:"packages"`
		} `json:"results"`
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	for _, r := range report.Results {
		for _, p := range r.Packages {
			for _, v := range p.Vulnerabilities {
				ids = append(ids, v.ID)
			}
		}
	}
	return ids
}

// writeZips files the records as OSV's bucket does, where osv-scanner looks.
func writeZips(t *testing.T, root string) {
	t.Helper()
	buffers, writers := map[string]*bytes.Buffer{}, map[string]*zip.Writer{}
	for _, f := range recallRecords {
		if writers[f.ecosystem] == nil {
			buffers[f.ecosystem] = new(bytes.Buffer)
			writers[f.ecosystem] = zip.NewWriter(buffers[f.ecosystem])
		}
		text := f.record()
		id := strings.Split(text, `"`)[3]
		w, err := writers[f.ecosystem].Create(id + ".json")
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for ecosystem, w := range writers {
		dir := filepath.Join(root, "osv-scalibr", ecosystem)
		if err := errors.Join(w.Close(), os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "all.zip"), buffers[ecosystem].Bytes(), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	tableBegin = "<!-- recall table: written by go test ./match -run TestRecallTable -update -->\n"
	tableEnd   = "<!-- end of recall table -->\n"
)

// TestRecallTable holds the table of docs/matching.md against the rows.
func TestRecallTable(t *testing.T) {
	var b strings.Builder
	b.WriteString(tableBegin + "| case | there is | medsbom | osv-scanner v2.5.0 |\n| --- | --- | --- | --- |\n")
	for _, row := range recallRows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", row.name, row.want, row.ours, row.theirs)
	}
	b.WriteString(tableEnd)
	path := filepath.Join("..", "docs", "matching.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), tableBegin)
	table, after, closed := strings.Cut(rest, tableEnd)
	if !ok || !closed {
		t.Fatalf("%s has no place for the table", path)
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+b.String()+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(b.String(), tableBegin+table+tableEnd); d != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, d)
	}
}
