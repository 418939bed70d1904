// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"errors"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/signature"
)

// unwrap takes a document out of an envelope. The rest of the file is blanked,
// so that places stay those of the file, or, for a DSSE envelope, the text is
// its payload.
func (u *unpacker) unwrap(kind Kind, s *source) (text []byte, err error) {
	if s.layers++; s.layers > maxLayers {
		return nil, tooManyLayers()
	}
	s.wrapping = append(s.wrapping, string(kind))
	switch kind {
	case KindGitHub:
		return s.member("sbom")
	case KindInToto:
		return s.predicate()
	default:
		return u.payload(s)
	}
}

func tooManyLayers() error {
	return &sbom.SyntaxError{Message: "compressed, archived or wrapped more than three times", Remedy: "unpack it and name the file inside"}
}

// payload opens a DSSE envelope or a bundle around one, and checks its
// signatures.
func (u *unpacker) payload(s *source) ([]byte, error) {
	payloadType, payload, signatures, err := signature.Envelope(s.text, u.opts.Trust)
	if err != nil {
		return nil, signatureError(err)
	}
	s.signatures = append(s.signatures, signatures...)
	beside, err := find(s.text, "payload", []string{"payloadType", "signatures", "mediaType", "verificationMaterial", "dsseEnvelope"})
	if err != nil {
		return nil, err
	}
	s.noteStrange(beside)
	if text, _, _ := toUTF8(payload); !fits(payloadType, sniffText(text)) {
		s.notes = append(s.notes, sbom.Defect{
			Code: sbom.CodeContradict, Value: payloadType,
			Message: "the envelope says that its payload is of another type than it is; who signed it has signed it as that",
		})
	}
	return payload, nil
}

// fits reports whether a payload is what its type says. A type that names none
// of the formats fits all.
func fits(payloadType string, k Kind) bool {
	names := func(word string) bool { return strings.Contains(strings.ToLower(payloadType), word) }
	switch {
	case names("in-toto"):
		return k == KindInToto
	case names("cyclonedx"):
		return strings.HasPrefix(string(k), "cyclonedx-")
	case names("spdx"):
		return strings.HasPrefix(string(k), "spdx-")
	default:
		return true
	}
}

// signatureError turns a signature that fails into what costs the document.
func signatureError(err error) error {
	if failed, ok := errors.AsType[*signature.Error](err); ok {
		return &sbom.SyntaxError{Position: failed.Position, Message: failed.Reason, Remedy: failed.Remedy}
	}
	return err
}

// member blanks everything of a JSON object but the value of one of its keys;
// nil if it has none.
func (s *source) member(name string, known ...string) ([]byte, error) {
	found, err := find(s.text, name, known)
	if err != nil || found.to == 0 {
		return nil, err
	}
	s.noteStrange(found)
	return blank(s.text, found.from, found.to), nil
}

// noteStrange says of the first key of an envelope that none has: what stands
// there, another reader may take for the document.
func (s *source) noteStrange(f found) {
	if f.strange == "" {
		return
	}
	s.notes = append(s.notes, sbom.Defect{
		Code: sbom.CodeUnknownTag, Value: f.strange, Position: sbom.NewLines(s.text).At(f.strangeAt),
		Message: "the envelope has a key that such envelopes do not have; what stands there was not read",
	})
}

// A found is where the value of a key of the outermost object stands, and the
// first key that is not known.
type found struct {
	from, to  int // to is 0 if there is none
	strange   string
	strangeAt int
}

// find looks for a key of the outermost object. The whole text must be JSON and
// have the key once: else two readers of it could see two documents. How long
// its texts may be is for the decoder to say.
func find(text []byte, name string, known []string) (f found, err error) {
	lines := sbom.NewLines(text)
	r := jsonpull.New(text, jsonpull.Limits{Depth: 4096, String: len(text) + 1})
	twice := -1
	if r.Object() {
		for r.Key() {
			if r.Name() != name {
				if f.strange == "" && !slices.Contains(known, r.Name()) {
					f.strange, f.strangeAt = r.Name(), r.NameOffset()
				}
				r.Skip()
				continue
			}
			if f.to > 0 {
				twice = r.NameOffset()
			}
			f.from = r.Offset()
			f.to = f.from + len(r.Raw())
		}
	}
	if fault := r.End(); fault != nil {
		return found{}, &sbom.SyntaxError{Position: lines.At(fault.Offset), Message: fault.Message, Remedy: "send the file again, whole and as the tool wrote it"}
	}
	if twice >= 0 {
		return found{}, &sbom.SyntaxError{Position: sbom.NewLines(text).At(twice), Message: "the envelope has two values of the key " + name, Remedy: "ask for the document itself"}
	}
	return f, nil
}

// blank returns text[from:to] behind as many lines and columns as stand before
// it.
func blank(text []byte, from, to int) []byte {
	out := make([]byte, 0, to)
	for _, c := range text[:from] {
		switch {
		case c == '\n':
			out = append(out, c)
		case c&0xc0 != 0x80: // columns count characters, not bytes
			out = append(out, ' ')
		}
	}
	return append(out, text[from:to]...)
}

// predicate takes the document out of an in-toto statement. Early versions of
// cosign put it into the predicate's "Data", as a text. A predicate that is a
// document itself is that document, whatever else it holds.
func (s *source) predicate() ([]byte, error) {
	inner, err := s.member("predicate", "_type", "subject", "predicateType")
	if err != nil || inner == nil {
		return nil, err
	}
	if kind := sniffText(inner); readsText(kind) || kind.isEnvelope() {
		return inner, nil
	}
	data, err := find(inner, "Data", nil)
	if err != nil || data.to == 0 {
		return inner, err
	}
	r := jsonpull.New(inner[data.from:data.to], jsonpull.Limits{Depth: 4096, String: len(inner)})
	if r.Kind() == jsonpull.String {
		text, _ := r.String()
		return []byte(text), nil
	}
	return blank(inner, data.from, data.to), nil
}
