// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
)

// TestManyIdentities: identities that are too many to be looked up are not clean.
func TestManyIdentities(t *testing.T) {
	db := open(t, vulndb.KindFull)
	for _, kind := range []string{vulndb.KindFull, vulndb.KindStarter} {
		db := open(t, kind)
		c := sbom.Component{Name: "last"}
		for i := range 69 {
			c.Detail().MorePURL = append(c.MorePURL(), fmt.Sprintf("pkg:npm/last@9.0.%d", i))
		}
		c.Detail().MorePURL = append(c.MorePURL(), "pkg:npm/last@1.0.0")
		if got, want := one(t, db, c), "not-assessed (one of its identifiers not looked up)"; got != want {
			t.Errorf("want %q, got %q", want, got)
		}
		if got, want := detail(t, db, c), "more identities than the 64 that are looked up for one component"; got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	// What a detail tells of each of them is bounded.
	c := sbom.Component{Name: "x", Version: "1"}
	for i := range 5000 {
		c.Detail().MorePURL = append(c.MorePURL(), fmt.Sprintf("pkg:npm/other%d@1.0.0", i))
		c.Detail().MorePURL = append(c.MorePURL(), fmt.Sprintf("pkg:generic/other%d", i))
	}
	if got := detail(t, db, c); len(got) > 2000 {
		t.Errorf("a detail of %d bytes", len(got))
	}
	c.Details = nil
	for i := range 60 {
		c.Detail().MorePURL = append(c.MorePURL(), fmt.Sprintf("pkg:pypi/other%d", i))
	}
	if got := detail(t, db, c); len(got) > 2000 || !strings.Contains(got, "; and more of the kind") {
		t.Errorf("a detail of %d bytes: %s", len(got), got)
	}
}

// TestManyFindings: what comes after as many findings as are told is not clean.
func TestManyFindings(t *testing.T) {
	db := open(t, vulndb.KindFull)
	doc := &sbom.Document{Components: []sbom.Component{{Type: "file", Name: "/a"}}}
	for range 5 {
		doc.Components = append(doc.Components, sbom.Component{PURL: "pkg:npm/last@1.0.0"})
	}
	doc.Components = append(doc.Components, sbom.Component{PURL: "pkg:npm/last@9.0.0"}, sbom.Component{Type: "file", Name: "/b"})
	result, err := match.Limited(db, 3).Match(doc)
	if err != nil {
		t.Fatal(err)
	}
	want := match.Coverage{Components: 8, Assessed: 3, NotAssessed: 3, OutOfScope: 2, Reasons: map[match.Reason]int{
		match.ReasonTooMany: 3, match.ReasonFile: 2,
	}}
	if d := cmp.Diff(want, result.Coverage); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if len(result.Findings) != 3 {
		t.Errorf("want 3 findings, got %d", len(result.Findings))
	}
}
