// SPDX-License-Identifier: Apache-2.0

// Package risk is the worst-first score: points for each issue of a product,
// one operator that joins them, and the contributions that explain the result.
//
// # The model
//
// Everything is an issue with points from 0 to 100. Issues x1 ≥ x2 ≥ … ≥ xn
// are joined, on every level, by
//
//	W(x1 … xn) = x1 + (100 − x1) · β · Σ i=2..n  (1−q) · q^(i−2) · xi/100
//
// so that the worst issue leads, the others push a little, and no number of
// small ones can pass for a big one. Nothing at all is 0. β and q, and every
// other constant, are in model.yaml, which has a version; scores of different
// versions cannot be compared.
//
// The points of a vulnerability are 100 · S · X · H · M: severity,
// exploitation, context and treatment. What is not known has the worst value of
// its field, so that leaving something out of a document never helps.
//
// # Two numbers
//
// A product has two, always together: Known joins its issues of class risk that
// rest on sure evidence, WorstCase joins all. While a known-exploited
// vulnerability is open on a sure identity, neither falls below a floor. A
// product of which nothing could be judged has the worst case 100 and no known
// grade. No grade at all is given where the data cannot carry one: starter
// database, no known-exploited feed, no EPSS feed; Score.Withheld says which.
//
// # Promises
//
// Properties P1 to P8 of the model (bounded, monotone, repair never hurts,
// missing never helps, size-neutral, sums add up, order-free) are tests. One
// exception to "missing never helps": without a known-exploited feed a
// vulnerability that is in the feed has the factor of any other one (0.80, not
// 0.95). The grade is withheld then, which is the worse of the two. And CISA's
// SSVC is evidence that can only raise: a vulnerability on which it says nothing
// is priced by the other feeds, as one that is not in KEV.
//
// The package does not decide anything; that is package policy's business.
package risk

import (
	"errors"
	"fmt"
	"math"
)

// A Model holds the constants. It is never changed after Load and may be used
// by several goroutines.
type Model struct {
	ID      string `yaml:"id"`
	Version string `yaml:"version"`

	Operator struct {
		Q    float64 `yaml:"q"`
		Beta struct {
			Component float64 `yaml:"component"`
			Product   float64 `yaml:"product"`
			Supplier  float64 `yaml:"supplier"`
		} `yaml:"beta"`
	} `yaml:"operator"`

	Grades []GradeBound `yaml:"grades"`

	Severity struct {
		Unknown   float64            `yaml:"unknown"`
		Malicious float64            `yaml:"malicious"`
		Words     map[string]float64 `yaml:"words"`
	} `yaml:"severity"`

	Exploitation struct {
		Malicious       float64    `yaml:"malicious"`
		Ransomware      float64    `yaml:"ransomware"`
		Known           float64    `yaml:"known"`
		SSVCActive      float64    `yaml:"ssvcActive"`
		PublicExploit   float64    `yaml:"publicExploit"`
		KEVFeedMissing  float64    `yaml:"kevFeedMissing"`
		EPSSFeedMissing float64    `yaml:"epssFeedMissing"`
		EPSSMissing     float64    `yaml:"epssMissing"`
		NotEligible     float64    `yaml:"notEligible"`
		EPSS            []EPSSTier `yaml:"epss"`
	} `yaml:"exploitation"`

	Context             float64 `yaml:"context"`
	Treatment           float64 `yaml:"treatment"`
	KnownExploitedFloor float64 `yaml:"knownExploitedFloor"`
	NothingJudged       float64 `yaml:"nothingJudged"`

	SupportPoints SupportPoints `yaml:"support"`

	EvidenceRules []EvidenceRule `yaml:"evidence"`
}

// GradeBound gives a grade to the values below its bound; nil is no bound.
type GradeBound struct {
	Grade string   `yaml:"grade"`
	Below *float64 `yaml:"below"`
}

// EPSSTier gives a factor to the EPSS scores at or above its bound.
type EPSSTier struct {
	AtLeast float64 `yaml:"atLeast"`
	Factor  float64 `yaml:"factor"`
}

// EvidenceRule prices one kind of missing or doubtful evidence.
type EvidenceRule struct {
	ID       string  `yaml:"id"`
	Points   float64 `yaml:"points"`
	PerShare float64 `yaml:"perShare"`
	Title    string  `yaml:"title"`
	Action   string  `yaml:"action"`
}

//go:generate go test -run TestGeneratedModel -update .

