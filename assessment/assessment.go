// SPDX-License-Identifier: Apache-2.0

// Package assessment is the result document medsbom/assessment/v1: plain data
// that every report is made from, and nothing else. A scan emits it as a
// stream of three messages, so that a thousand products need not lie in memory
// at once: one Header, each Product in input order, one Trailer. A saved JSON
// document replays as the same stream (Read), so any format can be made later
// without another scan.
//
// # Promises
//
// Lower camel case; lists sorted by a stated key; absent means absent, never
// zero. Fields may be added in v1, never removed or given another meaning.
// The same inputs, database, policies and date give the same bytes.
//
// Text that came from an SBOM is kept as it was read. Whoever prints it
// neutralises it for the medium (internal/safetext).
package assessment

import (
	"iter"
	"slices"
)

// Schema names this version of the document.
const Schema = "medsbom/assessment/v1"

// A Handler takes the stream of one scan: Begin once, Product for each product
// in input order, End once. Every report format is a Handler.
type Handler interface {
	Begin(*Header) error
	Product(*Product) error
	End(*Trailer) error
}

// Header is what is known before the first product.
type Header struct {
	Schema   string   `json:"schema"`
	Tool     Tool     `json:"tool"`
	AsOf     string   `json:"asOf"` // date, YYYY-MM-DD
	Database Database `json:"database"`
	Policies []Policy `json:"policies"`
}

// Trailer is what is known after the last product.
type Trailer struct {
	Advisories map[string]*Advisory `json:"advisories"` // by advisory id
	Inputs     []Input              `json:"inputs"`     // every file met, sorted by path
	Suppliers  []Supplier           `json:"suppliers"`  // sorted by name
	Summary    Summary              `json:"summary"`
}

// Advisory returns the advisory of an id. A document that was saved may lack
// it: then it says nothing.
func (t *Trailer) Advisory(id string) *Advisory {
	if a := t.Advisories[id]; a != nil {
		return a
	}
	return &Advisory{}
}

// Tool is the program that made the document.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Database identifies the advisory database.
type Database struct {
	Kind     string    `json:"kind"` // "full" or "starter"
	Digest   string    `json:"digest"`
	Built    string    `json:"built,omitempty"`
	Feeds    []Feed    `json:"feeds"`    // sorted by name
	Releases []Release `json:"releases"` // those that this scan's components needed, sorted by ecosystem, release
	Warnings []string  `json:"warnings,omitempty"`
}

// Feed is one source of the database.
type Feed struct {
	Name    string `json:"name"` // "osv/npm", "kev", "epss", "ssvc", "cvss", "csaf"
	Date    string `json:"date,omitempty"`
	Records int    `json:"records"`
	AgeDays int    `json:"ageDays"`
	Stale   bool   `json:"stale,omitempty"` // older than --max-age
}

// Release is the coverage of one ecosystem or of one release of a distribution.
type Release struct {
	Ecosystem string `json:"ecosystem"`
	Release   string `json:"release,omitempty"`
	Newest    string `json:"newest,omitempty"` // date of the newest record
	Records   int    `json:"records"`
}

// Policy identifies a pack in use.
type Policy struct {
	ID      string `json:"id"`
	Title   string `json:"title,omitempty"`
	Edition string `json:"edition,omitempty"`
	Digest  string `json:"digest"`
}

// Input is one file that was met.
type Input struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256,omitempty"`
	Kind   string `json:"kind"` // "sbom", "vex", "csaf", "pdf", "configuration", "other", …
	Used   bool   `json:"used"`
	Reason string `json:"reason,omitempty"` // why it was not used, or what was wrong
}

// The states of a product.
const (
	StateAssessed   = "assessed"
	StateUnreadable = "unreadable"
	StateEmpty      = "empty"
	StateBlind      = "blind"
)

