// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/safetext"
)

// SARIFOptions are the wishes for a SARIF report.
type SARIFOptions struct {
	// Category sets runs of one commit apart: the part of automationDetails.id
	// after "medsbom/". Empty means the names of the policies.
	Category string
	// MaxResults is how many results are kept, the worst first. Zero means
	// 25,000, GitHub's limit.
	MaxResults int
}

// The limits of GitHub code scanning, and ours.
const (
	githubResults = 25_000
	maxRelated    = 50 // related locations of a result; GitHub takes 1,000
	maxUnread     = 100
)

// SARIF returns the handler that writes SARIF 2.1.0 (OASIS, errata 01) in one
// run. There is one rule for each advisory (alias group) that was found, and
// one for each check that failed or warned. There is one result for each
// finding, at the line of the component in its SBOM, and one for each such
// check of a product, with its worst places as related locations. A product
// whose SBOM is unreadable, empty or missing is a result of doc.readable.
//
// # Severity
//
// The rule property security-severity and the level say the same: error from
// 7.0, warning from 4.0, note below. An advisory has its worst CVSS score, else
// the value of its severity word; unknown counts as high. What is known to be
// exploited, and a malicious package, has at least 9.0. A check has the value
// of its severity.
//
// # Identity
//
// The fingerprints depend on the product's id and the finding's or check's key
// and hold no version and no line, so an alert outlives an update of the SBOM.
// GitHub looks at primaryLocationLineHash alone, so it carries the same value
// as medsbomFinding/v1; its upload action warns about the value it would have
// computed from the line, and keeps ours.
//
// # Limits
//
// Results stand in the order of their points, the worst first. More than
// GitHub takes are cut at the end, and a notification of the run says how many
// are missing.
func SARIF(w io.Writer, opts SARIFOptions) assessment.Handler {
	if opts.MaxResults <= 0 || opts.MaxResults > githubResults {
		opts.MaxResults = githubResults
	}
	return &sarif{w: w, opts: opts, rules: make(map[string]*sarifRuleFacts), files: make(map[string]*sarifFile)}
}

type sarif struct {
	w       io.Writer
	opts    SARIFOptions
	stage   stage
	header  assessment.Header
	rules   map[string]*sarifRuleFacts
	files   map[string]*sarifFile // by URI
	results []reduced
	dropped int
	order   int // of the next result, to keep the sort total
	unread  []string
	notRead int
}

// sarifRuleFacts is what is learnt about a rule before its texts come.
type sarifRuleFacts struct {
	check    *assessment.Rule // nil for an advisory
	severity float64          // 0: none
	kind     string
	kev      *assessment.KEV
	cvss     *assessment.CVSS
	fixed    bool
}

type sarifFile struct{ uri, sha256 string }

// reduced is what is kept of a result until the end.
type reduced struct {
	rule        string
	severity    float64
	points      float64
	order       int
	file        *sarifFile
	line        int32
	column      int32
	text        string
	fingerprint string
	related     []assessment.Subject
}

func (s *sarif) Begin(h *assessment.Header) error {
	if err := s.stage.begin(); err != nil {
		return err
	}
	s.header = *h
	s.header.Policies = slices.Clone(h.Policies)
	s.header.Database.Warnings = slices.Clone(h.Database.Warnings)
	s.header.Database.Feeds = slices.Clone(h.Database.Feeds)
	return nil
}

func (s *sarif) Product(p *assessment.Product) error {
	if err := s.stage.product(); err != nil {
		return err
	}
	file := s.file(p)
	if p.State != assessment.StateAssessed {
		s.unreadable(p, file)
	}
	s.checks(p, file)
	occurrences := make(map[string]int, len(p.Findings))
	for i := range p.Findings {
		s.finding(p, &p.Findings[i], file, occurrences)
	}
	return nil
}

// file returns the artifact of a product's SBOM.
func (s *sarif) file(p *assessment.Product) *sarifFile {
	uri := fileURI(p.SBOM.Path)
	if p.SBOM.Path == "" {
		uri = "missing-sbom/" + escapePath(p.ID) // GitHub refuses an empty one
	}
	f := s.files[uri]
	if f == nil {
		f = &sarifFile{uri: uri, sha256: p.SBOM.SHA256}
		s.files[uri] = f
	}
	return f
}

// keep takes a result up, and now and then drops those with the fewest points beyond the limit.
func (s *sarif) keep(r reduced) {
	r.order = s.order
	s.order++
	s.results = append(s.results, r)
	if len(s.results) >= 2*s.opts.MaxResults {
		s.prune()
	}
}

func (s *sarif) prune() {
	slices.SortFunc(s.results, func(a, b reduced) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(b.severity, a.severity), cmp.Compare(a.order, b.order))
	})
	if over := len(s.results) - s.opts.MaxResults; over > 0 {
		s.dropped += over
		clear(s.results[s.opts.MaxResults:])
		s.results = s.results[:s.opts.MaxResults]
	}
}

