// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
	"github.com/medsbom/medsbom/internal/safetext"
)

// These are the parts of SARIF 2.1.0 that we write. go-sarif has all of it,
// but writes every optional member, so that a result takes 2.1 KB where ours
// takes 0.75 (mean of 7,914 real ones), gives indices of -1 that some consumers
// trip over, and links a JSON Schema library into the program.

type sarifDriver struct {
	Name            string `json:"name"`
	InformationURI  string `json:"informationUri"`
	Version         string `json:"version,omitempty"`
	SemanticVersion string `json:"semanticVersion"`
}

type sarifRule struct {
	ID               string          `json:"id"`
	DeprecatedIDs    []string        `json:"deprecatedIds,omitempty"`
	ShortDescription sarifText       `json:"shortDescription"`
	FullDescription  sarifText       `json:"fullDescription"`
	Help             sarifText       `json:"help"`
	HelpURI          string          `json:"helpUri,omitempty"`
	Default          sarifConfig     `json:"defaultConfiguration"`
	Properties       sarifProperties `json:"properties"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifConfig struct {
	Level string `json:"level"`
}

type sarifProperties struct {
	Tags     []string `json:"tags"`
	Severity string   `json:"security-severity,omitempty"`
	CVSS     string   `json:"cvss,omitempty"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Related      []sarifLocation   `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	ID       *int          `json:"id,omitempty"`
	Physical sarifPhysical `json:"physicalLocation"`
	Message  *sarifText    `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifactRef `json:"artifactLocation"`
	Region   sarifRegion      `json:"region"`
}

type sarifArtifactRef struct {
	URI   string `json:"uri"`
	Index int    `json:"index"`
}

type sarifRegion struct {
	StartLine   int32 `json:"startLine"`
	StartColumn int32 `json:"startColumn,omitzero"`
}

type sarifArtifact struct {
	Location struct {
		URI string `json:"uri"`
	} `json:"location"`
	Hashes map[string]string `json:"hashes,omitempty"`
}

type sarifInvocation struct {
	Successful      bool                `json:"executionSuccessful"`
	ExitCode        int                 `json:"exitCode"`
	ExitDescription string              `json:"exitCodeDescription,omitempty"`
	Notifications   []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level      string           `json:"level"`
	Message    sarifText        `json:"message"`
	Descriptor *sarifDescriptor `json:"descriptor,omitempty"`
}

type sarifDescriptor struct {
	ID string `json:"id"`
}

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	projectURI  = "https://github.com/medsbom/medsbom"
	// maxDescription is what GitHub shows of a description.
	maxDescription = 1000
	maxReferences  = 10
)

// write puts the log out, one rule, artifact and result a line.
func (s *sarif) write(w *bufio.Writer, t *assessment.Trailer) error {
	used := make(map[string]bool)
	for i := range s.results {
		used[s.results[i].rule] = true
	}
	ids := slices.Sorted(maps.Keys(used))
	ruleIndex := make(map[string]int, len(ids))
	driver := sarifDriver{
		Name: "medsbom", InformationURI: projectURI,
		Version: safetext.Line(s.header.Tool.Version), SemanticVersion: semanticVersion(s.header.Tool.Version),
	}
	rules := make([]sarifRule, len(ids))
	for i, id := range ids {
		ruleIndex[id] = i
		if facts := s.rules[id]; facts.kind != "" {
			rules[i] = advisoryRule(id, facts, t.Advisory(id))
		} else {
			rules[i] = checkRule(id, facts)
		}
	}
	uris := slices.Sorted(maps.Keys(s.files))
	fileIndex := make(map[string]int, len(uris))
	artifacts := make([]sarifArtifact, len(uris))
	for i, uri := range uris {
		fileIndex[uri] = i
		artifacts[i].Location.URI = uri
		if sum := s.files[uri].sha256; sum != "" {
			artifacts[i].Hashes = map[string]string{"sha-256": sum}
		}
	}

	e := &sarifEncoder{w: w}
	e.raw("{\n\"$schema\":")
	e.value(sarifSchema)
	e.raw(",\n\"version\":\"2.1.0\",\n\"runs\":[{\n\"tool\":{\"driver\":{\"rules\":[")
	for i := range rules {
		e.raw(separator(i))
		e.value(&rules[i])
	}
	e.raw(closing(len(rules)) + ",")
	e.members(driver)
	e.raw("},\n\"automationDetails\":")
	e.value(struct {
		ID string `json:"id"`
	}{s.automationID()})
	e.raw(",\n\"invocations\":")
	e.value([]sarifInvocation{s.invocation(t)})
	e.raw(",\n\"columnKind\":\"unicodeCodePoints\",\n\"artifacts\":")
	e.value(artifacts)
	e.raw(",\n\"results\":[")
	for i := range s.results {
		e.raw(separator(i))
		e.value(s.result(&s.results[i], ruleIndex, fileIndex))
	}
	e.raw(closing(len(s.results)))
	e.raw("\n}]\n}\n")
	return e.err
}

