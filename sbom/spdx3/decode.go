// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"fmt"
	"strings"

	"github.com/medsbom/medsbom/internal/arena"
	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

const (
	remedyFormat = "send the SBOM as SPDX 3.0.1, SPDX 2.3 or CycloneDX"
	remedyWhole  = "send the file again, whole and as the tool wrote it"
	remedyLimit  = "split the document by product"
)

// Decode reads an SPDX 3 document. The error, if any, is a *sbom.SyntaxError.
// The text is UTF-8 without a byte order mark; it must not be changed while
// the document lives.
func Decode(text []byte, opts Options) (*sbom.Document, error) {
	d := &decoder{
		doc:   sbom.Document{Format: sbom.SPDX, Encoding: sbom.JSONLD},
		r:     jsonpull.New(text, jsonpull.Limits{Depth: opts.MaxDepth, String: opts.MaxString}),
		text:  text,
		lines: sbom.NewLines(text),
		ids:   ids{number: make(map[string]int32)},
		most:  mostComponents(len(text), opts.MaxComponents),

		document: -1, firstDescribed: -1,
	}
	d.begin = d.at(d.r.Offset())
	switch k := d.r.Kind(); k {
	case jsonpull.Object, jsonpull.Array, jsonpull.Invalid:
	default:
		return nil, d.noDocument(k.String() + " where an object should stand")
	}
	d.values(propGraph)
	if err := d.r.End(); err != nil {
		return nil, d.syntaxError(err)
	}
	if d.err != nil {
		return nil, d.err
	}
	if !d.ofSPDX {
		return nil, d.noDocument("neither a context of spdx.org nor an element of SPDX")
	}
	if d.r.BadText > 0 {
		d.defect(sbom.CodeText, d.at(d.r.BadTextAt), "", "%d strings hold invalid UTF-8 or control characters", d.r.BadText)
	}
	d.finish()
	if d.err != nil {
		return nil, d.err
	}
	return &d.doc, nil
}

func (d *decoder) syntaxError(err *jsonpull.Error) error {
	e := &sbom.SyntaxError{Position: d.at(err.Offset), Message: err.Message, Remedy: remedyWhole}
	switch err.Limit {
	case jsonpull.Depth:
		e.Remedy, e.Limit = remedyLimit, sbom.LimitDepth
	case jsonpull.StringLength:
		e.Remedy, e.Limit = remedyLimit, sbom.LimitString
	case jsonpull.Callers:
		e.Remedy = remedyLimit
		if d.packages >= d.most {
			e.Limit = sbom.LimitComponents
		}
	case jsonpull.None:
	}
	return e
}

func mostComponents(size, most int) int {
	if most == 0 {
		most = defaultMaxComponents
	}
	return min(max(size/leastComponent, fewComponents), most)
}

func (d *decoder) noDocument(reason string) error {
	return &sbom.SyntaxError{Position: d.begin, Message: "no SPDX 3 document: " + reason, Remedy: remedyFormat}
}

// A decoder reads the graph into nodes; finish makes the document of them.
type decoder struct {
	doc   sbom.Document
	r     *jsonpull.Reader
	text  []byte
	lines *sbom.Lines
	begin sbom.Position

	open  []slot // of the objects that are being read, each one's after its container's
	slots arena.Slices[slot]
	nodes []node
	ids   ids

	prefixes       prefixes
	properties     map[string]property
	classes        map[string]class
	said           map[saying]struct{}
	contextVersion string
	ofSPDX         bool // something in the text is SPDX 3 for sure
	foreign        int  // how many extensions the reader stands in

	most, packages, files int
	spent                 int
	err                   error

	parties  map[int32]party // by node
	licences map[int32]string
	imported map[int32]bool // by id
	hashes   arena.Slices[sbom.Hash]
	cpes     arena.Slices[string]
	links    arena.Slices[sbom.Reference]

	document       int32   // node of the SpdxDocument, -1 if there is none
	component      []int32 // of every node the index of its component or file part, -1 if it has none
	complete       []uint8 // of every component what is said of its dependencies
	whole          uint8   // the same of the document
	firstDescribed int32   // the first component that is said to be described, -1 if none is
	rootSaid       bool    // the document says what it describes, be it no package
}