// Product is one product of a supplier, with its SBOM and everything found.
type Product struct {
	ID         string         `json:"id"`
	Supplier   string         `json:"supplier"`
	Name       string         `json:"name"`
	Version    string         `json:"version,omitempty"`
	Binding    Binding        `json:"binding"`
	State      string         `json:"state"`
	SBOM       SBOM           `json:"sbom"`
	Decision   Decision       `json:"decision"`
	Score      Score          `json:"score"`
	Coverage   Coverage       `json:"coverage"`
	Support    *SupportCounts `json:"support,omitempty"` // absent if no component was read
	Context    *Context       `json:"context,omitempty"`
	Components Components     `json:"components"` // in document order, the unlisted subject first
	Findings   []Finding      `json:"findings"`   // most points first, then key, then component
}

// Binding says where the names of a product come from.
type Binding struct {
	Supplier string `json:"supplier"` // "flag", "configuration", "folder", "document", "file", "unknown"
	Product  string `json:"product"`
	Version  string `json:"version,omitempty"`
	// Ordered is what the user said was ordered, if anything.
	Ordered *Ordered `json:"ordered,omitempty"`
}

// Ordered is the product that the buyer expects.
type Ordered struct {
	Supplier string `json:"supplier,omitempty"`
	Product  string `json:"product,omitempty"`
	Version  string `json:"version,omitempty"`
}

// SBOM describes the document.
type SBOM struct {
	Path         string         `json:"path"`
	SHA256       string         `json:"sha256,omitempty"`
	Format       string         `json:"format,omitempty"`
	SpecVersion  string         `json:"specVersion,omitempty"`
	Encoding     string         `json:"encoding,omitempty"`
	ID           string         `json:"id,omitempty"`
	Generator    []string       `json:"generator,omitempty"`
	Authors      []string       `json:"authors,omitempty"`
	Created      string         `json:"created,omitempty"`
	Lifecycle    []string       `json:"lifecycle,omitempty"`
	Completeness string         `json:"completeness,omitempty"`
	Wrapping     []string       `json:"wrapping,omitempty"`  // what it was taken out of, outermost first: "zip", "dsse"
	Signature    string         `json:"signature,omitempty"` // what is known of its signatures, in words
	Signatures   []Signature    `json:"signatures,omitempty"`
	Statements   int            `json:"statements,omitempty"` // vulnerability statements inside; they are counted and change nothing
	Services     int            `json:"services,omitempty"`
	Files        int            `json:"files,omitempty"`     // files that it lists beside the components
	Documents    []Document     `json:"documents,omitempty"` // other documents that it refers to; none is ever fetched
	Subject      string         `json:"subject,omitempty"`   // name and version that the document gives the product
	Error        *Defect        `json:"error,omitempty"`     // why it could not be read
	Defects      []Defect       `json:"defects,omitempty"`
	DefectCounts map[string]int `json:"defectCounts,omitempty"`
}

// Signature is one signature of an SBOM.
type Signature struct {
	Kind      string `json:"kind"` // "jsf", "dsse", "xml-dsig", "sigstore"
	Algorithm string `json:"algorithm,omitempty"`
	KeyID     string `json:"keyId,omitempty"`
	State     string `json:"state"`            // "unverified", "intact", "broken", "trusted"
	Key       string `json:"key,omitempty"`    // the trusted key
	Reason    string `json:"reason,omitempty"` // why it is not trusted
}

// Document is another document that an SBOM refers to.
type Document struct {
	ID  string `json:"id,omitempty"`
	URI string `json:"uri,omitempty"`
}

// Defect is something wrong in an SBOM.
type Defect struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Value   string `json:"value,omitempty"`
	Remedy  string `json:"remedy,omitempty"`
	Line    int32  `json:"line,omitempty"`
	Column  int32  `json:"column,omitempty"`
}

// The outcomes of a decision, and the classes of a rule or decision.
const (
	Accept               = "accept"
	AcceptWithConditions = "accept-with-conditions"
	Reject               = "reject"

	ClassRisk     = "risk"     // known to be bad
	ClassEvidence = "evidence" // cannot tell
)

