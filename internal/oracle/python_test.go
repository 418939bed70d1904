// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/purl"
)

// pythonVersion is what the second judge takes for a version; beside others it
// is silent.
var pythonVersion = regexp.MustCompile(`^[v=]*\d+(\.\d+)?(\.\d+)?(-[0-9A-Za-z.-]+)?(\+.*)?$`)

var pythonClass = class{
	"bench/oracle.py: version or bound that is none to it",
	"semantic versions as they occur (1.6.0.2, 3.0.RC3): advisories.md 12",
	func(p *pair) bool {
		return p.inOurs == p.oursOnly && p.involves(func(v string) bool { return !pythonVersion.MatchString(v) })
	},
}

// TestPython has the second judge, in another language and by another author,
// judge the generated components of Go, npm and crates.io.
func TestPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	script := filepath.Join(dataDir(t), "..", "bench", "oracle.py")
	if _, err := os.Stat(script); err != nil {
		t.Skipf("no second judge: %v", err)
	}
	data, db := load(t), database(t)
	step, name := uint32(sampleStep), "python-sample"
	if *full {
		step, name = 1, "python-full"
	}
	generated := data.generate(step)
	total := newTally()
	total.other = "bench/oracle.py"
	total.classes = append([]class{pythonClass}, classes...)
	for _, ecosystem := range []string{"Go", "npm", "crates.io"} {
		list := slices.DeleteFunc(slices.Clone(generated), func(c component) bool { return c.key.ecosystem != ecosystem })
		file := filepath.Join(t.TempDir(), "bom.json")
		if err := writeBOM(file, list); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(python, script, "--db", data.dir, file)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		theirs := map[string][]string{}
		for line := range strings.Lines(string(out)) {
			rest, id, _ := cutLast(strings.TrimSuffix(line, "\n"), "\t")
			theirs[rest] = append(theirs[rest], id)
		}
		mine, err := ours(db, file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			u, err := purl.Parse(list[i].purl)
			if err != nil {
				t.Fatal(err)
			}
			key := strings.Join([]string{ecosystem, strings.TrimPrefix(u.Namespace+"/"+u.Name, "/"), u.Version}, "\t")
			total.component(data, &list[i], &mine[i], theirs[key], false)
		}
	}
	total.report(t, name)
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
