// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSupport(t *testing.T) {
	m := load(t)
	for _, tt := range []struct {
		name string
		in   Support
		want float64
		rule string
	}{
		{"ended", Support{Ended: true}, 30, "30 for a component whose support has ended"},
		{"system ended", Support{Ended: true, System: true}, 45, "45 for a system or cryptography whose support has ended"},
		{"extended", Support{Extended: true, Dated: true, Months: 40}, 20, "20 for a component in extended support"},
		{"less than a year", Support{Dated: true, Months: 11}, 20, "20 for a component whose support ends in less than 12 months"},
		{"a year", Support{Dated: true, Months: 12}, 0, "0 for a component whose support ends in less than 24 months"},
		{"system, a year", Support{Dated: true, Months: 12, System: true}, 15, "15 for a system or cryptography whose support ends in less than 24 months"},
		{"system, two years", Support{Dated: true, Months: 24, System: true}, 0, "0: supported"},
		{"no date", Support{System: true}, 0, "0: supported"},
	} {
		points, rule := m.Support(tt.in)
		if points != tt.want || rule != tt.rule {
			t.Errorf("%s: want %g (%s), got %g (%s)", tt.name, tt.want, tt.rule, points, rule)
		}
	}
}

// P4: whatever is known of a component's support costs no more than knowing
// nothing of it.
func TestSupportMissingIsWorst(t *testing.T) {
	m := load(t)
	rapid.Check(t, func(t *rapid.T) {
		v := Support{
			Ended: rapid.Bool().Draw(t, "ended"), Extended: rapid.Bool().Draw(t, "extended"), Dated: rapid.Bool().Draw(t, "dated"),
			Months: rapid.IntRange(0, 1200).Draw(t, "months"), System: rapid.Bool().Draw(t, "system"),
		}
		if points, _ := m.Support(v); points > m.SupportUnknown(v.System).Points {
			t.Fatalf("%+v costs %g, unknown %g", v, points, m.SupportUnknown(v.System).Points)
		}
	})
}

func TestSupportPointsAreChecked(t *testing.T) {
	for _, tt := range [][3]string{
		{"unknown: {system: 45, other: 30}", "unknown: {system: 10, other: 30}", "unknown must cost as much"},
		{"ended: {system: 45, other: 30}", "ended: {system: 145, other: 30}", "not between 0 and 100"},
		{"{below: 24,", "{below: 12,", "bounds must grow"},
	} {
		text := strings.Replace(string(modelYAML), tt[0], tt[1], 1)
		if _, err := parse([]byte(text)); text == string(modelYAML) || err == nil || !strings.Contains(err.Error(), tt[2]) {
			t.Errorf("want an error with %q, got %v", tt[2], err)
		}
	}
}