// Decision is what the policies say.
type Decision struct {
	Outcome    string      `json:"outcome"`
	Class      string      `json:"class,omitempty"` // of the rules that led to it; absent for accept
	Sentence   string      `json:"sentence"`        // the decision in plain words
	Rules      []Rule      `json:"rules"`           // sorted by policy, then as the pack lists them
	Conditions []Condition `json:"conditions"`
	Questions  []Question  `json:"questions"` // for the vendor, by cause, most important first
}

// The states of a rule.
const (
	Pass          = "pass"
	Fail          = "fail"
	Warn          = "warn"
	NotApplicable = "not-applicable"
	NotAssessed   = "not-assessed"
)

// Rule is the result of one check under one policy.
type Rule struct {
	Policy   string    `json:"policy"`
	Check    string    `json:"check"`
	Title    string    `json:"title"`
	State    string    `json:"state"`
	Severity string    `json:"severity"` // blocker, high, medium, low, info
	Class    string    `json:"class"`
	Message  string    `json:"message"`
	Remedy   string    `json:"remedy,omitempty"`
	Clauses  []string  `json:"clauses,omitempty"`
	Count    int       `json:"count,omitempty"`    // how many subjects fail
	Subjects []Subject `json:"subjects,omitempty"` // the first or worst of them
}

// Subject is one thing that a rule speaks of, with its place.
type Subject struct {
	Component string `json:"component,omitempty"` // component key
	Name      string `json:"name,omitempty"`      // as written, with version
	Finding   string `json:"finding,omitempty"`   // finding key
	Line      int32  `json:"line,omitempty"`
	Column    int32  `json:"column,omitempty"`
}

// Condition is something to be fulfilled for an acceptance.
type Condition struct {
	Check string `json:"check"`
	Class string `json:"class"`
	Text  string `json:"text"`
	Owner string `json:"owner"` // "vendor" or "buyer"
}

// Question is one request to the vendor, by cause.
type Question struct {
	Cause string `json:"cause"` // check or evidence rule that it comes from
	Text  string `json:"text"`
	Count int    `json:"count,omitempty"` // components or findings that it is about
}

// Score holds the two numbers, 0 best to 100 worst, always together.
type Score struct {
	Model         string         `json:"model"`
	Known         Number         `json:"known"`              // what we know is wrong
	WorstCase     Number         `json:"worstCase"`          // what it may be
	Withheld      string         `json:"withheld,omitempty"` // why no grade is given
	Contributions []Contribution `json:"contributions"`      // to worstCase, largest first; shares add up to it
}

// Number is a score with its grade.
type Number struct {
	Value float64 `json:"value"`           // rounded to 0.1
	Grade string  `json:"grade,omitempty"` // A to F; absent if withheld
}

// Contribution is one issue's part of the worst case.
type Contribution struct {
	Issue    string  `json:"issue"`
	Title    string  `json:"title"`
	Points   float64 `json:"points"`
	Share    float64 `json:"share"`
	Class    string  `json:"class"`
	Known    bool    `json:"known"` // counts for the known score too
	Rule     string  `json:"rule"`  // how the points came about, in numbers
	Subject  Subject `json:"subject"`
	Evidence string  `json:"evidence"`
	Action   string  `json:"action"`
}

// The states of a component. Each component is in exactly one.
const (
	Assessed       = "assessed"
	AssessedWeakly = "assessed-weakly"
	StarterOnly    = "starter-only"
	NotAssessedYet = "not-assessed"
	OutOfScope     = "out-of-scope"
)

// Context is what is known of the product as a whole, beside its parts.
type Context struct {
	Lookup     AdvisoryLookup    `json:"lookup"`
	Advisories []ProductAdvisory `json:"advisories,omitempty"` // surest first, then those that affect this version, then the newest; at most 50
}

// The states of a look-up.
const (
	LookupDone    = "done"
	LookupNotDone = "not-done"
)

