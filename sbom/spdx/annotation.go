// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

// An annotation is checked and not kept: what it says is free text (clause 12).
type annotation struct {
	annotator, date, kind string
	text                  bool
	at                    sbom.Position
}

func (b *builder) annotation(a *annotation) {
	var lacks []string
	for _, f := range [...]struct {
		name    string
		missing bool
	}{{"annotator", a.annotator == ""}, {"date", a.date == ""}, {"type", a.kind == ""}, {"comment", !a.text}} {
		if f.missing {
			lacks = append(lacks, f.name)
		}
	}
	if len(lacks) > 0 {
		b.defect(sbom.CodeMissing, a.at, a.annotator, "an annotation lacks its %s", strings.Join(lacks, ", its "))
	}
	if a.kind != "" && !isAnnotationType(a.kind) {
		b.defect(sbom.CodeValue, a.at, a.kind, "the type of an annotation is neither REVIEW nor OTHER")
	}
	if _, _, exact := parseParty(a.annotator); !exact {
		b.defect(sbom.CodeParty, a.at, a.annotator, `an annotator is not of the form "Person: …", "Organization: …" or "Tool: …"`)
	}
	b.dateAt(a.date, "date of an annotation", a.at)
}

func isAnnotationType(word string) bool { return word == "REVIEW" || word == "OTHER" }

// A snippet is a part of a file; only its identifier is kept (clause 9).
type snippet struct {
	id, file string
	ranges   bool
	at       sbom.Position
}

func (b *builder) snippet(s *snippet) {
	b.others.add(s.id, s.at)
	if s.id == "" {
		b.defect(sbom.CodeMissing, s.at, "", "a snippet lacks its SPDXID")
	}
	if s.file == "" {
		b.defect(sbom.CodeMissing, s.at, s.id, "a snippet lacks the file that it is of")
	} else {
		b.mention(s.file, "a snippet", s.at)
	}
	if !s.ranges {
		b.defect(sbom.CodeMissing, s.at, s.id, "a snippet lacks its byte range")
	}
}

// extent checks the range of a snippet: two numbers that are not the wrong way
// round (clauses 9.4 and 9.5).
func (b *builder) extent(from, to string, at sbom.Position) {
	first, err := strconv.ParseUint(from, 10, 64)
	last, err2 := strconv.ParseUint(to, 10, 64)
	if err != nil || err2 != nil || first > last {
		b.defect(sbom.CodeValue, at, from+":"+to, "the range of a snippet is no pair of a first and a last place")
	}
}

// A mention is a reference to an element by something other than a relationship.
type mention struct {
	id, by string
	at     sbom.Position
}

func (b *builder) mention(id, by string, at sbom.Position) {
	if id != "" {
		b.mentions = append(b.mentions, mention{id, by, at})
	}
}

// resolveMentions says which of them lead to nothing.
func (b *builder) resolveMentions() {
	for _, m := range b.mentions {
		if e := b.element(m.id); e == missing || e == undeclared {
			b.defect(sbom.CodeDangling, m.at, m.id, "%s names an element that the document does not have", m.by)
		}
	}
	b.mentions = nil
}
