// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/zip"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"medsbom": main})
}

// TestScripts runs testdata/script/*.txtar: the command line as a user meets it.
func TestScripts(t *testing.T) {
	data := os.Getenv("MEDSBOM_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "shared", "data")
	}
	data, err := filepath.Abs(data)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("DATA", data)
			e.Setenv("ROOT", root)
			// Nothing of the user's may be seen: no cache folder, no settings.
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, "cache"))
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("LocalAppData", filepath.Join(e.WorkDir, "cache"))
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond != "data" {
				return false, errors.New("unknown condition")
			}
			_, err := os.Stat(filepath.Join(data, "osv"))
			return err == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"keypair": keypair,
			"osvzip":  osvzip,
			"pack":    pack,
		},
	})
}

// exits runs a command and holds its exit code: exits 3 medsbom scan x.json
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// pack makes a zip archive of files: pack OUT.zip FILE...
func pack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: pack OUT.zip FILE...")
	}
	out, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer out.Close()
	archive := zip.NewWriter(out)
	for _, name := range args[1:] {
		w, err := archive.Create(name)
		ts.Check(err)
		_, err = w.Write([]byte(ts.ReadFile(name)))
		ts.Check(err)
	}
	ts.Check(archive.Close())
}

// osvzip packs DIR/osv/<Ecosystem>/*.json into all.zip beside them, as the OSV
// bucket has it.
func osvzip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: osvzip DIR")
	}
	folders, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "osv", "*"))
	ts.Check(err)
	for _, dir := range folders {
		records, err := filepath.Glob(filepath.Join(dir, "*.json"))
		ts.Check(err)
		f, err := os.Create(filepath.Join(dir, "all.zip"))
		ts.Check(err)
		z := zip.NewWriter(f)
		for _, r := range records {
			w, err := z.Create(filepath.Base(r))
			ts.Check(err)
			text, err := os.ReadFile(r)
			ts.Check(err)
			_, err = w.Write(text)
			ts.Check(err)
		}
		ts.Check(z.Close())
		ts.Check(f.Close())
	}
}
