// SPDX-License-Identifier: Apache-2.0

package build

import (
	"slices"
	"strings"

	cvss2 "github.com/pandatix/go-cvss/20"
	cvss30 "github.com/pandatix/go-cvss/30"
	cvss31 "github.com/pandatix/go-cvss/31"
	cvss4 "github.com/pandatix/go-cvss/40"

	"github.com/medsbom/medsbom/vulndb"
)

// cvss is a valid vector with its base score in tenths. version is 2, 3 or 4,
// 0 for none.
type cvss struct {
	vector  string
	tenths  int
	version int
}

// less orders vectors: none, then v2, then v3 and v4 by score. Among equal
// scores the newer version wins, then the first in order of text, so that the
// order of records does not matter.
func (c cvss) less(d cvss) bool {
	if old, older := c.version > 2, d.version > 2; old != older || c.version == 0 || d.version == 0 {
		return rank(c.version) < rank(d.version)
	}
	if c.tenths != d.tenths {
		return c.tenths < d.tenths
	}
	if c.version != d.version {
		return c.version < d.version
	}
	return c.vector > d.vector
}

func rank(version int) int { return min(version, 3) }

func (c cvss) severity() vulndb.Severity {
	if c.version == 0 {
		return vulndb.Unknown
	}
	return vulndb.SeverityOf(float64(c.tenths)/10, c.version == 2)
}

// rate computes the record's CVSS from its statements and takes up their words.
func (rec *record) rate() {
	for _, s := range rec.severities {
		if !strings.HasPrefix(s.Type, "CVSS") {
			rec.word = max(rec.word, severityWord(s.Score))
			continue
		}
		c, err := score(s.Score)
		if err != nil {
			rec.odd("%s vector %.80q is not valid: %v", s.Type, s.Score, err)
			continue
		}
		if rec.cvss.less(c) {
			rec.cvss = c
		}
	}
	// AlmaLinux: "Important: glibc security update".
	if before, _, ok := strings.Cut(rec.summary, ":"); ok && rec.word == vulndb.Unknown {
		switch before {
		case "Critical", "Important", "Moderate", "Low":
			rec.word = severityWord(before)
		}
	}
}

// score computes the base score of a vector. Threat, temporal and
// environmental metrics in it do not count.
func score(vector string) (cvss, error) {
	c := cvss{vector: vector}
	var s float64
	switch {
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		v, err := cvss4.ParseVector(vector)
		if err != nil {
			return cvss{}, err
		}
		if len(vector) > base4 {
			// Base metrics come first and have one letter each.
			if v, err = cvss4.ParseVector(vector[:base4]); err != nil {
				return cvss{}, err
			}
		}
		c.version, s = 4, v.Score()
	case strings.HasPrefix(vector, "CVSS:3.1/"):
		v, err := cvss31.ParseVector(vector)
		if err != nil {
			return cvss{}, err
		}
		c.version, s = 3, v.BaseScore()
	case strings.HasPrefix(vector, "CVSS:3.0/"):
		v, err := cvss30.ParseVector(vector)
		if err != nil {
			return cvss{}, err
		}
		c.version, s = 3, v.BaseScore()
	default:
		v, err := cvss2.ParseVector(strings.Trim(vector, "()"))
		if err != nil {
			return cvss{}, err
		}
		c.version, s = 2, v.BaseScore()
	}
	c.tenths = int(s*10 + 0.5)
	return c, nil
}

const base4 = len("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N")

// vectorType is the OSV type of a vector.
func vectorType(vector string) string {
	switch {
	case strings.HasPrefix(vector, "CVSS:4"):
		return "CVSS_V4"
	case strings.HasPrefix(vector, "CVSS:3"):
		return "CVSS_V3"
	default:
		return "CVSS_V2"
	}
}

// severityWord reads the words of GitHub, Bitnami, AlmaLinux, Red Hat and
// Ubuntu.
func severityWord(word string) vulndb.Severity {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "none":
		return vulndb.None
	case "negligible", "low":
		return vulndb.Low
	case "moderate", "medium":
		return vulndb.Medium
	case "high", "important":
		return vulndb.High
	case "critical":
		return vulndb.Critical
	default:
		return vulndb.Unknown
	}
}

// kind tells what the record is about.
func (rec *record) kind(ecosystem string) vulndb.Kind {
	// CWE-506: embedded malicious code.
	if strings.HasPrefix(rec.id, "MAL-") || slices.Contains(rec.cwes, "CWE-506") {
		return vulndb.Malicious
	}
	if ecosystem == "AlmaLinux" && (strings.HasPrefix(rec.id, "ALBA-") || strings.HasPrefix(rec.id, "ALEA-")) {
		return vulndb.Informational
	}
	informational := len(rec.affected) > 0
	for i := range rec.affected {
		informational = informational && rec.affected[i].informational
	}
	if informational {
		return vulndb.Informational
	}
	return vulndb.Vulnerability
}

// distribution reports whether an ecosystem's records stand for those named in
// upstream: then an upstream list of exactly one CVE is as good as an alias.
func distribution(ecosystem string) bool {
	switch ecosystem {
	case "Debian", "Ubuntu", "Alpine", "Alpaquita", "BellSoft Hardened Containers", "AlmaLinux", "Rocky Linux", "Red Hat",
		"SUSE", "openSUSE", "Photon OS", "Wolfi", "Chainguard", "MinimOS", "Echo", "CleanStart", "Mageia", "openEuler",
		"Azure Linux", "Root", "Docker Hardened Images", "Julia", "Homebrew", "CRAN":
		return true
	}
	return false
}
