// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/assessment"
)

// TestWorklistOrder holds that causes which read alike stand in one order, and are
// told apart: the keys of a map come in any.
func TestWorklistOrder(t *testing.T) {
	var first []assessment.Work
	for range 50 {
		var s summarizer
		s.work = make(map[string]*work)
		product := product{out: assessment.Product{ID: "acme/pump", Supplier: "Acme"}}
		for i := range 8 {
			ecosystem := fmt.Sprintf("Ecosystem %d", i)
			product.out.Findings = append(product.out.Findings, finding(ecosystem, "openssl", "1.1.1k"))
		}
		product.out.Findings = append(product.out.Findings, finding("Debian", "zlib", "1.2.11"))
		s.causes(&product)
		list := s.worklist()
		if first == nil {
			first = list
		}
		if diff := cmp.Diff(first, list); diff != "" {
			t.Fatalf("another order (-first +now)\n%s", diff)
		}
	}
	if got := first[0].Cause; got != "openssl 1.1.1k (Ecosystem 0)" {
		t.Errorf("first cause %q", got)
	}
	if got := first[8].Cause; got != "zlib 1.2.11" {
		t.Errorf("last cause %q", got)
	}
}

func finding(ecosystem, name, version string) assessment.Finding {
	return assessment.Finding{
		Kind: assessment.KindVulnerability, Name: name, Version: version,
		Match: assessment.Match{Ecosystem: ecosystem, Package: name},
	}
}