// sarifEncoder writes values in lines; errors stick.
type sarifEncoder struct {
	w   *bufio.Writer
	buf []byte
	err error
}

func (e *sarifEncoder) raw(text string) {
	if e.err == nil {
		_, e.err = e.w.WriteString(text)
	}
}

func (e *sarifEncoder) value(v any) { e.encode(v, 0) }

// members writes the members of an object that is open, and closes it.
func (e *sarifEncoder) members(v any) { e.encode(v, 1) }

func (e *sarifEncoder) encode(v any, skip int) {
	if e.err != nil {
		return
	}
	text, err := json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		e.err = err
		return
	}
	e.buf = appendHarmless(e.buf[:0], text[skip:])
	_, e.err = e.w.Write(e.buf)
}

func (s *sarif) result(r *reduced, rules, files map[string]int) sarifResult {
	place := func(line, column int32) sarifPhysical {
		return sarifPhysical{
			Artifact: sarifArtifactRef{URI: r.file.uri, Index: files[r.file.uri]},
			Region:   sarifRegion{StartLine: line, StartColumn: column},
		}
	}
	out := sarifResult{
		RuleID: r.rule, RuleIndex: rules[r.rule], Level: level(r.severity),
		Message:      sarifText{Text: message(r.text)},
		Locations:    []sarifLocation{{Physical: place(r.line, r.column)}},
		Fingerprints: map[string]string{"medsbomFinding/v1": r.fingerprint, "primaryLocationLineHash": r.fingerprint},
	}
	for i, subject := range r.related {
		id := i + 1
		out.Related = append(out.Related, sarifLocation{
			ID: &id, Physical: place(subject.Line, subject.Column),
			Message: &sarifText{Text: message(cmp.Or(subject.Name, subject.Component, "here"))},
		})
	}
	return out
}

// automationID sets this run apart from others of the same commit: what stands
// before the last slash is GitHub's category.
func (s *sarif) automationID() string {
	category := s.opts.Category
	if category == "" {
		ids := make([]string, len(s.header.Policies))
		for i, p := range s.header.Policies {
			ids[i] = p.ID
		}
		category = strings.Join(ids, "+")
	}
	return "medsbom/" + strings.Trim(safetext.Line(category), "/") + "/"
}

