// SPDX-License-Identifier: Apache-2.0

package signature

// pieces are the canonical form of a document before and after the value of its
// member "signature". Only that value differs from signature to signature.
type pieces struct {
	outline *outline
	found   *jsf
	own     member // the member "signature"
	buf     []byte // before, and behind it what the last message had
	before  int
	after   []byte
}

func newPieces(o *outline, f *jsf) *pieces {
	p := &pieces{outline: o, found: f}
	p.own, _ = o.member(0, signatureName)
	p.buf = o.object(make([]byte, 0, len(o.text)), 0, edits{
		drop: f.excludes,
		name: signatureName,
		instead: func(out []byte, _ member) []byte {
			p.before = len(out)
			return out
		},
	})
	p.after = append(p.after, p.buf[p.before:]...)
	return p
}

// message is what the i-th signature is over. It is valid until the next call.
func (p *pieces) message(i int) []byte {
	p.buf = p.signature(p.buf[:p.before], i)
	p.buf = append(p.buf, p.after...)
	return p.buf
}

// signature appends the member "signature" as the i-th signer has signed it.
func (p *pieces) signature(out []byte, i int) []byte {
	o := p.outline
	if p.found.name == "" {
		return o.object(out, p.own.next, edits{drop: []string{valueName, excludesName}})
	}
	return o.object(out, p.own.next, edits{
		drop: []string{excludesName},
		name: p.found.name,
		instead: func(out []byte, list member) []byte {
			out = append(out, '[')
			index := list.next // each signer is an object, so this walks over them
			for range i {
				if p.found.name == chainName {
					out = append(o.object(out, index, edits{}), ',')
				}
				index += o.objects[index].within
			}
			return append(o.object(out, index, edits{drop: []string{valueName}}), ']')
		},
	})
}
