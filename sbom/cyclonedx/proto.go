// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/internal/transcript"
	"github.com/medsbom/medsbom/sbom"
)

// DecodeProtobuf reads one CycloneDX document in the binary form of bom-1.3 to
// 1.7.proto. It is written out as CycloneDX JSON and decoded as such, so that
// all rules are the same. A place is line 1 and the offset of the byte, from 1.
// The error is a *sbom.SyntaxError.
func DecodeProtobuf(data []byte, opts Options) (*sbom.Document, error) {
	opts = opts.withDefaults()
	// A field of two bytes becomes at most a key and a word of some fifty.
	p := &protoReader{data: data, out: transcript.New(32*len(data) + 1<<10), most: opts.MaxDepth + protoBeside}
	version := p.specVersion()
	if p.err != nil {
		return nil, p.err
	}
	p.out.Object(protoPlace(0))
	p.out.Key("bomFormat", protoPlace(0))
	p.out.String("CycloneDX", protoPlace(0))
	p.message(0, len(data), bomMessage)
	p.out.EndObject()
	if p.out.Over() {
		p.fail(0, remedyLimit, "the document becomes too long")
	}
	if p.err != nil {
		return nil, p.err
	}
	doc, err := decodeJSON(p.out.Text(), p.out, sbom.Protobuf, opts)
	if err != nil {
		return nil, err
	}
	if minor, ok := knownSpec(version); ok && minor < 3 {
		p.defect(sbom.CodeSpec, 0, version, "CycloneDX "+version+" has no protobuf form")
	}
	for _, d := range p.problems {
		doc.Defects.Add(d.Code, d.Position, d.Value, "%s", d.Message)
	}
	return doc, nil
}

// protoBeside is how many levels may hang on the deepest component.
const protoBeside = 16

// protoReader writes the messages of a document as JSON.
type protoReader struct {
	data     []byte
	out      *transcript.Transcript
	depth    int
	most     int
	unknown  map[uint64]struct{} // fields that were said
	problems []sbom.Defect
	err      *sbom.SyntaxError
}

func protoPlace(at int) sbom.Position { return sbom.Position{Line: 1, Column: int32(at) + 1} }

func (p *protoReader) fail(at int, remedy, format string, args ...any) {
	if p.err == nil {
		p.err = &sbom.SyntaxError{Position: protoPlace(at), Message: fmt.Sprintf(format, args...), Remedy: remedy}
	}
}

func (p *protoReader) defect(code sbom.Code, at int, value, message string) {
	p.problems = append(p.problems, sbom.Defect{Code: code, Position: protoPlace(at), Value: value, Message: message})
}

// specVersion looks for what tells a document from any other bytes: a version,
// or, as one of the specification's own examples has none, components or
// metadata and no field that a document does not have.
func (p *protoReader) specVersion() string {
	const version, metadata, components = 1, 4, 5
	fields := protoMessages[bomMessage].fields
	found, strange := false, false
	for at := 0; at < len(p.data); {
		e, ok := p.entry(at, len(p.data))
		if !ok {
			return ""
		}
		i := protoFieldOf(fields, e.number)
		switch {
		case i < 0 || !fields[i].kind.fits(e.kind, fields[i].repeated):
			strange = true
		case e.number == version:
			value := string(p.data[e.from:min(e.to, e.from+10)])
			if major, minor, dot := strings.Cut(value, "."); dot && major != "" && minor != "" && strings.Trim(major+minor, "0123456789") == "" {
				return value
			}
			strange = true
		default:
			found = found || e.number == metadata || e.number == components
		}
		at = e.to
	}
	if strange || !found {
		p.fail(0, remedyOther, "no CycloneDX document in protobuf form: it has no specVersion")
	}
	return ""
}

// A protoEntry is one field on the wire.
type protoEntry struct {
	number   protowire.Number
	kind     protowire.Type
	at       int // of its tag
	from, to int // of its value
}