// invocation tells what the results do not: the exit code, what was not
// checked, and what had to be left out.
func (s *sarif) invocation(t *assessment.Trailer) sarifInvocation {
	exit := &t.Summary.Exit
	inv := sarifInvocation{Successful: exit.Code != 2, ExitCode: exit.Code, ExitDescription: message(exit.Reason)}
	note := func(level, id, text string) {
		inv.Notifications = append(inv.Notifications, sarifNotification{
			Level: level, Message: sarifText{Text: message(text)}, Descriptor: &sarifDescriptor{ID: id},
		})
	}
	db := &s.header.Database
	if db.Kind == starterKind {
		note("warning", "starter-database", "Only the starter database was used, a small built-in set of advisories: that nothing is found means nothing.")
	}
	for _, w := range db.Warnings {
		note("warning", "database", w)
	}
	for _, f := range db.Feeds {
		if f.Stale {
			note("warning", "old-data", fmt.Sprintf("The feed %s is %s old.", f.Name, page.Count(f.AgeDays, "day", "days")))
		}
	}
	if s.dropped > 0 {
		note("error", "truncated", fmt.Sprintf("%s of %s results are left out, those with the fewest points: a run may hold %s. The JSON report holds all.",
			page.Thousands(s.dropped), page.Thousands(s.dropped+len(s.results)), page.Thousands(s.opts.MaxResults)))
	}
	for _, text := range s.unread {
		note("error", "not-read", text)
	}
	if more := s.notRead - len(s.unread); more > 0 {
		note("error", "not-read", fmt.Sprintf("%s more products could not be read.", page.Thousands(more)))
	}
	c := &t.Summary.Counts.Components
	if text := doubtSentence(c); text != "" {
		sep := "; by reason: "
		for _, r := range sortedCounts(c.Reasons) {
			text += fmt.Sprintf("%s%s %s", sep, page.Thousands(r.count), r.key)
			sep = ", "
		}
		note("warning", "not-checked", "Not checked: "+text+".")
	}
	return inv
}

func properties(tags []string, facts *sarifRuleFacts) sarifProperties {
	p := sarifProperties{Tags: tags}
	if facts.severity > 0 {
		p.Severity = strconv.FormatFloat(facts.severity, 'f', 1, 64)
	}
	if facts.cvss != nil {
		p.CVSS = safetext.Line(facts.cvss.Vector)
	}
	return p
}

// advisoryRule is the rule of one alias group.
func advisoryRule(id string, facts *sarifRuleFacts, a *assessment.Advisory) sarifRule {
	title := id
	if a.Summary != "" {
		title += ": " + a.Summary
	}
	tags := []string{"security", "sbom", cmp.Or(facts.kind, assessment.KindVulnerability)}
	if facts.kev != nil {
		tags = append(tags, "known-exploited")
	}
	help := markdown{}
	help.line("**%s**", id)
	help.line("%s", a.Summary)
	if facts.kev != nil {
		text := "Known to be exploited: listed by CISA"
		if facts.kev.Added != "" {
			text += " on " + facts.kev.Added
		}
		if facts.kev.Ransomware {
			text += ", used by ransomware"
		}
		help.line("%s.", text)
	}
	if facts.cvss != nil {
		help.line("CVSS %s (%s), from %s.", strconv.FormatFloat(facts.cvss.Score, 'f', 1, 64), facts.cvss.Vector, facts.cvss.Source)
	} else {
		help.line("No CVSS score is published.")
	}
	if facts.severity == certainly && (facts.cvss == nil || facts.cvss.Score < certainly) {
		help.line("Severity raised to %s because it is exploited or malicious.", strconv.FormatFloat(certainly, 'f', 1, 64))
	}
	if len(a.Aliases) > 0 {
		help.line("Also known as %s.", strings.Join(a.Aliases, ", "))
	}
	if facts.kind == assessment.KindMalicious {
		help.line("Remove the package and treat what it could reach as compromised.")
	} else if facts.fixed {
		help.line("Update to a fixed version, or ask the vendor for one; the result names it.")
	} else {
		help.line("No fixed version is known: ask the vendor for a mitigation or a VEX statement.")
	}
	for _, ref := range a.References[:min(len(a.References), maxReferences)] {
		help.link(ref)
	}
	return sarifRule{
		ID: id, DeprecatedIDs: slices.Compact(slices.Sorted(slices.Values(a.Aliases))),
		ShortDescription: sarifText{Text: message(safetext.Terminal(title, maxDescription))},
		FullDescription:  sarifText{Text: message(safetext.Terminal(title, maxDescription))},
		Help:             help.text(),
		HelpURI:          advisoryURI(id),
		Default:          sarifConfig{Level: level(facts.severity)},
		Properties:       properties(tags, facts),
	}
}

