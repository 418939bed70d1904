// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTrustedKeys: named keys, else the stamped one, else none and how to name
// one.
func TestTrustedKeys(t *testing.T) {
	der := func(seed byte) []byte {
		private := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(seed), ed25519.SeedSize)))
		b, err := x509.MarshalPKIXPublicKey(private.Public())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	file := filepath.Join(t.TempDir(), "publisher.pub")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der(1)}), 0o600); err != nil {
		t.Fatal(err)
	}
	defer func() { releaseKey = "" }()
	for _, c := range []struct {
		stamped string
		files   []string
		want    string // name of the key
		problem string
	}{
		{"", nil, "", "no key is trusted"},
		{"", []string{file}, file, ""},
		{base64.StdEncoding.EncodeToString(der(2)), nil, "release key", ""},
		{base64.StdEncoding.EncodeToString(der(2)), []string{file}, file, ""},
		{"no Base64!", nil, "", "release key in this program is broken"},
		{"AAAA", nil, "", "release key in this program is broken"},
		{"", []string{"nothere.pub"}, "", "--trust nothere.pub"},
	} {
		releaseKey = c.stamped
		keys, err := trustedKeys(c.files)
		if c.problem != "" {
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%q %v: want %q, got %v", c.stamped, c.files, c.problem, err)
			}
			continue
		}
		if err != nil || len(keys) != 1 || keys[0].Name != c.want {
			t.Errorf("%q %v: want %s, got %v, %v", c.stamped, c.files, c.want, keys, err)
		}
	}
}

func TestAge(t *testing.T) {
	asOf := time.Date(2026, time.September, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		dated time.Time
		want  string
	}{
		{time.Time{}, "unknown"},
		{asOf, "less than a day"},
		{asOf.Add(-23 * time.Hour), "less than a day"},
		{asOf.Add(-24 * time.Hour), "1 day"},
		{asOf.Add(-48 * time.Hour), "2 days"},
		{asOf.AddDate(-1, 0, 0), "365 days"},
		{asOf.Add(12 * time.Hour), "less than a day"}, // the day of an assessment begins at midnight
		{asOf.Add(25 * time.Hour), "in the future: check the clock"},
	} {
		if got := age(c.dated, asOf); got != c.want {
			t.Errorf("%v: want %q, got %q", c.dated, c.want, got)
		}
	}
}