// entry reads the field at an offset of a message that ends at end.
func (p *protoReader) entry(at, end int) (e protoEntry, ok bool) {
	number, kind, n := protowire.ConsumeTag(p.data[at:end])
	if n < 0 {
		p.broken(at, n)
		return e, false
	}
	e = protoEntry{number: number, kind: kind, at: at, from: at + n}
	switch kind {
	case protowire.BytesType:
		length, m := protowire.ConsumeVarint(p.data[e.from:end])
		if m < 0 {
			p.broken(e.from, m)
			return e, false
		}
		e.from += m
		if length > uint64(end-e.from) {
			p.fail(at, remedyCut, "malformed protobuf: a field claims %d bytes where %d are left", length, end-e.from)
			return e, false
		}
		e.to = e.from + int(length)
	case protowire.VarintType, protowire.Fixed32Type, protowire.Fixed64Type:
		m := protowire.ConsumeFieldValue(number, kind, p.data[e.from:end])
		if m < 0 {
			p.broken(e.from, m)
			return e, false
		}
		e.to = e.from + m
	default:
		p.fail(at, remedyWrong, "malformed protobuf: field %d is of wire type %d, which no field of CycloneDX has", number, kind)
		return e, false
	}
	return e, true
}

func (p *protoReader) broken(at, code int) {
	err := protowire.ParseError(code)
	remedy := remedyWrong
	if strings.Contains(err.Error(), "unexpected EOF") {
		remedy = remedyCut
	}
	p.fail(at, remedy, "malformed protobuf: %s", notation.Short(strings.TrimPrefix(err.Error(), "proto: ")))
}

// message writes the fields of one message as members of the object that is
// open. They may stand in any order and repeated ones apart, so each kind that
// occurs is gathered from where it first occurs to where it last does.
func (p *protoReader) message(from, to int, kind protoMessage) {
	if p.depth++; p.depth > p.most {
		p.fail(from, remedyLimit, "messages nested deeper than %d", p.most)
	}
	defer func() { p.depth-- }()
	fields := protoMessages[kind].fields
	var first, last [maxProtoFields]int
	for at := from; at < to && p.err == nil; {
		e, ok := p.entry(at, to)
		if !ok {
			return
		}
		i := protoFieldOf(fields, e.number)
		switch {
		case i < 0:
			p.unknownField(kind, e)
		case !fields[i].kind.fits(e.kind, fields[i].repeated):
			p.defect(sbom.CodeType, e.at, "", fmt.Sprintf("field %q of a %s is of the wrong type", fields[i].key, protoMessages[kind].name))
		default:
			if first[i] == 0 {
				first[i] = at + 1
			}
			last[i] = e.to
		}
		at = e.to
	}
	for i := range fields {
		if p.err != nil || p.out.Over() {
			return
		}
		f := &fields[i]
		switch {
		case first[i] > 0:
			p.field(f, first[i]-1, last[i], to)
		case f.implied != "":
			p.out.Key(f.key, protoPlace(from))
			if f.kind == protoFloat {
				p.out.Literal(f.implied, protoPlace(from))
			} else {
				p.out.String(f.implied, protoPlace(from))
			}
		}
	}
}

func protoFieldOf(fields []protoField, number protowire.Number) int {
	for i := range fields {
		if fields[i].number == number {
			return i
		}
	}
	return -1
}

const maxProtoUnknown = 1000 // fields that are told apart

// unknownField says once of each field that it is none of its message.
func (p *protoReader) unknownField(kind protoMessage, e protoEntry) {
	key := uint64(kind)<<32 | uint64(e.number)
	if _, said := p.unknown[key]; said || len(p.unknown) == maxProtoUnknown {
		return
	}
	if p.unknown == nil {
		p.unknown = make(map[uint64]struct{})
	}
	p.unknown[key] = struct{}{}
	p.defect(sbom.CodeUnknownTag, e.at, "", fmt.Sprintf("field %d is none of a CycloneDX %s", e.number, protoMessages[kind].name))
}

