// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
)

func supportTable(t *testing.T, p *assessment.Product) string {
	t.Helper()
	var out bytes.Buffer
	tab := &table{page: page.New(&out, 200, false)}
	tab.writeSupport(newSingle(p, false))
	if err := tab.page.Flush(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(out.String()), " ") // the width is not what is tested
}

func TestTableSupport(t *testing.T) {
	part := func(name, level, end, product, cycle, confidence string) assessment.Component {
		return assessment.Component{Name: name, Support: &assessment.Support{Level: level, End: end, Product: product, Cycle: cycle, Confidence: confidence}}
	}
	got := supportTable(t, &assessment.Product{
		Components: assessment.List{
			part("node 18", assessment.Ended, "2025-04-30", "nodejs", "18", "strong"),
			part("openssl 1.1.1k", assessment.Ended, "2023-09-11", "openssl", "1.1.1", "weak"),
			part("spin", assessment.Abandoned, "", "", "", "strong"),
			part("bash", assessment.Extended, "2026-08-31", "debian", "11", "strong"),
			part("dash", assessment.Extended, "2026-08-31", "debian", "11", "strong"),
			part("go", assessment.Supported, "", "go", "1.26", "strong"),
			{Name: "nobody knows"},
		},
		Support: &assessment.SupportCounts{Components: 7, Ended: 2, Abandoned: 1, Extended: 2, Supported: 1, Unknown: 1, Disagree: 1},
	})
	for _, want := range []string{
		"3 components past end of support: spin (abandoned), openssl 1.1.1k (2023-09-11)?, node 18 (2025-04-30)",
		"2 components with extended support only: bash and 1 more part of debian 11 (extended support until 2026-08-31)",
		"1 component is supported",
		"of 1 component vendor and published data name other ends of support; the worse counts",
		"support unknown for 1 of 7, which is not the same as supported",
		"?: which product it is was inferred, from a CPE or its name",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
}

func TestTableSupportWithoutData(t *testing.T) {
	got := supportTable(t, &assessment.Product{Support: &assessment.SupportCounts{Components: 3, Unknown: 3, NotLoaded: true}})
	if want := "support unknown for 3 of 3: the database has no end-of-life dates"; !strings.Contains(got, want) {
		t.Errorf("want %q in\n%s", want, got)
	}
	if got := supportTable(t, &assessment.Product{}); got != "" {
		t.Errorf("want nothing for a product without components, got %q", got)
	}
}