// at returns the place of an offset. Offsets must not go back while the text is
// read: sbom.Lines would start again.
func (d *decoder) at(offset int) sbom.Position { return d.lines.At(offset) }

func (d *decoder) defect(code sbom.Code, at sbom.Position, value, format string, args ...any) {
	d.doc.Defects.Add(code, at, value, format, args...)
}

// A saying is what was said once and need not be said again.
type saying struct {
	prop  property
	value string
}

// once records a defect unless it was recorded for this value before.
func (d *decoder) once(code sbom.Code, p property, value string, at sbom.Position, message string) {
	s := saying{p, value}
	if _, ok := d.said[s]; ok {
		return
	}
	if len(d.said) < mostTerms {
		if d.said == nil {
			d.said = make(map[saying]struct{})
		}
		d.said[s] = struct{}{}
	}
	d.defect(code, at, value, "%s", message)
}

func (d *decoder) wrongType(what, want string) {
	if k := d.r.Kind(); k != jsonpull.Invalid {
		d.defect(sbom.CodeType, d.at(d.r.Offset()), "", "%s is %s instead of %s", what, k, want)
	}
	d.r.Skip()
}

// values reads the value of a property: one, or an array of any.
func (d *decoder) values(p property) {
	switch k := d.r.Kind(); k {
	case jsonpull.Array:
		d.r.Array()
		for d.r.Item() {
			d.values(p)
		}
	case jsonpull.Object:
		d.object(p)
	case jsonpull.Null, jsonpull.Invalid:
		d.r.Skip()
	case jsonpull.String:
		if facts[p].form == nothing && p != propTime && p != propGraph {
			d.r.Skip()
			return
		}
		offset := d.r.Offset()
		text, _ := d.r.String()
		d.value(p, strings.TrimSpace(text), d.at(offset))
	default:
		at := d.at(d.r.Offset())
		text, _ := d.r.Scalar()
		switch {
		case p == propGraph:
			d.value(p, text, at)
		case facts[p].form == reference:
			d.defect(sbom.CodeType, at, text, "%s is %s instead of an id or an object", p.name(), k)
		case facts[p].form != nothing:
			d.defect(sbom.CodeType, at, text, "%s is %s instead of a string", p.name(), k)
			d.value(p, text, at)
		}
	}
}

// value takes one text as a value of a property.
func (d *decoder) value(p property, text string, at sbom.Position) {
	s := slot{text: text, at: at, prop: p}
	switch facts[p].form {
	case literal:
		if p == propCreated || p == propValidUntil {
			d.time(text, at)
		}
	case word:
		s.text = d.word(p, text, at)
	case reference:
		if text == "" {
			d.defect(sbom.CodeValue, at, "", "%s is empty", p.name())
			return
		}
		s.ref = refID(d.ids.intern(text))
	case nothing:
		switch p {
		case propTime:
			d.time(text, at)
		case propGraph:
			d.defect(sbom.CodeType, at, text, "an element of @graph is a value instead of an object")
		default:
		}
		return
	}
	d.open = append(d.open, s)
}

func (d *decoder) time(text string, at sbom.Position) {
	if _, exact := parseTime(text); !exact {
		d.defect(sbom.CodeDate, at, text, "a time is not of the form YYYY-MM-DDThh:mm:ssZ")
	}
}

// word reads a word of an enumeration: as written, or as the IRI of a word. The
// type of a relationship is kept as written.
func (d *decoder) word(p property, written string, at sbom.Position) string {
	text := written
	if len(text) <= longestName {
		if full := d.prefixes.expand(text); isVocabulary(full) {
			text = full[strings.LastIndexByte(full, '/')+1:]
		}
	}
	w, exact, ok := wordOf(p, text)
	if p == propRelationshipType {
		if _, _, known := relationship(text); known {
			ok = true
		}
		w = text
	}
	switch {
	case !ok:
		d.defect(sbom.CodeValue, at, written, "%s is none of SPDX 3's words", p.name())
	case !exact:
		d.once(sbom.CodeValue, p, written, at, "the word of "+p.name()+" is spelt otherwise than SPDX 3 does")
	}
	return w
}

