// SPDX-License-Identifier: Apache-2.0

package policy

// Facts is all that expressions can ask about one product. Fill the fields,
// then add every component and finding. It is not changed by Evaluate, so that
// several packs may judge the same facts.
type Facts struct {
	Document Document
	Coverage Coverage
	Score    Score
	Database Database
	Context  Context

	components subjects[Component]
	findings   subjects[Finding]
}

// Document holds the facts of the SBOM as a whole.
type Document struct {
	Readable bool `cel:"readable"` // it parsed as one supported format
	Empty    bool `cel:"empty"`    // it lists not one component

	Format      string `cel:"format"`      // "CycloneDX", "SPDX"
	SpecVersion string `cel:"specVersion"` // "1.6", "2.3"
	Encoding    string `cel:"encoding"`    // "json", "xml", "tag-value"

	HasAuthor        bool `cel:"hasAuthor"`        // a person or organisation, not only a tool
	HasAuthorContact bool `cel:"hasAuthorContact"` // e-mail or URL of one of them
	HasTimestamp     bool `cel:"hasTimestamp"`     // a valid RFC 3339 time
	TimestampFuture  bool `cel:"timestampFuture"`  // later than the as-of date
	AgeDays          int  `cel:"ageDays"`          // as-of date minus timestamp, in whole days; 0 without timestamp
	HasTool          bool `cel:"hasTool"`
	HasToolVersion   bool `cel:"hasToolVersion"` // some named tool has one
	HasLifecycle     bool `cel:"hasLifecycle"`   // before build, build, after build, …
	HasIdentity      bool `cel:"hasIdentity"`    // serial number or namespace
	Signed           bool `cel:"signed"`
	SignatureTrusted bool `cel:"signatureTrusted"` // verified with a key that the user trusts

	HasSubjectName    bool `cel:"hasSubjectName"` // the product that the document describes
	HasSubjectVersion bool `cel:"hasSubjectVersion"`
	SubjectExpected   bool `cel:"subjectExpected"` // the user said what was ordered
	SubjectMatches    bool `cel:"subjectMatches"`  // the subject is what was ordered

	Components             int  `cel:"components"` // read, at every depth
	DependencyEdges        int  `cel:"dependencyEdges"`
	SubjectHasDependencies bool `cel:"subjectHasDependencies"` // an edge from the subject, or a stated leaf
	DependenciesComplete   bool `cel:"dependenciesComplete"`   // every component has an entry, even an empty one
	CompletenessStated     bool `cel:"completenessStated"`     // complete, incomplete …, but not "unknown"
	Complete               bool `cel:"complete"`               // stated, and stated complete
	Dangling               int  `cel:"dangling"`               // references to what is not listed

	Defects         int `cel:"defects"`
	SevereDefects   int `cel:"severeDefects"`   // breaches of the format's own schema
	Files           int `cel:"files"`           // files that it lists beside the components
	Vulnerabilities int `cel:"vulnerabilities"` // vulnerability statements inside the document

	DefectsOf map[string]int `cel:"defectsOf"` // defects by code; a code without any is missing: "key-twice" in document.defectsOf
}

// Component holds the facts of one component. It is small and comparable on
// purpose: components with equal facts are judged once.
type Component struct {
	Subject         bool `cel:"subject"`         // it is the product itself
	File            bool `cel:"file"`            // type file or data, and not executable
	OperatingSystem bool `cel:"operatingSystem"` // the entry that names the operating system
	External        bool `cel:"external"`        // stated not to be part of the delivery

	HasName         bool `cel:"hasName"`
	PlaceholderName bool `cel:"placeholderName"` // "unknown", "n/a", …

	HasVersion           bool `cel:"hasVersion"`           // some text is there, whatever it says
	VersionExact         bool `cel:"versionExact"`         // concrete: no range, "latest" or placeholder
	VersionUnknownStated bool `cel:"versionUnknownStated"` // said to be unknown (NOASSERTION)

	HasProducer           bool `cel:"hasProducer"`
	ProducerUnknownStated bool `cel:"producerUnknownStated"`
	HasProducerContact    bool `cel:"hasProducerContact"` // e-mail or URL

	HasIdentifier         bool `cel:"hasIdentifier"`   // package URL, CPE, SWID or SWHID
	IdentifierValid       bool `cel:"identifierValid"` // at least one of them has a valid form
	NoIdentifierStated    bool `cel:"noIdentifierStated"`
	IdentifierContradicts bool `cel:"identifierContradicts"` // it names another name or version

	HasHash    bool `cel:"hasHash"`
	StrongHash bool `cel:"strongHash"` // SHA-256 or stronger

	HasLicence           bool `cel:"hasLicence"`
	LicenceUnknownStated bool `cel:"licenceUnknownStated"`

	Support          string `cel:"support"`          // level: supported, security-only, extended, ended, abandoned, unknown
	SupportSystem    bool   `cel:"supportSystem"`    // it is an operating system, or a package that one maintains
	SupportSure      bool   `cel:"supportSure"`      // the product was identified for sure
	SupportDated     bool   `cel:"supportDated"`     // the end of its support is a known day
	SupportMonths    int    `cel:"supportMonths"`    // whole months from the as-of date to that day, at least 0, at most 1200
	SupportStated    bool   `cel:"supportStated"`    // the vendor gives a day, or says why there is none
	SupportDisagrees bool   `cel:"supportDisagrees"` // vendor and end-of-life data name other levels or days

	Assessed   bool `cel:"assessed"`   // looked up, surely or weakly
	OutOfScope bool `cel:"outOfScope"` // nothing that could be looked up
}