// AdvisoryLookup says where advisories on the product were looked for. None found
// means none in this feed of this date under these names, and no more.
type AdvisoryLookup struct {
	State   string   `json:"state"`            // "done" or "not-done"
	Reason  string   `json:"reason,omitempty"` // why not
	Feed    string   `json:"feed,omitempty"`
	Date    string   `json:"date,omitempty"` // of the feed; absent: not known
	Records int      `json:"records,omitempty"`
	Names   []string `json:"names,omitempty"` // of vendor and product, as they were looked up
	Found   int      `json:"found"`           // advisories, those left out of the list too
}

// What an advisory says of the version of a product.
const (
	VersionAffected   = "affected"
	VersionUnclear    = "unclear"    // cannot be compared: read it
	VersionNotStated  = "not-stated" // nobody says which version the product has
	VersionOther      = "other"      // other versions are affected
	VersionUnaffected = "unaffected" // named as not affected or fixed
)

// ProductAdvisory is an advisory that names the product, or may.
type ProductAdvisory struct {
	ID         string   `json:"id"`
	Title      string   `json:"title,omitempty"`
	URL        string   `json:"url,omitempty"`
	Published  string   `json:"published,omitempty"`
	Updated    string   `json:"updated,omitempty"`
	CVEs       []string `json:"cves,omitempty"`
	Exploited  []string `json:"exploited,omitempty"` // of these, known to be exploited (KEV)
	CVSS       *CVSS    `json:"cvss,omitempty"`      // the highest that it states
	Remedy     string   `json:"remedy,omitempty"`    // in its own words
	Vendor     string   `json:"vendor,omitempty"`    // as it writes it
	Product    string   `json:"product"`
	Versions   []string `json:"versions,omitempty"` // of this product, as it writes them
	Confidence string   `json:"confidence"`         // "strong": vendor and product are the same; "possible"
	Version    string   `json:"version"`            // "affected", "unclear", "not-stated", "other", "unaffected"
	Why        string   `json:"why"`                // which names agree, and who says them
}

// Coverage counts components by state. Assessed + Weak + StarterOnly +
// NotAssessed + OutOfScope = Components.
type Coverage struct {
	Components  int            `json:"components"`
	Assessed    int            `json:"assessed"`
	Weak        int            `json:"weak"`
	StarterOnly int            `json:"starterOnly"`
	NotAssessed int            `json:"notAssessed"`
	OutOfScope  int            `json:"outOfScope"`
	Reasons     map[string]int `json:"reasons"` // of weak, not assessed and out of scope
}

// Components are those of one product. A saved document's are a List; a scan
// makes each when it is asked for, so that those of a large document are never
// all there at once.
type Components interface {
	Len() int
	// At returns the component at an index, which holds with its lists until the
	// next call.
	At(i int) *Component
}

// A List holds all components of a product.
type List []Component

// Len is the number of components.
func (l List) Len() int { return len(l) }

// At returns the component at an index.
func (l List) At(i int) *Component { return &l[i] }

// All gives the components of a product one by one, each with its index.
func (p *Product) All() iter.Seq2[int, *Component] {
	return func(yield func(int, *Component) bool) {
		if p.Components == nil {
			return
		}
		for i := range p.Components.Len() {
			if !yield(i, p.Components.At(i)) {
				return
			}
		}
	}
}

// Component is one component as read and as judged.
type Component struct {
	Key        string     `json:"key"`
	Ref        string     `json:"ref,omitempty"`
	Name       string     `json:"name"`
	Group      string     `json:"group,omitempty"`
	Version    string     `json:"version,omitempty"`
	Type       string     `json:"type,omitempty"`
	PURL       string     `json:"purl,omitempty"`
	Producer   string     `json:"producer,omitempty"`
	Licences   []string   `json:"licences,omitempty"`
	Hashes     []string   `json:"hashes,omitempty"`  // "SHA-256:…"
	Support    *Support   `json:"support,omitempty"` // absent if there is no data about it
	State      string     `json:"state"`
	Reason     string     `json:"reason,omitempty"`
	Identities []Identity `json:"identities,omitempty"`
	Places     []Place    `json:"places"`
	DependsOn  []string   `json:"dependsOn,omitempty"` // refs
	Subject    bool       `json:"subject,omitempty"`
	// Upgrade is the lowest version above its own that no record of the database
	// affects; absent if none is known or nothing was found.
	Upgrade string `json:"upgrade,omitempty"`
}