// entries calls do for each field of a number and of a type that fits.
func (p *protoReader) entries(f *protoField, from, to, end int, do func(e protoEntry)) {
	for at := from; at < to && p.err == nil && !p.out.Over(); {
		e, ok := p.entry(at, end)
		if !ok {
			return
		}
		if e.number == f.number && f.kind.fits(e.kind, f.repeated) {
			do(e)
		}
		at = e.to
	}
}

// field writes all values of one field.
func (p *protoReader) field(f *protoField, from, to, end int) {
	here := protoPlace(from)
	switch {
	case f.kind == protoPassed: // of no interest here, and to the JSON decoder neither
		if f.repeated {
			p.out.Key(f.key, here)
			p.out.Array(here)
			p.out.EndArray()
		}
	case f.kind == protoInline:
		p.entries(f, from, to, end, func(e protoEntry) { p.message(e.from, e.to, f.of) })
	case f.kind == protoTools:
		p.tools(f, from, to, end)
	case f.kind == protoDependencies:
		p.out.Key(f.key, here)
		p.out.Array(here)
		p.entries(f, from, to, end, p.dependency)
		p.out.EndArray()
	case f.repeated:
		p.out.Key(f.key, here)
		p.out.Array(here)
		p.entries(f, from, to, end, func(e protoEntry) { p.value(f, e) })
		p.out.EndArray()
	default:
		// A second value would replace the first (or be merged into it); the
		// JSON decoder says that it stands there.
		p.entries(f, from, to, end, func(e protoEntry) {
			if f.kind == protoEnum && p.word(f, e) == "" {
				return // the null of an enumeration: not said
			}
			p.out.Key(f.key, protoPlace(e.at))
			p.value(f, e)
		})
	}
}

// value writes one value.
func (p *protoReader) value(f *protoField, e protoEntry) {
	at := protoPlace(e.at)
	switch f.kind {
	case protoText:
		p.out.String(string(p.data[e.from:e.to]), at)
	case protoObject:
		p.out.Object(at)
		p.message(e.from, e.to, f.of)
		p.out.EndObject()
	case protoEnum:
		if e.kind == protowire.VarintType {
			p.out.String(p.word(f, e), at)
			return
		}
		for from := e.from; from < e.to && p.err == nil; { // packed
			_, n := protowire.ConsumeVarint(p.data[from:e.to])
			if n < 0 {
				p.broken(from, n)
				return
			}
			p.out.String(p.word(f, protoEntry{from: from, to: from + n}), protoPlace(from))
			from += n
		}
	case protoBool:
		p.out.Literal(strconv.FormatBool(p.varint(e) != 0), at)
	case protoInt:
		p.out.Literal(strconv.FormatInt(int64(int32(p.varint(e))), 10), at)
	case protoFloat:
		v, _ := protowire.ConsumeFixed32(p.data[e.from:e.to])
		p.number(float64(math.Float32frombits(v)), 32, at)
	case protoDouble:
		v, _ := protowire.ConsumeFixed64(p.data[e.from:e.to])
		p.number(math.Float64frombits(v), 64, at)
	case protoTime:
		p.out.String(p.timestamp(e), at)
	default: // the other kinds are no values
	}
}

func (p *protoReader) varint(e protoEntry) uint64 {
	v, _ := protowire.ConsumeVarint(p.data[e.from:e.to])
	return v
}

// number writes a number that has so many bits on the wire.
func (p *protoReader) number(v float64, bits int, at sbom.Position) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		p.out.Literal("null", at)
		return
	}
	p.out.Literal(strconv.FormatFloat(v, 'g', -1, bits), at)
}

// word is the JSON word of an enumeration; a number that it does not have is
// written as such, for the JSON decoder to say.
func (p *protoReader) word(f *protoField, e protoEntry) string {
	v := p.varint(e)
	if v < uint64(len(f.words)) {
		return f.words[v]
	}
	return strconv.FormatUint(v, 10)
}