// Finding holds the facts of one advisory that affects one component.
type Finding struct {
	Malicious     bool   `cel:"malicious"`     // a malicious package
	Informational bool   `cel:"informational"` // unmaintained and the like: no vulnerability
	Strong        bool   `cel:"strong"`        // the identity of the component is sure
	KEV           bool   `cel:"kev"`           // known to be exploited
	Ransomware    bool   `cel:"ransomware"`
	HasFix        bool   `cel:"hasFix"`
	Automatable   bool   `cel:"automatable"`  // attacks can be automated, by CISA's SSVC
	Exploitation  string `cel:"exploitation"` // none, poc, active, by CISA's SSVC; empty if it says nothing
	EPSSKnown     bool   `cel:"epssKnown"`
	CVSSKnown     bool   `cel:"cvssKnown"`
	Severity      string `cel:"severity"` // none, low, medium, high, critical, unknown

	CVSS float64 `cel:"cvss"` // 0 to 10
	EPSS float64 `cel:"epss"` // 0 to 1
}

// Coverage counts components by state; see assessment.Coverage.
type Coverage struct {
	Components      int     `cel:"components"`
	Assessed        int     `cel:"assessed"`
	Weak            int     `cel:"weak"`
	StarterOnly     int     `cel:"starterOnly"`
	NotAssessed     int     `cel:"notAssessed"`
	OutOfScope      int     `cel:"outOfScope"`
	AssessedShare   float64 `cel:"assessedShare"`   // of those in scope, 0 to 1
	UnassessedShare float64 `cel:"unassessedShare"` // as the score prices it, 0 to 1
}

// Score holds the two numbers of the product and their grades.
type Score struct {
	Known          float64 `cel:"known"`
	WorstCase      float64 `cel:"worstCase"`
	KnownGrade     string  `cel:"knownGrade"` // "A" to "F", or empty
	WorstCaseGrade string  `cel:"worstCaseGrade"`
	Withheld       string  `cel:"withheld"` // why there is no grade; empty if there is
}

// Database holds the facts of the advisory database.
type Database struct {
	Starter     bool `cel:"starter"`
	StaleFeeds  int  `cel:"staleFeeds"` // feeds older than --max-age
	MissingKEV  bool `cel:"missingKEV"` // no known-exploited feed
	MissingEPSS bool `cel:"missingEPSS"`
	MissingEOL  bool `cel:"missingEOL"` // no end-of-life dates
}

// Context holds the facts of the product as a whole, beside its components.
type Context struct {
	AdvisoriesLoaded   bool `cel:"advisoriesLoaded"`   // the database has advisories on devices (CSAF)
	AdvisoriesAffected int  `cel:"advisoriesAffected"` // of those that surely name this product: name this version as affected
	AdvisoriesUnclear  int  `cel:"advisoriesUnclear"`  // may concern this product or version: a person must read them

	Affected string `cel:"affected"` // ids of the first of them
	Unclear  string `cel:"unclear"`
}

// AddComponent adds the facts of one component. Ref is what Rule.Subjects gives
// back for it: its index. Add them in document order.
func (f *Facts) AddComponent(c Component, ref int) { f.components.add(c, ref) }

// AddFinding adds the facts of one finding. Advisory is the number, from 0 on, of
// its alias group, whose findings count as one; ref is what Rule.Subjects gives
// back. Add them worst first.
func (f *Facts) AddFinding(x Finding, advisory, ref int) {
	group := f.findings.add(x, ref)
	f.findings.advisories = max(f.findings.advisories, advisory+1)
	f.findings.rows = append(f.findings.rows, row{group: group, advisory: advisory, ref: ref})
}

// maxSubjects bounds the subjects that a rule names.
const maxSubjects = 20

// subjects groups subjects by equal facts. Only the first of each group are
// kept, which is enough to name the first of any union of groups.
type subjects[F comparable] struct {
	groups []group[F]
	index  map[F]int
	last   int // the group added to last; neighbours are often alike

	// Of findings only.
	rows       []row // in the order added
	advisories int   // numbers of them that were given
}

type group[F comparable] struct {
	facts F
	count int
	refs  []int // the first maxSubjects
}

type row struct{ group, advisory, ref int }

func (s *subjects[F]) add(facts F, ref int) int {
	at, ok := s.last, len(s.groups) > 0
	if !ok || s.groups[at].facts != facts {
		at, ok = s.index[facts]
		if !ok {
			if s.index == nil {
				s.index = make(map[F]int)
			}
			at = len(s.groups)
			s.index[facts] = at
			s.groups = append(s.groups, group[F]{facts: facts})
		}
		s.last = at
	}
	g := &s.groups[at]
	g.count++
	if len(g.refs) < maxSubjects {
		g.refs = append(g.refs, ref)
	}
	return at
}