// Clone returns the component with lists of its own.
func (c *Component) Clone() Component {
	out := *c
	out.Licences, out.Hashes, out.DependsOn = slices.Clone(c.Licences), slices.Clone(c.Hashes), slices.Clone(c.DependsOn)
	out.Identities, out.Places = slices.Clone(c.Identities), slices.Clone(c.Places)
	return out
}

// Identity is what a component was matched as.
type Identity struct {
	Ecosystem  string `json:"ecosystem"`
	Release    string `json:"release,omitempty"`
	Name       string `json:"name"`
	Version    string `json:"version,omitempty"`
	Evidence   string `json:"evidence"`
	Confidence string `json:"confidence"` // "strong", "weak", "possible"
}

// Place is where a component stands in its SBOM.
type Place struct {
	Line   int32 `json:"line"`
	Column int32 `json:"column"`
}

// The kinds of finding.
const (
	KindVulnerability = "vulnerability"
	KindMalicious     = "malicious"
	KindInformational = "informational" // unmaintained, unsound, bug fixes: no points
)

// Finding is one advisory that affects one component.
type Finding struct {
	Key        string   `json:"key"` // advisory id + component key
	ID         string   `json:"id"`  // advisory id, into Trailer.Advisories
	Aliases    []string `json:"aliases,omitempty"`
	Kind       string   `json:"kind"`
	Component  int      `json:"component"` // index into Product.Components
	Name       string   `json:"name"`      // of the component
	Version    string   `json:"version,omitempty"`
	PURL       string   `json:"purl,omitempty"`
	Match      Match    `json:"match"`
	Severity   string   `json:"severity"` // none, low, medium, high, critical, unknown
	CVSS       *CVSS    `json:"cvss,omitempty"`
	KEV        *KEV     `json:"kev,omitempty"`
	EPSS       *EPSS    `json:"epss,omitempty"`
	SSVC       *SSVC    `json:"ssvc,omitempty"`
	Fixed      []string `json:"fixed,omitempty"` // of the range that holds the version
	Points     float64  `json:"points"`
	PointsRule string   `json:"pointsRule,omitempty"`
	Line       int32    `json:"line,omitempty"`
	Column     int32    `json:"column,omitempty"`
}

// Match says why an advisory was taken to affect a component.
type Match struct {
	Advisories []string `json:"advisories"` // the records that matched, sorted
	Ecosystem  string   `json:"ecosystem"`
	Release    string   `json:"release,omitempty"`
	Package    string   `json:"package"`
	Range      string   `json:"range"` // the range or list that holds the version, in words
	Confidence string   `json:"confidence"`
	Evidence   string   `json:"evidence"`
	Caveat     string   `json:"caveat,omitempty"`
	// Records is what each of several records says, by id; of one alone the match
	// itself does.
	Records []Record `json:"records,omitempty"`
}

// Record is what one advisory record says of a component.
type Record struct {
	ID         string `json:"id"`
	Ecosystem  string `json:"ecosystem"`
	Release    string `json:"release,omitempty"`
	Package    string `json:"package"`
	Range      string `json:"range"`
	Fixed      string `json:"fixed,omitempty"` // ends the range
	Confidence string `json:"confidence"`
	Caveat     string `json:"caveat,omitempty"`
}

// CVSS is the vector that the severity was taken from.
type CVSS struct {
	Vector string  `json:"vector"`
	Score  float64 `json:"score"`
	Source string  `json:"source"` // the record that carries it, or "CVE-… by …" where none does
}

// KEV says that a vulnerability is known to be exploited.
type KEV struct {
	CVE        string `json:"cve"`
	Added      string `json:"added,omitempty"`
	Ransomware bool   `json:"ransomware"`
}