// timestamp writes a google.protobuf.Timestamp as RFC 3339 has it.
func (p *protoReader) timestamp(e protoEntry) string {
	var seconds, nanos int64
	for at := e.from; at < e.to; {
		part, ok := p.entry(at, e.to)
		if !ok {
			return ""
		}
		if part.kind == protowire.VarintType {
			switch part.number {
			case 1:
				seconds = int64(p.varint(part))
			case 2:
				nanos = int64(p.varint(part))
			default: // none that the type has
			}
		}
		at = part.to
	}
	// The range of the type: the years 1 to 9999.
	if seconds < -62135596800 || seconds > 253402300799 || nanos < 0 || nanos > 999_999_999 {
		return fmt.Sprintf("%d seconds after 1970", seconds)
	}
	return time.Unix(seconds, nanos).UTC().Format(time.RFC3339Nano)
}

// tools writes both forms of tools: a list of names up to 1.4, an object of
// components and services since.
func (p *protoReader) tools(f *protoField, from, to, end int) {
	const components, services = 6, 7
	modern := func(e protoEntry) bool {
		for at := e.from; at < e.to; {
			part, ok := p.entry(at, e.to)
			if !ok {
				return false
			}
			if part.number == components || part.number == services {
				return true
			}
			at = part.to
		}
		return false
	}
	legacy := false
	p.entries(f, from, to, end, func(e protoEntry) {
		if !modern(e) {
			legacy = true
			return
		}
		p.out.Key(f.key, protoPlace(e.at))
		p.out.Object(protoPlace(e.at))
		p.message(e.from, e.to, toolMessage)
		p.out.EndObject()
	})
	if !legacy {
		return
	}
	p.out.Key(f.key, protoPlace(from))
	p.out.Array(protoPlace(from))
	p.entries(f, from, to, end, func(e protoEntry) {
		if !modern(e) {
			p.out.Object(protoPlace(e.at))
			p.message(e.from, e.to, toolMessage)
			p.out.EndObject()
		}
	})
	p.out.EndArray()
}

// dependency writes an entry, in which JSON names the dependencies only, and
// then those beneath it that say more than their name.
func (p *protoReader) dependency(e protoEntry) {
	if p.depth++; p.depth > p.most {
		p.fail(e.at, remedyLimit, "messages nested deeper than %d", p.most)
	}
	defer func() { p.depth-- }()
	ref := &protoMessages[dependencyMessage].fields[0]
	nested := &protoMessages[dependencyMessage].fields[1]
	provides := &protoMessages[dependencyMessage].fields[2]
	at := protoPlace(e.at)
	p.out.Object(at)
	p.entries(ref, e.from, e.to, e.to, func(part protoEntry) {
		p.out.Key(ref.key, protoPlace(part.at))
		p.value(ref, part)
	})
	p.list(nested, e, func(part protoEntry) {
		p.entries(ref, part.from, part.to, part.to, func(name protoEntry) { p.value(ref, name) })
	})
	p.list(provides, e, func(part protoEntry) { p.value(provides, part) })
	p.out.EndObject()
	for at := e.from; at < e.to && p.err == nil; {
		part, ok := p.entry(at, e.to)
		if !ok {
			return
		}
		if protoFieldOf(protoMessages[dependencyMessage].fields, part.number) < 0 {
			p.unknownField(dependencyMessage, part)
		}
		at = part.to
	}
	p.entries(nested, e.from, e.to, e.to, func(part protoEntry) {
		for at := part.from; at < part.to; {
			inner, ok := p.entry(at, part.to)
			if !ok {
				return
			}
			if inner.number != ref.number {
				p.dependency(part)
				return
			}
			at = inner.to
		}
	})
}

// list writes a key with what write writes for each value, if there is one.
func (p *protoReader) list(f *protoField, e protoEntry, write func(protoEntry)) {
	open := false
	p.entries(f, e.from, e.to, e.to, func(part protoEntry) {
		if !open {
			open = true
			p.out.Key(f.key, protoPlace(part.at))
			p.out.Array(protoPlace(part.at))
		}
		write(part)
	})
	if open {
		p.out.EndArray()
	}
}
