// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// Texts of checks hold placeholders: {NAME} is a value, {NAME noun} a number
// with the noun in its singular or plural. NAME is count, total, param:X or a
// fact. A value that came from the document (format, version) is given as it
// was read; whoever prints it neutralises it.

// textFacts are the facts that texts may name.
var textFacts = [...]string{
	"document.format", "document.specVersion", "document.ageDays", "document.dangling", "document.severeDefects",
	"document.vulnerabilities", "coverage.judged", "coverage.components", "score.known", "score.worstCase",
	"score.knownGrade", "score.worstCaseGrade", "score.withheld", "database.staleFeeds",
	"context.advisoriesAffected", "context.advisoriesUnclear", "context.affected", "context.unclear",
}

func (f *Facts) text(name string) string {
	switch name {
	case "document.format":
		return f.Document.Format
	case "document.specVersion":
		return f.Document.SpecVersion
	case "document.ageDays":
		return strconv.Itoa(f.Document.AgeDays)
	case "document.dangling":
		return strconv.Itoa(f.Document.Dangling)
	case "document.severeDefects":
		return strconv.Itoa(f.Document.SevereDefects)
	case "document.vulnerabilities":
		return strconv.Itoa(f.Document.Vulnerabilities)
	case "coverage.judged":
		return strconv.Itoa(f.Coverage.Assessed + f.Coverage.Weak)
	case "coverage.components":
		return strconv.Itoa(f.Coverage.Components)
	case "score.known":
		return number(f.Score.Known)
	case "score.worstCase":
		return number(f.Score.WorstCase)
	case "score.knownGrade":
		return f.Score.KnownGrade
	case "score.worstCaseGrade":
		return f.Score.WorstCaseGrade
	case "score.withheld":
		return f.Score.Withheld
	case "database.staleFeeds":
		return strconv.Itoa(f.Database.StaleFeeds)
	case "context.advisoriesAffected":
		return strconv.Itoa(f.Context.AdvisoriesAffected)
	case "context.advisoriesUnclear":
		return strconv.Itoa(f.Context.AdvisoriesUnclear)
	case "context.affected":
		return f.Context.Affected
	case "context.unclear":
		return f.Context.Unclear
	}
	return ""
}

// number prints a score.
func number(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// validateText reports a placeholder that fill would not know.
func (c *Check) validateText(text string) error {
	var bad error
	expand(text, func(name string) string {
		param, isParam := strings.CutPrefix(name, "param:")
		_, declared := c.params[param]
		switch {
		case isParam && declared:
		case (name == "count" || name == "total") && c.counted():
		default:
			for _, f := range textFacts {
				if name == f {
					return ""
				}
			}
			if bad == nil {
				bad = fmt.Errorf("placeholder {%s} is not known here", name)
			}
		}
		return ""
	})
	return bad
}

// fill replaces the placeholders of a text.
func (r *PackRule) fill(text string, f *Facts, count, total int) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return expand(text, func(name string) string {
		switch name {
		case "count":
			return strconv.Itoa(count)
		case "total":
			return strconv.Itoa(total)
		}
		if param, ok := strings.CutPrefix(name, "param:"); ok {
			return paramText(r.Params[param])
		}
		return f.text(name)
	})
}

func paramText(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// expand replaces each {NAME} and {NAME noun} by what value says of NAME.
func expand(text string, value func(name string) string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		inner, after, ok := strings.Cut(rest, "}")
		if !ok {
			b.WriteString("{" + rest)
			return b.String()
		}
		name, noun, hasNoun := strings.Cut(inner, " ")
		v := value(name)
		b.WriteString(v)
		if hasNoun {
			b.WriteString(" " + plural(noun, v))
		}
		text = after
	}
}

// plural gives the noun that fits a number.
func plural(noun, n string) string {
	switch {
	case n == "1":
		return noun
	case strings.HasSuffix(noun, "y"):
		return strings.TrimSuffix(noun, "y") + "ies"
	case strings.HasSuffix(noun, "ch"):
		return noun + "es"
	}
	return noun + "s"
}

// sentence makes the first letter of an English text a capital and ends it with
// a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	if c := text[0]; c >= 'a' && c <= 'z' {
		text = string(c-'a'+'A') + text[1:]
	}
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	return text
}
