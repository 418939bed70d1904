// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"fmt"
	"math"
)

// The evidence rules of the model. Each counts once for a product, however
// many components it is about.
const (
	RuleSubject      = "subject"         // subject wrong, or missing and not bound by the buyer
	RuleGraph        = "graph-absent"    // no dependency graph
	RuleSchema       = "schema-invalid"  // severe defects
	RuleVersion      = "version-missing" // missing, a range or "latest" on any component
	RuleCompleteness = "completeness"    // not stated, or stated incomplete
	RuleTimestamp    = "timestamp"       // missing, not a time, or older than the release
	RuleIdentifier   = "identifier"      // missing, not valid or contradictory
	RuleProducer     = "producer"
	RuleOld          = "old"  // older than 365 days
	RuleHash         = "hash" // missing or weaker than SHA-256
	RuleLicence      = "licence"
	RuleUnsigned     = "unsigned"
	RuleUnassessed   = "unassessed" // priced by share, see Unassessed
)

var evidenceRules = [...]string{
	RuleSubject, RuleGraph, RuleSchema, RuleVersion, RuleCompleteness, RuleTimestamp, RuleIdentifier,
	RuleProducer, RuleOld, RuleHash, RuleLicence, RuleUnsigned, RuleUnassessed,
}

// evidencePrefix sets the ids of evidence issues apart from advisory ids.
const evidencePrefix = "evidence:"

// Evidence returns the issue of an evidence rule with its id, title, points,
// rule and action filled; the caller adds what it knows of the subject. An
// unknown rule is an error. For RuleUnassessed it is the issue of everything
// unassessed.
func (m *Model) Evidence(rule string) (Issue, error) {
	for i := range m.EvidenceRules {
		if r := &m.EvidenceRules[i]; r.ID == rule {
			return r.issue(1), nil
		}
	}
	return Issue{}, fmt.Errorf("evidence rule %q is not in model %s", rule, m)
}

// Unassessed returns the issue of the share of components, 0 to 1, that nothing
// covers. A share of 0 or less is no issue: ok is false.
func (m *Model) Unassessed(share float64) (issue Issue, ok bool) {
	if share <= 0 {
		return Issue{}, false
	}
	for i := range m.EvidenceRules {
		if r := &m.EvidenceRules[i]; r.ID == RuleUnassessed {
			return r.issue(share), true
		}
	}
	return Issue{}, false
}

func (r *EvidenceRule) issue(share float64) Issue {
	if math.IsNaN(share) || share > 1 {
		share = 1
	}
	rule := fmt.Sprintf("%g for %s", r.Points, r.ID)
	if r.PerShare > 0 {
		rule = fmt.Sprintf("%g + %g × share %.3f", r.Points, r.PerShare, share)
	}
	return Issue{
		ID:     evidencePrefix + r.ID,
		Title:  r.Title,
		Class:  ClassEvidence,
		Points: settle(r.Points + r.PerShare*share),
		Rule:   rule,
		Action: r.Action,
	}
}
