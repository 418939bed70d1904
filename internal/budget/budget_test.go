// SPDX-License-Identifier: Apache-2.0

//go:build unix && !race

package budget

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"github.com/medsbom/medsbom/internal/measure"
)

const (
	maxBinary = 24 << 20
	maxStart  = 10 // ms of CPU
	maxMemory = 20 << 20
	maxInit   = 1.0 // ms
)

var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "medsbom-budget")
	if err != nil {
		return "", err
	}
	out := filepath.Join(dir, "medsbom")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, "../../cmd/medsbom")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return out, cmd.Run()
})

func build(t *testing.T) string {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

func TestMain(m *testing.M) {
	measure.Launcher()
	code := m.Run()
	if bin, err := binary(); err == nil {
		os.RemoveAll(filepath.Dir(bin))
	}
	os.Exit(code)
}

func TestBinarySize(t *testing.T) {
	info, err := os.Stat(build(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("binary: %.1f MB", float64(info.Size())/1e6)
	if info.Size() > maxBinary {
		t.Errorf("the binary is %d bytes, the budget %d", info.Size(), maxBinary)
	}
}

// TestStart takes the cheapest of several runs: other work on the machine can
// make a run dearer, never cheaper.
func TestStart(t *testing.T) {
	bin := build(t)
	cpu, peak := 1e9, int64(1<<62)
	for range 10 {
		cost, err := measure.Run(exec.Command(bin, "version"))
		if err != nil || cost.Code != 0 {
			t.Fatalf("exit code %d: %v", cost.Code, err)
		}
		cpu = min(cpu, cost.CPU.Seconds()*1000)
		peak = min(peak, cost.Peak)
	}
	t.Logf("start: %.1f ms CPU, %.1f MiB", cpu, float64(peak)/(1<<20))
	if cpu > maxStart {
		t.Errorf("starting costs %.1f ms CPU, the budget is %d ms", cpu, maxStart)
	}
	if peak > maxMemory {
		t.Errorf("starting takes %d bytes, the budget is %d", peak, maxMemory)
	}
}

func TestPackageInit(t *testing.T) {
	bin := build(t)
	cheapest := map[string]float64{}
	line := regexp.MustCompile(`(?m)^init (\S+) @\S+ ms, ([0-9.]+) ms clock`)
	for range 5 {
		cmd := exec.Command(bin, "version")
		cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		found := line.FindAllStringSubmatch(stderr.String(), -1)
		if len(found) == 0 {
			t.Fatal("no init trace")
		}
		for _, m := range found {
			ms, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			if old, ok := cheapest[m[1]]; !ok || ms < old {
				cheapest[m[1]] = ms
			}
		}
	}
	for name, ms := range cheapest {
		if ms > maxInit {
			t.Errorf("package %s spends %.2f ms in init, the budget is %.0f ms", name, ms, maxInit)
		}
	}
}