const readableCheck = "doc.readable"

func (s *sarif) unreadable(p *assessment.Product, file *sarifFile) {
	r := reduced{
		rule: readableCheck, severity: checkSeverity("blocker"), points: 100, file: file, line: 1,
		fingerprint: fingerprint(p.ID, readableCheck, 1),
	}
	what := productTitle(p.Supplier, p.Name, p.Version)
	switch {
	case p.SBOM.Error != nil:
		r.line, r.column = max(p.SBOM.Error.Line, 1), p.SBOM.Error.Column
		why := p.SBOM.Error.Message
		if p.SBOM.Error.Remedy != "" {
			why += "; " + p.SBOM.Error.Remedy
		}
		r.text = fmt.Sprintf("The SBOM of %s cannot be read: %s", what, sentence(why))
	case p.State == assessment.StateEmpty:
		r.text = fmt.Sprintf("The SBOM of %s lists no components.", what)
	case p.State == assessment.StateBlind:
		r.text = fmt.Sprintf("There is no SBOM of %s.", what)
	default:
		r.text = fmt.Sprintf("The SBOM of %s cannot be read.", what)
	}
	r.text += " Nothing could be checked: return it to the vendor."
	if s.notRead++; len(s.unread) < maxUnread {
		s.unread = append(s.unread, r.text)
	}
	s.ruleOf(readableCheck, r.severity)
	s.keep(r)
}

// ruleOf returns the facts of a rule, its severity the worst that was met.
func (s *sarif) ruleOf(id string, severity float64) *sarifRuleFacts {
	facts := s.rules[id]
	if facts == nil {
		facts = &sarifRuleFacts{}
		s.rules[id] = facts
	}
	facts.severity = max(facts.severity, severity)
	return facts
}

// checks gives one result for each check that failed or warned; the same check
// under two policies is one, as the graver of them has it.
func (s *sarif) checks(p *assessment.Product, file *sarifFile) {
	worst := make(map[string]int)
	var order []string
	for i := range p.Decision.Rules {
		r := &p.Decision.Rules[i]
		if r.State != assessment.Fail && r.State != assessment.Warn || r.Check == readableCheck && p.State != assessment.StateAssessed {
			continue
		}
		at, ok := worst[r.Check]
		if !ok {
			order = append(order, r.Check)
		}
		if !ok || ruleSeverity(r) > ruleSeverity(&p.Decision.Rules[at]) {
			worst[r.Check] = i
		}
	}
	for _, check := range order {
		r := &p.Decision.Rules[worst[check]]
		severity := ruleSeverity(r)
		facts := s.ruleOf(check, severity)
		if facts.check == nil {
			clone := *r
			clone.Subjects, clone.Clauses = nil, slices.Clone(r.Clauses)
			facts.check = &clone
		}
		out := reduced{
			rule: check, severity: severity, points: severity * 10, file: file, line: 1,
			fingerprint: fingerprint(p.ID, check, 1),
		}
		out.text = productTitle(p.Supplier, p.Name, p.Version) + ": " + sentence(cmp.Or(r.Message, r.Title))
		if r.Remedy != "" {
			out.text += " " + sentence(r.Remedy)
		}
		subjects := r.Subjects
		if len(subjects) > 0 && subjects[0].Line > 0 {
			out.line, out.column = subjects[0].Line, subjects[0].Column
		}
		for _, subject := range subjects {
			if subject.Line > 0 && len(out.related) < maxRelated {
				out.related = append(out.related, subject)
			}
		}
		s.keep(out)
	}
}

func (s *sarif) finding(p *assessment.Product, f *assessment.Finding, file *sarifFile, occurrences map[string]int) {
	severity := findingSeverity(f)
	facts := s.ruleOf(f.ID, severity)
	facts.kind = f.Kind
	if f.KEV != nil && facts.kev == nil {
		clone := *f.KEV
		facts.kev = &clone
	}
	if f.CVSS != nil && (facts.cvss == nil || f.CVSS.Score > facts.cvss.Score) {
		clone := *f.CVSS
		facts.cvss = &clone
	}
	facts.fixed = facts.fixed || len(f.Fixed) > 0
	occurrences[f.Key]++
	s.keep(reduced{
		rule: f.ID, severity: severity, points: f.Points, file: file, line: max(f.Line, 1), column: f.Column,
		text: findingText(p, f), fingerprint: fingerprint(p.ID, f.Key, occurrences[f.Key]),
	})
}