// Load gives the built-in model, that of model.yaml.
func Load() (*Model, error) { return valid(generatedModel()) }

func valid(m *Model) (*Model, error) {
	if err := m.validate(); err != nil {
		return nil, fmt.Errorf("checking the risk model %q: %w", m.ID, err)
	}
	return m, nil
}

// String names the model as reports print it: its id and version.
func (m *Model) String() string { return m.ID + " " + m.Version }

// Grade returns the letter of a value.
func (m *Model) Grade(value float64) string {
	for _, g := range m.Grades {
		if g.Below == nil || value < *g.Below {
			return g.Grade
		}
	}
	return m.Grades[len(m.Grades)-1].Grade
}

// validate holds the constants to what the properties need.
func (m *Model) validate() error {
	if m.ID == "" || m.Version == "" {
		return errors.New("id and version are required")
	}
	if len(m.Grades) == 0 {
		return errors.New("no grades")
	}
	below := 0.0
	for i, g := range m.Grades {
		last := i == len(m.Grades)-1
		switch {
		case g.Grade == "":
			return errors.New("a grade has no letter")
		case last != (g.Below == nil):
			return fmt.Errorf("grade %q: each grade but the last needs a bound", g.Grade)
		case !last && *g.Below <= below:
			return fmt.Errorf("grade %q: bounds must grow", g.Grade)
		case !last:
			below = *g.Below
		}
	}
	if m.KnownExploitedFloor < below {
		return fmt.Errorf("knownExploitedFloor %v is below the worst grade's bound %v", m.KnownExploitedFloor, below)
	}
	x := &m.Exploitation
	factors := map[string]float64{
		"operator.q": m.Operator.Q, "operator.beta.component": m.Operator.Beta.Component,
		"operator.beta.product": m.Operator.Beta.Product, "operator.beta.supplier": m.Operator.Beta.Supplier,
		"severity.unknown": m.Severity.Unknown, "severity.malicious": m.Severity.Malicious,
		"exploitation.malicious": x.Malicious, "exploitation.ransomware": x.Ransomware, "exploitation.known": x.Known,
		"exploitation.kevFeedMissing": x.KEVFeedMissing, "exploitation.epssFeedMissing": x.EPSSFeedMissing,
		"exploitation.ssvcActive": x.SSVCActive, "exploitation.publicExploit": x.PublicExploit,
		"exploitation.epssMissing": x.EPSSMissing, "exploitation.notEligible": x.NotEligible,
		"context": m.Context, "treatment": m.Treatment,
		"knownExploitedFloor/100": m.KnownExploitedFloor / 100, "nothingJudged/100": m.NothingJudged / 100,
	}
	for word, f := range m.Severity.Words {
		factors["severity.words."+word] = f
	}
	for i, t := range x.EPSS {
		factors[fmt.Sprintf("exploitation.epss[%d].factor", i)] = t.Factor
		if i > 0 && t.AtLeast >= x.EPSS[i-1].AtLeast {
			return errors.New("exploitation.epss: bounds must fall")
		}
	}
	if n := len(x.EPSS); n == 0 || x.EPSS[n-1].AtLeast != 0 {
		return errors.New("exploitation.epss: the last bound must be 0")
	}
	for _, name := range sortedKeys(factors) {
		if f := factors[name]; math.IsNaN(f) || f < 0 || f > 1 {
			return fmt.Errorf("%s: %v is not between 0 and 1", name, f)
		}
	}
	if m.Operator.Q == 1 {
		return errors.New("operator.q must be below 1")
	}
	if err := m.SupportPoints.validate(); err != nil {
		return err
	}
	return m.validateEvidence()
}

func (m *Model) validateEvidence() error {
	seen := make(map[string]bool)
	for _, r := range m.EvidenceRules {
		switch {
		case r.ID == "" || r.Title == "" || r.Action == "":
			return fmt.Errorf("evidence rule %q: id, title and action are required", r.ID)
		case seen[r.ID]:
			return fmt.Errorf("evidence rule %q: listed twice", r.ID)
		case !(r.Points >= 0 && r.PerShare >= 0 && r.Points+r.PerShare <= 100):
			return fmt.Errorf("evidence rule %q: points are not between 0 and 100", r.ID)
		}
		seen[r.ID] = true
	}
	for _, id := range evidenceRules {
		if !seen[id] {
			return fmt.Errorf("evidence rule %q is missing", id)
		}
	}
	return nil
}
