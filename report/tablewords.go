// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
)

// The words for a decision.
const (
	wordAccept     = "ACCEPT"
	wordConditions = "ACCEPT WITH CONDITIONS"
	wordReject     = "REJECT"
	wordUnknown    = "COULD NOT TELL"
	wordReturn     = "COULD NOT TELL – return to vendor"
)

// decisionWord is the decision as a person reads it. What was rejected for
// want of evidence is not called bad: nobody knows. It goes back to the
// vendor, unless what was missing is ours: a product that could be read, looked
// up in the starter database only.
func (t *table) decisionWord(outcome, class, state string) (string, page.Style) {
	switch {
	case outcome == assessment.Accept:
		return wordAccept, page.Green
	case outcome == assessment.AcceptWithConditions:
		return wordConditions, page.Yellow
	case outcome == assessment.Reject && class == assessment.ClassRisk:
		return wordReject, page.Red
	case t.header.Database.Kind == starterKind && state == assessment.StateAssessed:
		return wordUnknown, page.Yellow
	}
	return wordReturn, page.Yellow
}

// decisionSentence is the decision in one sentence. Policies begin theirs with
// the decision too, which need not be said twice.
func decisionSentence(word, sentence string) string {
	if rest, ok := strings.CutPrefix(sentence, "Accept with "); ok {
		sentence = rest
	} else if head, rest, ok := strings.Cut(sentence, ": "); ok {
		switch head {
		case "Accept", "Reject", "Could not tell", "Return to the vendor":
			sentence = rest
		}
	}
	if sentence == "" {
		return word
	}
	return word + ": " + sentence
}

// numberWord is a score with its grade, if one is given: "31 B".
func numberWord(n assessment.Number) string {
	return strings.TrimSuffix(page.PlainNumber(n.Value)+" "+n.Grade, " ")
}

// mostlyUnjudged reports whether less than half of the parts that concern the
// product could be judged: what is known of it is then no praise.
func mostlyUnjudged(c *assessment.Coverage) bool {
	return 2*judgedParts(c) < c.Components-c.OutOfScope
}

// untold reports whether a product was rejected because it could not be told
// whether it is good.
func untold(outcome, class string) bool {
	return outcome == assessment.Reject && class == assessment.ClassEvidence
}

// riskSentence puts the two numbers together, and says what is open. A known
// risk that rests on too little is no praise: it has no grade, and says so.
func riskSentence(p *single) string {
	s := &p.score
	known := numberWord(s.Known)
	switch {
	case s.Known.Grade == "" && s.Withheld == "":
		known = "cannot be told"
	case mostlyUnjudged(&p.coverage) || untold(p.decision.Outcome, p.decision.Class):
		known = page.PlainNumber(s.Known.Value) + " (of what could be judged)"
	}
	text := fmt.Sprintf("known risk %s; worst case %s", known, numberWord(s.WorstCase))
	if s.Withheld != "" {
		text = "no grade: " + s.Withheld + "; " + text
	}
	if questions := len(p.decision.Questions); questions > 0 {
		text += ": " + page.Count(questions, "question", "questions") + " open"
	}
	return text + " (0 is best, 100 worst)"
}

// coverageSentence never lets a part that was not judged pass for a good one.
func coverageSentence(c *assessment.Coverage, state string) string {
	switch state {
	case assessment.StateUnreadable:
		return "the SBOM could not be read, so nothing was judged; this is not a clean result"
	case assessment.StateEmpty:
		return "the SBOM lists no parts, so nothing was judged; this is not a clean result"
	case assessment.StateBlind:
		return "there is no SBOM, so nothing was judged; this is not a clean result"
	}
	judged, all := judgedParts(c), page.Count(c.Components, "part", "parts")
	var text string
	switch {
	case c.StarterOnly > 0:
		text = fmt.Sprintf("compared %s of %s with the starter database only; this is not a clean result", page.Thousands(judged), all)
	case judged == 0:
		text = fmt.Sprintf("we could not judge any of %s; this is not a clean result", all)
	case c.NotAssessed > 0:
		text = fmt.Sprintf("we could judge %s of %s; this is not a clean result", page.Thousands(judged), all)
	case c.Components == 1:
		text = "we could judge the only part"
	case c.OutOfScope > 0:
		text = fmt.Sprintf("we could judge %s of %s, the others are out of scope", page.Thousands(judged), all)
	default:
		text = "we could judge all " + all
	}
	if c.Weak > 0 {
		text += fmt.Sprintf("; what %s of them %s was inferred", page.Thousands(c.Weak), isAre(c.Weak))
	}
	return text
}