// A frame is the object that is being read.
type frame struct {
	class   class
	typed   bool
	id      string
	idAt    sbom.Position
	more    string    // a further id: both @id and spdxId are written
	seen    [2]uint64 // the properties met
	keys    int       // besides @id
	wrapper bool      // it only wraps a value: @value, @list, @set
	graph   bool
}

// object reads an object as a value of a property: an inline element, a
// reference {"@id": …}, or a wrapped value.
func (d *decoder) object(p property) {
	start, at := len(d.open), d.at(d.r.Offset())
	if p == propExtension || p == propForeign {
		d.foreign++
		defer func() { d.foreign-- }()
	}
	var f frame
	if !d.r.Object() {
		return
	}
	for d.r.Key() {
		d.key(&f, p)
	}
	if d.r.Err() != nil {
		return
	}
	switch {
	case f.wrapper:
		d.unwrap(p, start, at)
	case f.id != "" && f.keys == 0 && p != propGraph:
		d.value(p, f.id, f.idAt)
	case f.graph && !f.typed && f.id == "" && len(d.open) == start:
		// the document itself: @context and @graph
	default:
		d.close(&f, p, start, at)
	}
}

// unwrap leaves the wrapped values of a property where they are, and takes
// away what else stood in the object.
func (d *decoder) unwrap(p property, start int, at sbom.Position) {
	kept := d.open[:start]
	for _, s := range d.open[start:] {
		if s.prop == p {
			kept = append(kept, s)
		}
	}
	if len(kept) < len(d.open) {
		d.defect(sbom.CodeContradict, at, "", "an object has a value and properties; these are not read")
	}
	d.open = kept
}

// key reads one member of an object that is a value of within.
func (d *decoder) key(f *frame, within property) {
	offset := d.r.NameOffset()
	p := d.property(d.r.Name(), offset)
	if p > propKeyword && p != propValue {
		if bit := uint64(1) << (p % 64); f.seen[p/64]&bit != 0 {
			d.defect(sbom.CodeKeyTwice, d.at(offset), d.r.Name(), "%s is written twice in one element", p.name())
		} else {
			f.seen[p/64] |= bit
		}
	}
	if p != propID && p != propContext {
		f.keys++
	}
	switch p {
	case propContext:
		d.context()
	case propGraph:
		f.graph = true
		switch d.r.Kind() {
		case jsonpull.Array, jsonpull.Object, jsonpull.Null, jsonpull.Invalid:
			d.values(propGraph)
		default: // which elements it means nobody can tell
			d.r.Stop(d.r.Offset(), "@graph is "+d.r.Kind().String()+" instead of an array")
		}
	case propID:
		id, at := d.single("an spdxId")
		switch {
		case f.id == "":
			f.id, f.idAt = id, at
		case id != "" && id != f.id:
			f.more = id
		}
	case propType:
		d.types(f)
	case propValue:
		f.wrapper = true
		d.values(within)
	default:
		d.values(p)
	}
}

// single reads a string, also from a list of one.
func (d *decoder) single(what string) (string, sbom.Position) {
	at := d.at(d.r.Offset())
	text, kind := d.r.Scalar()
	switch kind {
	case jsonpull.String:
		text = strings.TrimSpace(text)
	case jsonpull.Number, jsonpull.Bool:
		d.defect(sbom.CodeType, at, text, "%s is %s instead of a string", what, kind)
	case jsonpull.Null, jsonpull.Invalid:
		text = ""
	default:
		d.defect(sbom.CodeType, at, "", "%s is %s instead of a string", what, kind)
	}
	return text, at
}

// types reads the type of an object: the first that SPDX has.
func (d *decoder) types(f *frame) {
	if d.r.Kind() == jsonpull.Array {
		d.r.Array()
		for d.r.Item() {
			d.types(f)
		}
		return
	}
	name, at := d.single("a type")
	if name == "" {
		return
	}
	f.typed = true
	if c := d.class(name, at); f.class == classNone {
		f.class = c
	}
}

