// SPDX-License-Identifier: Apache-2.0

package risk_test

import (
	"fmt"

	"github.com/medsbom/medsbom/risk"
)

func ExampleModel_Product() {
	m, err := risk.Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	feeds := risk.Feeds{KEV: true, EPSS: true}
	points, rule := m.Vulnerability(risk.Vulnerability{
		CVSS: 7.5, CVSSKnown: true, HasCVE: true, EPSS: .004, EPSSKnown: true, Feeds: feeds,
	})
	unsigned, err := m.Evidence(risk.RuleUnsigned)
	if err != nil {
		fmt.Println(err)
		return
	}
	score := m.Product([]risk.Issue{
		{ID: "CVE-2024-0001", Class: risk.ClassRisk, Points: points, Sure: true, Rule: rule},
		unsigned,
	}, risk.Options{Feeds: feeds})
	fmt.Printf("known %.1f %s, worst case %.1f %s\n", score.Known.Value, score.Known.Grade, score.WorstCase.Value, score.WorstCase.Grade)
	for _, c := range score.Contributions {
		fmt.Printf("%.1f %s: %s\n", c.Share, c.Issue, c.Rule)
	}
	// Output:
	// known 37.5 C, worst case 37.8 C
	// 37.5 CVE-2024-0001: 100 × severity 0.75 (CVSS 7.5) × exploitation 0.50 (EPSS 0.004)
	// 0.3 evidence:unsigned: 5 for unsigned
}
