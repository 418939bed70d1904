// SPDX-License-Identifier: Apache-2.0

package assessment

// The levels of support, from good to bad, and what is not known.
const (
	Supported      = "supported"
	SecurityOnly   = "security-only"
	Extended       = "extended"
	Ended          = "ended"
	Abandoned      = "abandoned"
	SupportUnknown = "unknown"
)

// Support says until when a component is maintained. Of several sources the worst
// stands here and the others in Others.
type Support struct {
	Level       string        `json:"level"`
	End         string        `json:"end,omitempty"` // the first day without the support that level speaks of
	Kind        string        `json:"kind,omitempty"`
	ActiveEnd   string        `json:"activeEnd,omitempty"`
	ExtendedEnd string        `json:"extendedEnd,omitempty"`
	Product     string        `json:"product,omitempty"`
	Cycle       string        `json:"cycle,omitempty"`
	Latest      string        `json:"latest,omitempty"` // the latest version of the cycle
	Released    string        `json:"released,omitempty"`
	Source      string        `json:"source,omitempty"`
	Note        string        `json:"note,omitempty"`
	Confidence  string        `json:"confidence,omitempty"` // "strong", or "weak": found by its name or a guessed CPE
	Disagrees   bool          `json:"disagrees,omitempty"`
	Others      []OtherSource `json:"others,omitempty"`
	Reason      string        `json:"reason,omitempty"` // why the level is unknown
}

// OtherSource is what a further source says of a component's support.
type OtherSource struct {
	Level  string `json:"level"`
	End    string `json:"end,omitempty"`
	Source string `json:"source"`
}

// SupportCounts counts the components of a product by level of support. The
// numbers sum to Components, which leaves out files and the product itself.
type SupportCounts struct {
	Components   int `json:"components"`
	Supported    int `json:"supported"`
	SecurityOnly int `json:"securityOnly"`
	Extended     int `json:"extended"`
	Ended        int `json:"ended"`
	Abandoned    int `json:"abandoned"`
	Unknown      int `json:"unknown"`
	Disagree     int `json:"disagree,omitempty"` // of these: vendor and data name other levels or days
	// NotLoaded is true if the database has no end-of-life data: only what vendors
	// say could be told.
	NotLoaded bool `json:"notLoaded,omitempty"`
}
