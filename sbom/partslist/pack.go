// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/internal/xmlpull"
	"github.com/medsbom/medsbom/sbom"
)

// pack is an Open Packaging Conventions file (ECMA-376 part 2): parts in a zip,
// and relationships that name them. Names are looked up among the parts only;
// nothing is unpacked to a place that the file chooses.
type pack struct {
	parts map[string]*zip.File // by name in lower case, which is how names compare
	left  int64                // bytes that may still be expanded
	most  int64
	limit sbom.Limit // that gives most
}

const (
	maxEntries    = 10_000
	freeExpansion = 8 << 20 // bytes to which no ratio is asked for
	remedyDamaged = "the file is damaged: ask for it again, or save it as CSV"
)

// openPack checks what the file says of itself before anything is expanded.
func openPack(data []byte, opts Options) (*pack, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, &sbom.SyntaxError{Message: "malformed XLSX: " + notation.Short(err.Error()), Remedy: remedyDamaged}
	}
	if len(z.File) > maxEntries {
		return nil, &sbom.SyntaxError{Message: fmt.Sprintf("an XLSX file with more than %d entries", maxEntries), Remedy: remedyLimit}
	}
	p := &pack{parts: make(map[string]*zip.File, len(z.File)), most: opts.MaxBytes, limit: sbom.LimitBytes}
	if ratio := max(int64(len(data))*int64(opts.MaxRatio), freeExpansion); ratio < p.most {
		p.most, p.limit = ratio, sbom.LimitRatio
	}
	p.left = p.most
	var sum uint64
	for _, f := range z.File {
		sum += min(f.UncompressedSize64, 1<<60/maxEntries) // a sum that cannot overflow
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if _, twice := p.parts[name]; twice {
			return nil, &sbom.SyntaxError{Message: fmt.Sprintf("malformed XLSX: two entries are named %q", notation.Short(f.Name)), Remedy: remedyDamaged}
		}
		p.parts[name] = f
	}
	if sum > uint64(p.most) {
		return nil, p.tooLarge()
	}
	return p, nil
}

func (p *pack) tooLarge() *sbom.SyntaxError {
	return &sbom.SyntaxError{
		Message: fmt.Sprintf("an XLSX file that expands to more than %d bytes", p.most),
		Remedy:  "save the sheet with the parts list alone", Limit: p.limit,
	}
}

// read expands a part; nil if there is none of that name. Every reading counts
// against the limit, also of the same part.
func (p *pack) read(name string) ([]byte, error) {
	f := p.parts[strings.ToLower(name)]
	if f == nil {
		return nil, nil
	}
	broken := func(err error) error {
		return &sbom.SyntaxError{Message: fmt.Sprintf("malformed XLSX: %s: %s", notation.Short(name), notation.Short(err.Error())), Remedy: remedyDamaged}
	}
	if f.Flags&1 != 0 {
		return nil, broken(errors.New("it is encrypted"))
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(err)
	}
	defer r.Close()
	var text bytes.Buffer
	text.Grow(int(min(f.UncompressedSize64, uint64(p.left)+1)) + bytes.MinRead)
	n, err := text.ReadFrom(io.LimitReader(r, p.left+1))
	if err != nil {
		return nil, broken(err)
	}
	if p.left -= n; p.left < 0 {
		return nil, p.tooLarge()
	}
	out, err := xmlpull.ToUTF8(utf8Part(text.Bytes()))
	if err != nil {
		return nil, broken(err)
	}
	return out, nil
}

// utf8Part removes the mark.
func utf8Part(text []byte) []byte { return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) }

// A relationship names another part.
type relationship struct {
	kind     string // the last segment of its type
	target   string // a name among the parts
	external bool
}

// relationships reads those of a part, by id; first is the first of each kind.
func (p *pack) relationships(of string) (byID, first map[string]relationship, err error) {
	dir, base := path.Split(of)
	name := dir + "_rels/" + base + ".rels"
	text, err := p.read(name)
	if err != nil || text == nil {
		return nil, nil, err
	}
	byID, first = make(map[string]relationship), make(map[string]relationship)
	r := xmlpull.New(text, maxDepth, 0)
	r.Child()
	for {
		start, ok := r.Child()
		if !ok {
			return byID, first, closed(name, r)
		}
		kind := xmlpull.Attribute(start, "Type")
		rel := relationship{
			kind:     kind[strings.LastIndexByte(kind, '/')+1:],
			target:   xmlpull.Attribute(start, "Target"),
			external: strings.EqualFold(xmlpull.Attribute(start, "TargetMode"), "External"),
		}
		if strings.HasPrefix(rel.target, "/") {
			rel.target = strings.TrimPrefix(path.Clean(rel.target), "/")
		} else {
			rel.target = path.Join(dir, rel.target)
		}
		if id := xmlpull.Attribute(start, "Id"); id != "" {
			byID[id] = rel
		}
		if _, seen := first[rel.kind]; !seen && !rel.external {
			first[rel.kind] = rel
		}
		r.Skip()
	}
}

// maxDepth bounds the elements of a part that are open at a time.
const maxDepth = 64

var errLongCell = errors.New("a cell is longer than 1 MiB")
