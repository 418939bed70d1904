// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"cmp"
	"slices"

	"github.com/medsbom/medsbom/internal/arena"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// files is what the builder knows of the files. They come by the ten thousand
// around packages, and nothing is wanted of them then; only where no package
// follows do they stand for the components. So they are kept small until the
// first package is met, and are dropped then.
type files struct {
	open    bool
	current part
	seen    field

	dropped bool // a package was met
	kept    []part
	hashes  arena.Slices[sbom.Hash]
}

// mostParts bounds the files that are kept in case no package follows.
const mostParts = 100_000

// A part is a file that may turn out to stand for a component.
type part struct {
	id, name, licence string
	hashes            []sbom.Hash
	at                sbom.Position
}

// openFile begins a file.
func (b *builder) openFile(at sbom.Position) {
	b.closeFile()
	b.doc.Files++
	f := &b.files
	f.open, f.seen, f.current = true, 0, part{at: at}
}

// closeFile finishes the file that is being read, if one is, and says what it
// lacks (clauses 8.1, 8.2 and 8.4).
func (b *builder) closeFile() {
	f := &b.files
	if !f.open {
		return
	}
	f.open = false
	p := &f.current
	if p.name == "" {
		b.defect(sbom.CodeMissing, p.at, p.id, "a file lacks its name")
	}
	if p.id == "" {
		b.defect(sbom.CodeMissing, p.at, p.name, "a file lacks its SPDXID")
	} else {
		b.others.add(p.id, p.at)
	}
	if f.seen&fieldChecksums == 0 {
		b.defect(sbom.CodeMissing, p.at, p.name, "a file lacks its checksum")
	}
	p.hashes = f.hashes.Take()
	if !f.dropped && len(f.kept) < min(mostParts, b.maxPackages()) {
		f.kept = append(f.kept, *p)
	}
}

// dropFiles forgets the files that were kept: a package is there.
func (b *builder) dropFiles() {
	if f := &b.files; !f.dropped {
		f.dropped, f.kept, f.hashes = true, nil, arena.Slices[sbom.Hash]{}
	}
}

func (b *builder) fileID(id string, offset int) {
	if b.files.current.id = id; id != "" {
		b.checkID(id, "a file", offset)
	}
}

func (b *builder) fileLicence(value string, offset int) {
	b.files.current.licence = value
	b.useLicences(value, offset)
}

func (b *builder) fileHash(algorithm, value string, at sbom.Position) {
	b.files.seen |= fieldChecksums
	if h, ok := b.checksum(algorithm, value, at); ok && !b.files.dropped {
		b.files.hashes.Add(h)
	}
}

// fileType checks the type of a file.
func (b *builder) fileType(word string, offset int) {
	if !isFileType(word) {
		b.defect(sbom.CodeValue, b.at(offset), word, "the type of a file is none of SPDX's")
	}
}

// isFileType reports whether a word is a type of file (clause 8.3).
func isFileType(word string) bool {
	switch word {
	case "SOURCE", "BINARY", "ARCHIVE", "APPLICATION", "AUDIO", "IMAGE", "TEXT", "VIDEO", "DOCUMENTATION", "SPDX", "OTHER":
		return true
	}
	return false
}

// keepFiles makes the files of a document without packages its FileParts.
func (b *builder) keepFiles() {
	kept := b.files.kept
	b.files.kept = nil
	if len(kept) == 0 || len(b.doc.Components) > 0 {
		return
	}
	var terms arena.Slices[sbom.Licence]
	b.doc.FileParts = make([]sbom.Component, len(kept))
	for i := range kept {
		f := &kept[i]
		if f.licence != "" {
			l, _ := licence(f.licence, true)
			terms.Add(l)
		}
		b.doc.FileParts[i] = sbom.Component{
			Ref: f.id, Type: "file", Name: notation.Stated(f.name),
			Licences: terms.Take(), Hashes: f.hashes,
			Parent: sbom.SubjectIndex, Position: f.at,
		}
	}
	if b.doc.Files > len(kept) {
		b.defect(sbom.CodeMissing, b.begin, "", "of %d files that stand for the components only the first %d are kept", b.doc.Files, len(kept))
	}
}

// identifiers remembers the SPDXIDs of files and snippets, to tell a reference
// to one of them from one to nothing, and to find those that are doubled.
type identifiers struct {
	list   []identifier
	sorted bool
}

// An identifier is ordered by its digest first: SPDXIDs of files are long, and
// alike at their beginning.
type identifier struct {
	digest uint64
	id     string
	at     sbom.Position
}

func (s *identifiers) add(id string, at sbom.Position) {
	if id != "" {
		s.list, s.sorted = append(s.list, identifier{digestID(id), bareID(id), at}), false
	}
}

func (s *identifiers) sort() {
	if !s.sorted {
		slices.SortFunc(s.list, func(a, b identifier) int {
			return cmp.Or(cmp.Compare(a.digest, b.digest), cmp.Compare(a.id, b.id), comparePlaces(a.at, b.at))
		})
		s.sorted = true
	}
}

func (s *identifiers) has(id string) bool {
	s.sort()
	digest, bare := digestID(id), bareID(id)
	_, found := slices.BinarySearchFunc(s.list, identifier{digest: digest, id: bare}, func(a, b identifier) int {
		return cmp.Or(cmp.Compare(a.digest, b.digest), cmp.Compare(a.id, b.id))
	})
	return found
}

func comparePlaces(a, b sbom.Position) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// sayDoubled says which SPDXIDs of files and snippets occur twice, or are also
// those of a package.
func (b *builder) sayDoubled() {
	s := &b.others
	if len(s.list) == 0 {
		return
	}
	s.sort()
	var twice []identifier
	for i := 1; i < len(s.list); i++ {
		if s.list[i].digest == s.list[i-1].digest && s.list[i].id == s.list[i-1].id {
			twice = append(twice, s.list[i])
		}
	}
	slices.SortFunc(twice, func(a, b identifier) int { return comparePlaces(a.at, b.at) })
	for _, t := range twice {
		b.defect(sbom.CodeDuplicate, t.at, idPrefix+t.id, "two files or snippets have one SPDXID")
	}
	for i := range b.doc.Components {
		if c := &b.doc.Components[i]; c.Ref != "" && s.has(c.Ref) {
			b.defect(sbom.CodeDuplicate, c.Position, c.Ref, "a package has the SPDXID of a file or snippet")
		}
	}
}
