// SPDX-License-Identifier: Apache-2.0

package build

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// TestKeyEncoding pins the keys that stand in database files. If it fails, the
// package version writes other keys than the files in the field have: set Format
// and OldestFormat of the layout to the next number, say so in its history, and
// put the new sum here.
func TestKeyEncoding(t *testing.T) {
	const format, want = 3, "60b7ffac157d24a2de7247343262516c13b67911012d431f76726c19ad8164c7"
	samples := []string{
		"0", "1", "1.0", "1.0.0", "1.2.3", "10.20.30", "1.0.0-alpha.1", "1.0.0-rc1+build.5", "0.0.0-20220521103104-8f96da9f5d5e", "2.0.0+incompatible",
		"1.0rc1", "1.0.post1", "1.0.dev3", "1!2.0", "2.4.0.1", "1.0-alpha-1", "32.0.0-android", "4.1.124.Final", "1.0-sp1",
		"1:3.0.1-43.el9_0", "2.34-60.el9_2.7", "1.8.19p1-2.1+deb9u3", "1.0~rc1-1", "5.2.9_p525-r0", "1.2.3_alpha4-r5", "6.0.0.beta3",
		"v5.4.0", "3.0_1", "123456789012345678901234567890", "255", "256", "65536",
		"1.1.1k", "1.0.2za", "6.9.10-34", "1.9.8p2",
	}
	sum := sha256.New()
	for s := version.SemVer; s <= version.Upstream; s++ {
		for _, text := range samples {
			key, ok := s.AppendKey(nil, text)
			if ok {
				_, _ = sum.Write(append(layout.AppendString(nil, s.String()+" "+text), layout.AppendString(nil, string(key))...))
			}
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want || layout.Format != format {
		t.Errorf("want %s with format %d, got %s with format %d", want, format, got, layout.Format)
	}
}

func TestCVE(t *testing.T) {
	for _, id := range []string{"CVE-1999-0001", "CVE-2021-44228", "CVE-2024-0000", "CVE-2024-4294967295"} {
		if n, ok := layout.CVE(id); !ok || layout.FormatCVE(n) != id {
			t.Errorf("%s: got %d, %v, %s", id, n, ok, layout.FormatCVE(n))
		}
	}
	if n, ok := layout.CVE("cve-2021-44228"); !ok || layout.FormatCVE(n) != "CVE-2021-44228" {
		t.Error("lower case is not read")
	}
	for _, id := range []string{"", "CVE-", "CVE-2021-123", "CVE-2021-00123", "CVE-21-44228", "CVE-2021-4422x", "CVE-2021-9999999999", "CVA-2021-44228", "CVE-2021_44228", "GHSA-jfh8-c2jp-5v3q"} {
		if n, ok := layout.CVE(id); ok {
			t.Errorf("%q: got %d", id, n)
		}
	}
}
