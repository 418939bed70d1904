// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/sbom/signature"
)

// readOptions are the flags of every command that reads SBOMs.
type readOptions struct {
	trust         []string
	maxBytes      string
	maxRatio      int
	maxDepth      int
	maxString     string
	maxComponents int
	maxEntries    int
}

// mostDepth is what the stack is for: nesting is read by recursion.
const mostDepth = 10_000

func (o *readOptions) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.trust, "trust", nil, "check signatures against the public key in `FILE` (PEM or JWK; repeatable); one that fails then stops its product")
	f.StringVar(&o.maxBytes, "max-bytes", "512MiB", "refuse a file or document larger than this")
	f.IntVar(&o.maxRatio, "max-ratio", 200, "refuse what expands to more than this many times its size")
	f.IntVar(&o.maxDepth, "max-depth", 256, "refuse a document nested deeper than this")
	f.StringVar(&o.maxString, "max-string", "16MiB", "refuse a document with a longer text in it")
	f.IntVar(&o.maxComponents, "max-components", 2_000_000, "refuse a document with more components")
	f.IntVar(&o.maxEntries, "max-entries", 10_000, "refuse an archive with more entries")
}

// options checks the flags and loads the keys.
func (o *readOptions) options() (reader.Options, error) {
	opts := reader.Options{MaxRatio: o.maxRatio, MaxDepth: o.maxDepth, MaxComponents: o.maxComponents, MaxEntries: o.maxEntries}
	for _, limit := range []struct {
		flag        string
		value, most int
	}{
		{"max-ratio", o.maxRatio, math.MaxInt32},
		{"max-depth", o.maxDepth, mostDepth},
		{"max-components", o.maxComponents, math.MaxInt32},
		{"max-entries", o.maxEntries, math.MaxInt32},
	} {
		if limit.value <= 0 || limit.value > limit.most {
			return opts, hintError{fmt.Errorf("--%s: %d is no limit", limit.flag, limit.value), fmt.Sprintf("give a number from 1 to %d", limit.most)}
		}
	}
	var err error
	if opts.MaxBytes, err = parseBytes(o.maxBytes); err != nil {
		return opts, fmt.Errorf("--max-bytes: %w", err)
	}
	longest, err := parseBytes(o.maxString)
	if err != nil {
		return opts, fmt.Errorf("--max-string: %w", err)
	}
	opts.MaxString = int(longest)
	for _, name := range o.trust {
		key, err := loadKey(name)
		if err != nil {
			return opts, fmt.Errorf("--trust %s: %w", name, err)
		}
		opts.Trust = append(opts.Trust, key...)
	}
	return opts, nil
}

// loadKey loads the keys in a file. One that is longer than any key is none.
func loadKey(name string) ([]signature.Key, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	const most = 1 << 20
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if len(data) > most {
		return nil, fmt.Errorf("more than %d bytes: this is no key", most)
	}
	return signature.LoadKeys(name, data)
}

// parseBytes reads "4096", "64KiB", "512MiB", "2GiB".
func parseBytes(s string) (int64, error) {
	number, unit := strings.TrimSpace(s), int64(1)
	for suffix, size := range map[string]int64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30} {
		if rest, ok := strings.CutSuffix(number, suffix); ok {
			number, unit = strings.TrimSpace(rest), size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 || n > (1<<40)/unit {
		return 0, hintError{fmt.Errorf("%q is no size", s), "write it as 4096, 64KiB, 512MiB or 2GiB"}
	}
	return n * unit, nil
}