// findingText is one finding in a sentence or three.
func findingText(p *assessment.Product, f *assessment.Finding) string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(f.Name + " " + f.Version))
	verb := " is affected by "
	switch {
	case f.Kind == assessment.KindMalicious:
		verb = " is a malicious package: "
	case f.Match.Confidence == "possible":
		verb = " may be affected by "
	case f.Kind == assessment.KindInformational:
		verb = " has a notice: "
	}
	b.WriteString(verb + f.ID + " (severity " + cmp.Or(f.Severity, "unknown"))
	if f.KEV != nil {
		b.WriteString(", known to be exploited")
	} else if s := f.SSVC; s != nil {
		switch s.Exploitation {
		case "active":
			b.WriteString(", exploited by CISA's account")
		case "poc":
			b.WriteString(", a way to exploit it is public")
		}
	}
	b.WriteString("). ")
	switch {
	case f.Kind == assessment.KindMalicious:
		b.WriteString("Remove it.")
	case len(f.Fixed) > 0:
		b.WriteString("Fixed in " + strings.Join(f.Fixed, ", ") + ".")
	default:
		b.WriteString("No fix is known.")
	}
	if f.Match.Confidence != "strong" && f.Match.Confidence != "" {
		b.WriteString(" The identity of the component is " + f.Match.Confidence + " (" + f.Match.Evidence + "): confirm with the vendor.")
	}
	if f.Match.Caveat != "" {
		b.WriteString(" Note: " + sentence(f.Match.Caveat))
	}
	b.WriteString(" Product: " + productTitle(p.Supplier, p.Name, p.Version) + ".")
	return b.String()
}

// sentence closes a text with one full stop.
func sentence(text string) string { return strings.TrimSuffix(text, ".") + "." }

func (s *sarif) End(t *assessment.Trailer) error {
	if err := s.stage.end(); err != nil {
		return err
	}
	s.prune()
	w := bufio.NewWriterSize(s.w, flushAt)
	err := s.write(w, t)
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing SARIF report: %w", err)
	}
	return nil
}

// The severities of SARIF consumers, on the scale of CVSS.
const (
	errorFrom   = 7.0
	warningFrom = 4.0
	certainly   = 9.0 // at least this for what is exploited or malicious
)

func level(severity float64) string {
	switch {
	case severity >= errorFrom:
		return "error"
	case severity >= warningFrom:
		return "warning"
	}
	return "note"
}

// findingSeverity puts a finding on the scale of CVSS.
func findingSeverity(f *assessment.Finding) float64 {
	if f.Kind == assessment.KindInformational {
		return 0
	}
	severity := severityWord(f.Severity)
	if f.CVSS != nil {
		severity = f.CVSS.Score
	}
	if f.KEV != nil || f.Kind == assessment.KindMalicious {
		severity = max(severity, certainly)
	}
	return severity
}

// severityWord is a severity without a score: the middle of its band. Unknown
// counts as high: what nobody has rated must not pass for harmless.
func severityWord(word string) float64 {
	switch word {
	case "critical":
		return 9.5
	case "high":
		return 8.0
	case "medium":
		return 5.5
	case "low":
		return 2.0
	case "none":
		return 0
	}
	return errorFrom
}

// ruleSeverity is that of a check; one that only warned is never an error.
func ruleSeverity(r *assessment.Rule) float64 {
	severity := checkSeverity(r.Severity)
	if r.State == assessment.Warn {
		severity = min(severity, 2.0)
	}
	return severity
}

func checkSeverity(word string) float64 {
	switch word {
	case "blocker":
		return 9.5
	case "high":
		return 8.0
	case "medium":
		return 5.5
	case "low":
		return 2.0
	}
	return 0
}

// fingerprint identifies a result over versions of product, component and
// SBOM. The occurrence sets apart several components with one key.
func fingerprint(product, key string, occurrence int) string {
	sum := sha256.Sum256([]byte(product + "\x00" + key))
	return hex.EncodeToString(sum[:16]) + ":" + strconv.Itoa(occurrence)
}

// fileURI is a path as a URI reference (RFC 3986): relative as it was given,
// with forward slashes; an absolute one as a file URI.
func fileURI(path string) string {
	if path == "-" {
		return "stdin"
	}
	path = strings.ReplaceAll(path, `\`, "/")
	for strings.HasPrefix(path, "./") {
		path = strings.TrimLeft(path[2:], "/")
	}
	switch {
	case strings.HasPrefix(path, "/"):
		return "file://" + escapePath(path)
	case len(path) > 2 && path[1] == ':' && path[2] == '/': // C:/
		return "file:///" + path[:2] + escapePath(path[2:])
	}
	return escapePath(path)
}

// escapePath keeps the unreserved characters and slashes, and escapes the rest
// byte by byte.
func escapePath(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/@+,", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// message is text for SARIF's plain-text messages: harmless, and without the
// embedded links of SARIF 2.1.0 §3.11.6, which a component's name could forge.
func message(text string) string {
	text = safetext.Line(text)
	if strings.Contains(text, "](") {
		text = strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text)
	}
	return text
}
