// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"slices"

	"github.com/medsbom/medsbom/vulndb"
)

// choose divides the feeds of a folder into those that a build takes and the names
// of those that it leaves out.
//
// Which zips some packages need cannot be known without reading all of them: a
// record of another ecosystem can be an alias of one of theirs and bring an id, a
// severity or a CVE that stands in KEV. A database of some of them is therefore
// not that of all, and says so (vulndb.Info.LeftOut).
func (o *Options) choose(feeds []*feed) (taken []*feed, left []string, err error) {
	if o.Only == nil || slices.Contains(o.Only, vulndb.GitEcosystem) {
		// Records of every ecosystem name repositories.
		return feeds, nil, nil
	}
	for _, f := range feeds {
		if slices.Contains(o.Only, f.ecosystem) {
			taken = append(taken, f)
		} else {
			left = append(left, f.ecosystem)
		}
	}
	if len(taken) == 0 {
		return nil, nil, fmt.Errorf("%q has no zip of these ecosystems: %q", o.From, o.Only)
	}
	return taken, left, nil
}

// leftOut stands among the sources for a zip that was left out, so that a build
// that leaves out others is another one.
func leftOut(ecosystem string) source { return source{File: ecosystem, Digest: "left out"} }