// close makes a node of the object that was read.
func (d *decoder) close(f *frame, p property, start int, at sbom.Position) {
	if !f.typed && f.id == "" && len(d.open) == start {
		if d.foreign == 0 && (facts[p].form == reference || p == propGraph) {
			d.defect(sbom.CodeMissing, at, "", "an element says nothing: it lacks its type, its spdxId and what else SPDX 3 has")
		}
		return
	}
	if f.class == classNone {
		d.guess(f, p, d.open[start:], at)
	}
	inline := p != propGraph
	n := node{at: at, id: noID, same: int32(len(d.nodes)), class: f.class, inline: inline}
	if f.id != "" {
		n.id = d.ids.intern(f.id)
	}
	if f.more != "" {
		d.ids.more = append(d.ids.more, further{id: d.ids.intern(f.more), node: n.same})
	}
	for _, s := range d.open[start:] {
		d.slots.Add(s)
	}
	n.slots = d.slots.Take()
	d.open = d.open[:start]
	d.check(&n)
	switch {
	case f.class.isPackage():
		d.packages++
	case f.class == classFile:
		d.files++
	}
	if d.packages > d.most {
		d.r.Stop(d.r.Offset(), d.tooMany("packages"))
	}
	if f.class > classPlain && f.class != classAnyLicence {
		d.ofSPDX = true
	}
	d.nodes = append(d.nodes, n)
	if facts[p].form == reference {
		d.open = append(d.open, slot{text: f.id, at: at, ref: refNode(int32(len(d.nodes) - 1)), prop: p})
	}
}

// guess finds what an object without a known type is: a package if it has a
// property of packages, else what the property asks for where it stands.
func (d *decoder) guess(f *frame, p property, slots []slot, at sbom.Position) {
	for i := range slots {
		switch slots[i].prop {
		case propVersion, propPURL, propDownload, propHomePage, propSourceInfo:
			f.class = classPackage
		default:
		}
	}
	if f.class == classNone {
		f.class = facts[p].class
	}
	if d.foreign > 0 && f.class != classPackage || p == propPassed || p == propUnknown {
		return
	}
	if !f.typed {
		d.defect(sbom.CodeMissing, at, f.id, "an element lacks its type")
	}
}

// check says what a node lacks, and which single values it has several of.
func (d *decoder) check(n *node) {
	var seen [2]uint64
	for i := range n.slots {
		s := &n.slots[i]
		bit := uint64(1) << (s.prop % 64)
		if seen[s.prop/64]&bit != 0 && !facts[s.prop].several {
			d.defect(sbom.CodeContradict, s.at, s.text, "%s has several values; the last one holds", s.prop.name())
		}
		if s.text != "" || s.ref != 0 {
			seen[s.prop/64] |= bit
		}
	}
	has := func(p property) bool { return seen[p/64]&(1<<(p%64)) != 0 }
	name := n.text(propName)
	for _, p := range required[n.class] {
		if !has(p) {
			d.defect(sbom.CodeMissing, n.at, name, "%s lacks its %s", n.class.noun(), p.name())
		}
	}
	if n.class.isElement() {
		if n.id == noID {
			d.defect(sbom.CodeMissing, n.at, name, "%s lacks its spdxId", n.class.noun())
		}
		if !n.inline && !has(propCreationInfo) {
			d.defect(sbom.CodeMissing, n.at, name, "%s lacks its creationInfo", n.class.noun())
		}
	}
	if (n.class == classHash || n.class == classVerificationCode) && has(propAlgorithm) && has(propHashValue) {
		d.checkHash(n.text(propAlgorithm), n.last(propHashValue))
	}
}

func (d *decoder) checkHash(algorithm string, value *slot) {
	if !stands(value.text) || !hasDigits(algorithm) {
		return
	}
	if name, digits := notation.HashAlgorithm(algorithm); !notation.IsHex(value.text) || digits != 0 && len(value.text) != digits {
		d.defect(sbom.CodeValue, value.at, value.text, "a hash is no %s value in hexadecimal digits", name)
	}
}

// tooMany says that a document has more packages or files than memory is for.
func (d *decoder) tooMany(what string) string {
	return fmt.Sprintf("more than %d %s in a text of %d bytes", d.most, what, len(d.text))
}