// doubtSentence counts the parts that were not judged, or not for certain:
// those that the reasons of a coverage are about. It is empty if there are none.
func doubtSentence(c *assessment.Coverage) string {
	var parts []string
	for _, d := range []struct {
		n    int
		text string
	}{
		{c.NotAssessed, "could not be judged"},
		{c.Weak, "judged by what they seem to be"},
		{c.OutOfScope, "out of scope"},
	} {
		if d.n > 0 {
			parts = append(parts, page.Thousands(d.n)+" "+d.text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("of %s: %s", page.Count(c.Components, "part", "parts"), strings.Join(parts, ", "))
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

func checksSentence(rules []assessment.Rule) string {
	if len(rules) == 0 {
		return "no policy was applied"
	}
	states := make(map[string]int)
	var failed []string
	for i := range rules {
		states[rules[i].State]++
		if rules[i].State == assessment.Fail && !slices.Contains(failed, rules[i].Check) {
			failed = append(failed, rules[i].Check)
		}
	}
	var parts []string
	for _, s := range []struct{ state, word string }{
		{assessment.Pass, "passed"},
		{assessment.Warn, "passed with a warning"},
		{assessment.NotAssessed, "could not be told"},
		{assessment.NotApplicable, "did not apply"},
		{assessment.Fail, "failed"},
	} {
		if n := states[s.state]; n > 0 {
			parts = append(parts, page.Thousands(n)+" "+s.word)
		}
	}
	text := strings.Join(parts, ", ")
	if len(failed) > 0 {
		text += ": " + strings.Join(failed, ", ")
	}
	return text
}

func productTitle(supplier, name, version string) string {
	parts := slices.DeleteFunc([]string{supplier, name, version}, func(s string) bool { return s == "" })
	return strings.Join(parts, " – ")
}

// documentLine says what was read.
func documentLine(b *assessment.SBOM, state string) string {
	if state == assessment.StateBlind || b.Path == "" {
		return "no SBOM"
	}
	path := b.Path
	if path == "-" {
		path = "standard input"
	}
	facts := []string{strings.TrimSpace(b.Format + " " + b.SpecVersion)}
	if b.Created != "" {
		facts = append(facts, "of "+day(b.Created))
	}
	if len(b.Generator) > 0 {
		facts = append(facts, "made by "+strings.Join(b.Generator, ", "))
	}
	facts = slices.DeleteFunc(facts, func(s string) bool { return s == "" })
	if len(facts) == 0 {
		return "SBOM: " + path
	}
	return fmt.Sprintf("SBOM: %s (%s)", path, strings.Join(facts, ", "))
}

func defectSentence(d *assessment.Defect) string {
	text := d.Message
	if d.Line > 0 {
		text = fmt.Sprintf("line %d: %s", d.Line, text)
	}
	if d.Value != "" {
		text += fmt.Sprintf(": %q", d.Value)
	}
	if d.Remedy != "" {
		text += "; " + d.Remedy
	}
	return text
}

// defectWord puts a defect code in plain words; a code it does not know reads
// well enough itself.
func defectWord(code string) string {
	switch code {
	case "type-wrong":
		return "values of the wrong type"
	case "value-invalid":
		return "values that the format does not know"
	case "date-invalid":
		return "dates that cannot be read"
	case "field-missing":
		return "required fields that are missing"
	case "id-duplicate":
		return "different parts with the same id"
	case "reference-dangling":
		return "references to parts that are not listed"
	case "party-form":
		return "suppliers not written as the format asks"
	case "purl-invalid":
		return "package URLs that cannot be read"
	case "cpe-invalid":
		return "CPE names that cannot be read"
	case "key-twice":
		return "keys that occur twice"
	case "tag-unknown":
		return "keys that the format does not have"
	case "text-invalid":
		return "text with broken characters"
	case "spec-version":
		return "unclear format version"
	case "contradiction":
		return "statements that contradict each other"
	}
	return strings.ReplaceAll(code, "-", " ")
}

func severityStyle(severity string) page.Style {
	switch severity {
	case "critical", "high", "unknown":
		return page.Red
	case "medium":
		return page.Yellow
	}
	return page.Plain
}

// rankingTitle counts products by decision.
func (t *table) rankingTitle(s *assessment.Summary) string {
	words := make(map[string]int)
	for i := range s.Ranking {
		r := &s.Ranking[i]
		word, _ := t.decisionWord(r.Outcome, r.Class, r.State)
		if word == wordReturn {
			word = wordUnknown
		}
		words[word]++
	}
	var parts []string
	for _, w := range []struct{ word, text string }{
		{wordReject, "rejected"},
		{wordUnknown, "could not be told"},
		{wordConditions, "accepted with conditions"},
		{wordAccept, "accepted"},
	} {
		if n := words[w.word]; n > 0 {
			parts = append(parts, page.Thousands(n)+" "+w.text)
		}
	}
	return page.Count(len(s.Ranking), "product", "products") + ": " + strings.Join(parts, ", ")
}

// counted is one entry of a map of counts.
type counted struct {
	key   string
	count int
}

// sortedCounts lists a map of counts, the highest first.
func sortedCounts(m map[string]int) []counted {
	out := make([]counted, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if m[key] > 0 {
			out = append(out, counted{key, m[key]})
		}
	}
	slices.SortStableFunc(out, func(a, b counted) int { return cmp.Compare(b.count, a.count) })
	return out
}
