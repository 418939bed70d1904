// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/medsbom/medsbom/internal/transcript"
	"github.com/medsbom/medsbom/sbom"
)

// A yamlWriter writes the tree of a YAML document as JSON. An anchor may hold
// an alias of itself, and aliases of aliases grow by powers: depth, the length
// of the result and the entries that merges look at are bounded.
type yamlWriter struct {
	t    *transcript.Transcript
	most int // nesting
	work int // entries of merged mappings that may still be looked at
	met  sbom.Defects
	err  *sbom.SyntaxError
}

// value writes the value of a key; at is its place, that of the alias if it is
// one.
func (w *yamlWriter) value(n *yaml.Node, key string, at sbom.Position, depth int) {
	for n.Kind == yaml.AliasNode {
		if n = n.Alias; n == nil {
			w.t.Literal("null", at)
			return
		}
	}
	if w.stop(at, depth) {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		w.t.Object(at)
		w.mapping(n, depth)
		w.t.EndObject()
	case yaml.SequenceNode:
		w.t.Array(at)
		for _, item := range n.Content {
			w.value(item, "", place(item), depth+1)
			if w.err != nil {
				return
			}
		}
		w.t.EndArray()
	default:
		w.scalar(n, key, at)
	}
}

// stop reports whether a limit is passed.
func (w *yamlWriter) stop(at sbom.Position, depth int) bool {
	switch {
	case w.err != nil:
	case w.t.Over(), w.work < 0:
		w.err = endless(at, "aliases")
	case depth >= w.most:
		w.err = &sbom.SyntaxError{Position: at, Message: "nested too deep", Remedy: remedyLimit, Limit: sbom.LimitDepth}
	}
	return w.err != nil
}

func (w *yamlWriter) scalar(n *yaml.Node, key string, at sbom.Position) {
	plain := n.Style == 0
	if plain && key == "versionInfo" && isOddVersion(n.Value) {
		w.met.Add(sbom.CodeType, at, n.Value, "a versionInfo without quotes, which readers of YAML take for another value than the text that is written")
	}
	if n.ShortTag() == "!!binary" {
		w.met.Add(sbom.CodeType, at, n.Value, "a text in Base64 (!!binary), of which SPDX has none; taken as written")
	}
	switch {
	case plain && n.Tag == "!!null" && (n.Value == "" || key != "versionInfo"):
		w.t.Literal("null", at)
	case plain && n.Tag == "!!bool" && isBoolKey(key):
		w.t.Literal(strings.ToLower(n.Value), at)
	case plain && isNumberKey(key) && isInteger(n.Value):
		w.t.Literal(n.Value, at)
	default:
		w.t.String(n.Value, at)
	}
}

// mapping writes the pairs of a mapping, and then those that it merges: its own
// win, then the earlier ones (YAML merge key, draft of 2005).
func (w *yamlWriter) mapping(n *yaml.Node, depth int) {
	merges := false
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Tag == "!!merge" && key.Style == 0 {
			merges = true
			continue
		}
		w.pair(key, value, depth)
		if w.err != nil {
			return
		}
	}
	if !merges {
		return
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if name, ok := keyText(n.Content[i]); ok {
			seen[name] = true
		}
	}
	w.merge(n, seen, depth)
}

// merge writes the pairs of the mappings that n merges.
func (w *yamlWriter) merge(n *yaml.Node, seen map[string]bool, depth int) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], aliased(n.Content[i+1])
		if key.Tag != "!!merge" || key.Style != 0 {
			continue
		}
		sources := []*yaml.Node{value}
		if value != nil && value.Kind == yaml.SequenceNode {
			sources = value.Content
		}
		for _, source := range sources {
			if w.work--; w.stop(place(key), depth) {
				return
			}
			if source = aliased(source); source == nil || source.Kind != yaml.MappingNode {
				w.met.Add(sbom.CodeType, place(key), "", "a merge key (<<) whose value is no mapping")
				continue
			}
			w.absent(source, seen, depth)
			w.merge(source, seen, depth+1)
		}
	}
}

// absent writes the pairs of a merged mapping that are not there yet.
func (w *yamlWriter) absent(source *yaml.Node, seen map[string]bool, depth int) {
	for i := 0; i+1 < len(source.Content); i += 2 {
		if w.work--; w.stop(place(source), depth) {
			return
		}
		key := source.Content[i]
		name, ok := keyText(key)
		if !ok || key.Tag == "!!merge" && key.Style == 0 || seen[name] {
			continue
		}
		seen[name] = true
		w.pair(key, source.Content[i+1], depth)
	}
}

func (w *yamlWriter) pair(key, value *yaml.Node, depth int) {
	name, ok := keyText(key)
	if !ok {
		w.met.Add(sbom.CodeType, place(key), "", "a key that is a list or a mapping instead of text; passed over with its value")
		return
	}
	w.t.Key(name, place(key))
	w.value(value, name, place(value), depth+1)
}

// keyText is the text of a key, which may be an alias.
func keyText(key *yaml.Node) (string, bool) {
	if key = aliased(key); key == nil || key.Kind != yaml.ScalarNode {
		return "", false
	}
	return key.Value, true
}

// aliased is the node that is meant.
func aliased(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}
