// SPDX-License-Identifier: Apache-2.0

package vulndb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
)

func TestTags(t *testing.T) {
	db := openBytes(t, smallFile(t))
	p, ok := db.Package("GIT", "ssh://git@example.org:22/r.git")
	if !ok || p.Len() != 2 {
		t.Fatalf("found %v, %d entries", ok, p.Len())
	}
	var tags []string
	for i := range p.Tags() {
		tag, err := p.Tag(i)
		if err != nil {
			t.Fatal(err)
		}
		if tag.Key == nil {
			tag.Version += " without a key"
		}
		tags = append(tags, tag.Version)
	}
	if d := cmp.Diff([]string{"1.0", "1.1.1k", "1.2", "2.0", "1.3-odd without a key", "other-1.1 without a key"}, tags); d != "" {
		t.Errorf("tags (-want +got):\n%s", d)
	}
	var e vulndb.Entry
	var lists [][]vulndb.Interval
	for i := range p.Len() {
		if err := p.Entry(i, &e); err != nil {
			t.Fatal(err)
		}
		lists = append(lists, append([]vulndb.Interval(nil), e.Tags...))
		if len(e.Versions) > 0 {
			t.Errorf("entry %d has versions beside its tags: %v", i, e.Versions)
		}
		for j := -1; j <= p.Tags(); j++ {
			want := false
			for _, in := range e.Tags {
				want = want || j >= in.From && j < in.To
			}
			if e.Lists(j) != want {
				t.Errorf("entry %d lists tag %d: %v", i, j, !want)
			}
		}
	}
	if d := cmp.Diff([][]vulndb.Interval{{{From: 0, To: 3}, {From: 4, To: 6}}, {{From: 1, To: 2}, {From: 3, To: 4}}}, lists); d != "" {
		t.Errorf("intervals (-want +got):\n%s", d)
	}
	for _, c := range []struct {
		text  string
		at    int
		found bool
	}{
		{"0.9", 0, false},
		{"1.0.0", 0, true},
		{"1.1", 1, false},
		{"1.1.1K", 1, true},
		{"v1.2", 2, true},
		{"1.9", 3, false},
		{"3", 4, false},
		{"1.3-odd", 4, true},
		{"a", 5, false},
		{"other-1.1", 5, true},
		{"z", 6, false},
	} {
		key, ok := version.Upstream.AppendKey(nil, c.text)
		if !ok {
			key = nil
		}
		at, found, err := p.FindTag(c.text, key)
		if err != nil || at != c.at || found != c.found {
			t.Errorf("%s: want %d, %v; got %d, %v, %v", c.text, c.at, c.found, at, found, err)
		}
	}
	for _, i := range []int{-1, 6} {
		if _, err := p.Tag(i); err == nil {
			t.Errorf("tag %d: want an error", i)
		}
	}
	if q, ok := db.Package("Maven", "org.other:core"); !ok || q.Tags() != 0 {
		t.Errorf("a package of Maven has %d tags", q.Tags())
	}
	key, _ := version.Upstream.AppendKey(nil, "1.2")
	if got := testing.AllocsPerRun(10, func() {
		q, _ := db.Package("GIT", "https://example.org/r")
		if _, found, err := q.FindTag("1.2", key); !found || err != nil {
			t.Error("1.2 is not found")
		}
		if err := q.Entry(0, &e); err != nil {
			t.Error(err)
		}
	}); got != 0 {
		t.Errorf("want no allocation, got %v", got)
	}
}
