// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/sbom/signature"
	"github.com/medsbom/medsbom/vulndb"
)

// editions are databases of two days, the bundle of the second, and its key.
func editions(t testing.TB) (old, next, bundle []byte, o Options) {
	t.Helper()
	k := keyOf(t, 1)
	e := today()
	e.built, e.npm = day.Add(-time.Hour), day.Add(-2*time.Hour)
	old, next = e.file(t), today().file(t)
	return old, next, bundleOf(t, next, k.signing), Options{Name: "x.bundle", Trust: []signature.Key{k.trusted}}
}

// TestDiskFull fills the disk at each of the writes and before each other step:
// the old database stays and nothing is left.
func TestDiskFull(t *testing.T) {
	old, next, bundle, o := editions(t)
	t.Cleanup(func() { durable.Fault = nil })
	for _, step := range []durable.Step{durable.Creating, durable.Writing, durable.Syncing, durable.Renaming} {
		for nth := 1; ; nth++ {
			count := 0
			durable.Fault = func(s durable.Step) error {
				if s == step {
					if count++; count == nth {
						return syscall.ENOSPC
					}
				}
				return nil
			}
			_, got, err := take(t, bundle, old, o)
			if count < nth { // there is no such step any more
				if err != nil || !bytes.Equal(got, next) || nth == 1 {
					t.Errorf("%s: after %d steps: %v", step, count, err)
				}
				break
			}
			if !errors.Is(err, syscall.ENOSPC) || refusal(err) != 0 {
				t.Errorf("%s %d: want a full disk, got %v", step, nth, err)
			}
			if !bytes.Equal(got, old) {
				t.Errorf("%s %d: the old database is gone", step, nth)
			}
		}
		durable.Fault = func(s durable.Step) error {
			if s == step {
				return syscall.ENOSPC
			}
			return nil
		}
		folder := t.TempDir()
		_, err := Write(t.Context(), filepath.Join(folder, "x.bundle"), Contents{
			Database: put(t, filepath.Join(folder, "x.db"), next), Keys: []SigningKey{keyOf(t, 1).signing}, Created: day,
		})
		if entries, _ := os.ReadDir(folder); !errors.Is(err, syscall.ENOSPC) || len(entries) != 1 {
			t.Errorf("writing, %s: got %v, and in the folder %v", step, err, entries)
		}
		durable.Fault = nil
	}
}

// TestImportsTogether: several bundles at once into one file. Each import takes
// or refuses, and what stays is one of the databases, whole.
func TestImportsTogether(t *testing.T) {
	old, _, _, o := editions(t)
	k := keyOf(t, 1)
	o.Out = put(t, filepath.Join(t.TempDir(), "x.db"), old)
	databases := map[string]bool{}
	var all sync.WaitGroup
	for i := range 8 {
		e := today()
		e.built = day.Add(time.Duration(i) * time.Minute)
		file := e.file(t)
		databases[string(file)] = true
		bundle := bundleOf(t, file, k.signing)
		all.Go(func() {
			_, err := Import(t.Context(), bytes.NewReader(bundle), o)
			if err != nil && refusal(err) != Downgrade && runtime.GOOS != "windows" {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := get(t, o.Out); !databases[string(got)] {
		t.Error("what is there is none of the databases")
	}
	if entries, _ := os.ReadDir(filepath.Dir(o.Out)); len(entries) != 1 {
		t.Errorf("left in the folder: %v", entries)
	}
}

// TestReaderKeepsItsFile: who has the old database open goes on reading it.
func TestReaderKeepsItsFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows replaces no file that is mapped")
	}
	old, next, bundle, o := editions(t)
	o.Out = put(t, filepath.Join(t.TempDir(), "x.db"), old)
	reader, err := vulndb.Open(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := Import(t.Context(), bytes.NewReader(bundle), o); err != nil {
		t.Fatal(err)
	}
	var kept bytes.Buffer
	if _, err := reader.WriteTo(&kept); err != nil || !bytes.Equal(kept.Bytes(), old) || reader.Size() != int64(len(old)) {
		t.Errorf("the reader has another file: %v", err)
	}
	if err := reader.Verify(); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(get(t, o.Out), next) {
		t.Error("the new file is another")
	}
}