// checkRule is the rule of one policy check.
func checkRule(id string, facts *sarifRuleFacts) sarifRule {
	check := facts.check
	if check == nil { // doc.readable of a product without a policy's word on it
		check = &assessment.Rule{
			Title:  "The SBOM can be read and lists components",
			Class:  assessment.ClassEvidence,
			Remedy: "Send the SBOM as CycloneDX (JSON, XML) or SPDX (JSON, tag-value)",
		}
	}
	help := markdown{}
	help.line("**%s**", check.Title)
	if check.Class == assessment.ClassEvidence {
		help.line("This is about evidence: as long as it fails, nobody can tell how safe the product is.")
	}
	if check.Remedy != "" {
		help.line("%s", sentence(check.Remedy))
	}
	if len(check.Clauses) > 0 {
		help.line("Asked for by %s.", strings.Join(check.Clauses, "; "))
	}
	title := safetext.Terminal(cmp.Or(check.Title, id), maxDescription)
	return sarifRule{
		ID: id, ShortDescription: sarifText{Text: message(title)}, FullDescription: sarifText{Text: message(title)},
		Help: help.text(), HelpURI: projectURI,
		Default:    sarifConfig{Level: level(facts.severity)},
		Properties: properties([]string{"security", "sbom", "policy"}, facts),
	}
}

// markdown gathers a help text in both forms that SARIF has.
type markdown struct{ plain, marked []string }

// line adds a paragraph; the arguments are made harmless in both forms, the
// format is ours.
func (m *markdown) line(format string, args ...string) {
	plain, marked := make([]any, len(args)), make([]any, len(args))
	empty := len(args) > 0
	for i, a := range args {
		plain[i], marked[i] = safetext.Line(a), safetext.Markdown(a)
		empty = empty && a == ""
	}
	if empty {
		return
	}
	m.plain = append(m.plain, fmt.Sprintf(strings.ReplaceAll(format, "**", ""), plain...))
	m.marked = append(m.marked, fmt.Sprintf(format, marked...))
}

// link adds a reference, if it is a web address.
func (m *markdown) link(ref string) {
	u, err := url.Parse(ref)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return
	}
	safe := strings.NewReplacer("<", "%3C", ">", "%3E", "(", "%28", ")", "%29", "[", "%5B", "]", "%5D").Replace(u.String())
	m.plain = append(m.plain, safetext.Line(safe))
	m.marked = append(m.marked, "- <"+safetext.Line(safe)+">")
}

func (m *markdown) text() sarifText {
	return sarifText{Text: strings.Join(m.plain, "\n"), Markdown: strings.Join(m.marked, "\n\n")}
}

// advisoryURI is the page of an advisory, for the ids whose form is known.
func advisoryURI(id string) string {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:_"
	if strings.Trim(id, safe) != "" {
		return ""
	}
	switch {
	case id == "":
		return ""
	case strings.HasPrefix(id, "CVE-"):
		return "https://nvd.nist.gov/vuln/detail/" + id
	case strings.HasPrefix(id, "GHSA-"):
		return "https://github.com/advisories/" + id
	}
	return "https://osv.dev/vulnerability/" + id
}

// semanticVersion is the tool's version if it is one of SemVer 2.0.0; some
// validators demand it.
func semanticVersion(version string) string {
	v := strings.TrimPrefix(version, "v")
	core, _, _ := strings.Cut(v, "+")
	core, pre, hasPre := strings.Cut(core, "-")
	parts := strings.Split(core, ".")
	ok := len(parts) == 3 && (!hasPre || pre != "")
	for _, n := range parts {
		if n == "" || strings.Trim(n, "0123456789") != "" || len(n) > 1 && n[0] == '0' {
			ok = false
		}
	}
	if !ok || strings.Trim(v, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-+") != "" {
		return "0.0.0-unknown"
	}
	return v
}
