// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"errors"

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
		return member(s.text, "sbom")
	case KindInToto:
		return predicate(s.text)
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
	_, payload, signatures, err := signature.Envelope(s.text, u.opts.Trust)
	if err != nil {
		return nil, signatureError(err)
	}
	s.signatures = append(s.signatures, signatures...)
	return payload, nil
}

// signatureError turns a signature that fails into what costs the document.
func signatureError(err error) error {
	if failed, ok := errors.AsType[*signature.Error](err); ok {
		return &sbom.SyntaxError{Position: failed.Position, Message: failed.Reason, Remedy: failed.Remedy}
	}
	return err
}

// member blanks everything of a JSON object but the value of one of its keys.
func member(text []byte, name string) ([]byte, error) {
	from, to, err := find(text, name)
	if err != nil {
		return nil, err
	}
	return blank(text, from, to), nil
}

// find returns where the value of a key of the outermost object stands. The
// whole text must be JSON and have the key once: else two readers of it could
// see two documents.
func find(text []byte, name string) (from, to int, err error) {
	lines := sbom.NewLines(text)
	r := jsonpull.New(text, jsonpull.Limits{Depth: 4096})
	twice := -1
	if r.Object() {
		for r.Key() {
			if r.Name() != name {
				r.Skip()
				continue
			}
			if to > 0 {
				twice = r.NameOffset()
			}
			from = r.Offset()
			to = from + len(r.Raw())
		}
	}
	if fault := r.End(); fault != nil {
		return 0, 0, &sbom.SyntaxError{Position: lines.At(fault.Offset), Message: fault.Message, Remedy: "send the file again, whole and as the tool wrote it"}
	}
	if twice >= 0 {
		return 0, 0, &sbom.SyntaxError{Position: lines.At(twice), Message: "the envelope has two values of the key " + name, Remedy: "ask for the document itself"}
	}
	return from, to, nil
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
// cosign put it into the predicate's "Data", as a text.
func predicate(text []byte) ([]byte, error) {
	from, to, err := find(text, "predicate")
	if err != nil || to == 0 {
		return nil, err
	}
	inner := text[from:to]
	r := jsonpull.New(inner, jsonpull.Limits{Depth: 4096})
	if r.Kind() == jsonpull.Object && r.Object() {
		for r.Key() {
			if r.Name() != "Data" {
				r.Skip()
				continue
			}
			if r.Kind() == jsonpull.String {
				data, _ := r.String()
				return []byte(data), nil
			}
			at := from + r.Offset()
			return blank(text, at, at+len(r.Raw())), nil
		}
	}
	return blank(text, from, to), nil
}
