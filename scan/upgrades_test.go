// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"errors"
	"fmt"
	"testing"

	"github.com/medsbom/medsbom/purl"
)

func TestUpgradesAreWorkedOutOnce(t *testing.T) {
	asked := 0
	u := upgrades{known: make(map[upgradeKey]string), find: func(p purl.Package, fixes []string) (string, error) {
		asked++
		return fmt.Sprintf("%s %s %s %s above %q", p.Ecosystem, p.Release, p.Name, p.Version, fixes), nil
	}}
	base := purl.Package{Ecosystem: "Debian", Release: "12", Name: "openssl", Version: "3.0.1"}
	change := func(f func(*purl.Package)) *purl.Package { p := base; f(&p); return &p }
	for want, tt := range []struct {
		p     *purl.Package
		fixes []string
	}{
		{&base, []string{"3.0.2", "3.0.3"}},
		{&base, []string{"3.0.2"}},
		{change(func(p *purl.Package) { p.Release = "11" }), []string{"3.0.2"}},
		{change(func(p *purl.Package) { p.Ecosystem = "Ubuntu" }), []string{"3.0.2"}},
		{change(func(p *purl.Package) { p.Name = "openssl1" }), []string{"3.0.2"}},
		{change(func(p *purl.Package) { p.Version = "3.0.0" }), []string{"3.0.2"}},
	} {
		direct, _ := u.find(*tt.p, tt.fixes)
		asked--
		for range 2 {
			got, err := u.get(tt.p, tt.fixes)
			if err != nil || got != direct {
				t.Errorf("%v above %q: want %s, got %s (%v)", *tt.p, tt.fixes, direct, got, err)
			}
		}
		if asked != want+1 {
			t.Errorf("%v above %q: worked out %d times in all, want %d", *tt.p, tt.fixes, asked, want+1)
		}
	}
}

func TestUpgradesKeepNoFailure(t *testing.T) {
	fail := errors.New("damaged")
	u := upgrades{known: make(map[upgradeKey]string), find: func(purl.Package, []string) (string, error) { return "", fail }}
	for range 2 {
		if _, err := u.get(&purl.Package{}, nil); !errors.Is(err, fail) {
			t.Errorf("want the error of the database, got %v", err)
		}
	}
}