// EPSS is the estimated chance of exploitation activity within 30 days.
type EPSS struct {
	CVE        string  `json:"cve"`
	Score      float64 `json:"score"`
	Percentile float64 `json:"percentile"`
}

// SSVC is CISA's decision points: what is known of exploitation, whether attacks
// can be automated, what they gain. A point that CISA does not give is absent. Of
// several CVEs it is the worst one's.
type SSVC struct {
	CVE             string `json:"cve"`
	Exploitation    string `json:"exploitation,omitempty"`    // "none", "poc", "active"
	Automatable     string `json:"automatable,omitempty"`     // "no", "yes"
	TechnicalImpact string `json:"technicalImpact,omitempty"` // "partial", "total"
	Date            string `json:"date,omitempty"`
}

// Advisory is told once, however many components it affects.
type Advisory struct {
	Aliases    []string   `json:"aliases,omitempty"`
	Upstream   []string   `json:"upstream,omitempty"`
	CVEs       []string   `json:"cves,omitempty"` // that it speaks of, where it is an advisory on several or bears no CVE's name
	Summary    string     `json:"summary,omitempty"`
	Published  string     `json:"published,omitempty"`
	Modified   string     `json:"modified,omitempty"`
	Severities []Severity `json:"severities,omitempty"`
	References []string   `json:"references,omitempty"`
	CWEs       []string   `json:"cwes,omitempty"`
	Kind       string     `json:"kind"`
}

// Severity is one statement of severity.
type Severity struct {
	Type   string `json:"type"` // CVSS_V2, CVSS_V3, CVSS_V4, word
	Score  string `json:"score"`
	Source string `json:"source"` // the record that states it, or "CVE-… by …"
}

// Supplier collects the products of one supplier in this scan.
type Supplier struct {
	Name         string   `json:"name"`
	Score        Score    `json:"score"`
	Distribution []Number `json:"distribution"` // worst cases of its products, worst first
	Products     []string `json:"products"`     // ids, worst first
}

// Summary is the scan at a glance.
type Summary struct {
	Ranking  []Ranked `json:"ranking"`  // worst first; what could not be assessed at the bottom
	Worklist []Work   `json:"worklist"` // by cause, most products first
	Counts   Counts   `json:"counts"`
	Exit     Exit     `json:"exit"`
}

// Ranked is one product in the ranking.
type Ranked struct {
	Product  string `json:"product"`
	Path     string `json:"path,omitempty"` // of its SBOM
	Supplier string `json:"supplier"`
	Name     string `json:"name"`
	Version  string `json:"version,omitempty"`
	State    string `json:"state"`
	// NothingAssessed is true if not one component could be looked up: such a
	// product stands at the bottom with those that have no readable SBOM.
	NothingAssessed bool   `json:"nothingAssessed,omitempty"`
	Outcome         string `json:"outcome"`
	Class           string `json:"class,omitempty"`
	Known           Number `json:"known"`
	WorstCase       Number `json:"worstCase"`
	Why             string `json:"why"`
}

// Work is one thing to do across products.
type Work struct {
	Cause     string   `json:"cause"` // "openssl 1.1.1k: update", "doc.author: …"
	Action    string   `json:"action"`
	Class     string   `json:"class"`
	Products  []string `json:"products"`  // ids, sorted
	Suppliers []string `json:"suppliers"` // sorted
	Findings  int      `json:"findings,omitempty"`
	KEV       bool     `json:"kev,omitempty"`
	Points    float64  `json:"points"` // the highest of any product
}

// Counts of the whole scan.
type Counts struct {
	Products   int            `json:"products"`
	Outcomes   map[string]int `json:"outcomes"`
	Components Coverage       `json:"components"`
	Findings   int            `json:"findings"`
	KEV        int            `json:"kev"`
	Files      int            `json:"files"`
	FilesUsed  int            `json:"filesUsed"`
}

// Exit is the exit code and why.
type Exit struct {
	Code   int    `json:"code"`
	Reason string `json:"reason"`
}
