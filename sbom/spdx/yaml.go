// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/internal/transcript"
	"github.com/medsbom/medsbom/sbom"
)

// maxEntries bounds the tree of a YAML document, which costs more memory than
// its text: a document of a million lines has some two million entries.
const maxEntries = 2_000_000

// DecodeYAML reads an SPDX 2 document in YAML: the keys of the JSON form. The
// error, if any, is a *sbom.SyntaxError. The text is UTF-8 without a byte order
// mark.
//
// A scalar is the text that is written: 1.10, 010 and 1e3 are versions, not
// numbers. One that other readers of YAML would take for something else than
// the decimal it looks like is said. Anchors, aliases and merge keys are
// honoured, within eight times the length of the text.
func DecodeYAML(text []byte, opts Options) (*sbom.Document, error) {
	clean, bad, badAt := printable(text)
	if at := beyondEntries(clean, maxEntries); at >= 0 {
		return nil, &sbom.SyntaxError{
			Position: sbom.NewLines(clean).At(at),
			Message:  fmt.Sprintf("more than %d entries of YAML", maxEntries),
			Remedy:   "send the SBOM as SPDX 2.3 in JSON, or split it by product",
		}
	}
	root, err := loadYAML(clean, maxDepth(opts))
	if err != nil {
		return nil, err
	}
	w := &yamlWriter{t: transcript.New(maxLowered(clean)), most: maxDepth(opts), work: maxLowered(clean)}
	if bad > 0 {
		w.met.Add(sbom.CodeText, sbom.NewLines(clean).At(badAt), "", "%s replaced: invalid UTF-8, a control character or a separator of lines",
			plural(bad, "character was", "characters were"))
	}
	w.value(root, "", place(root), 0)
	if w.err != nil {
		return nil, w.err
	}
	return decodeLowered(w.t, sbom.YAML, w.met, opts)
}

// loadYAML parses a stream that holds one document.
func loadYAML(text []byte, depth int) (root *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			root, err = nil, &sbom.SyntaxError{
				Position: sbom.Position{Line: 1, Column: 1},
				Message:  "the YAML library (go.yaml.in/yaml) gave up: " + notation.Short(fmt.Sprint(p)),
				Remedy:   "send the SBOM as SPDX 2.3 in JSON",
			}
		}
	}()
	loader, err := yaml.NewLoader(bytes.NewReader(text),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(depth), loaderlimits.AliasNone())))
	if err != nil {
		return nil, yamlError(err)
	}
	for {
		var document yaml.Node
		switch err := loader.Load(&document); {
		case errors.Is(err, io.EOF):
			if root == nil {
				return nil, &sbom.SyntaxError{Position: sbom.Position{Line: 1, Column: 1}, Message: "the YAML stream holds no document", Remedy: remedyWhole}
			}
			return root, nil
		case err != nil:
			return nil, yamlError(err)
		case len(document.Content) != 1:
			return nil, &sbom.SyntaxError{Position: place(&document), Message: "the YAML stream holds an empty document", Remedy: remedyWhole}
		case root == nil:
			root = document.Content[0]
		case !isNothing(document.Content[0]): // a "---" at the very end begins nothing
			return nil, &sbom.SyntaxError{
				Position: place(&document), Message: "a second document after the first",
				Remedy: "a file must hold one document: split it, or ask for the file again",
			}
		}
	}
}

func isNothing(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0
}

// yamlError turns an error of the library into one with a place.
func yamlError(err error) *sbom.SyntaxError {
	out := &sbom.SyntaxError{Position: sbom.Position{Line: 1, Column: 1}, Remedy: remedyWhole}
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		out.Message = "malformed YAML: " + notation.Short(err.Error())
		return out
	}
	out.Message = "malformed YAML: " + notation.Short(load.Message)
	for _, mark := range [...]yaml.Mark{load.Mark, load.ContextMark} {
		if mark.Line > 0 {
			out.Position = sbom.Position{Line: int32(mark.Line), Column: int32(max(mark.Column, 1))}
			break
		}
	}
	return out
}

func place(n *yaml.Node) sbom.Position {
	return sbom.Position{Line: int32(max(n.Line, 1)), Column: int32(max(n.Column, 1))}
}
