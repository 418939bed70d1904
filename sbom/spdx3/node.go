// SPDX-License-Identifier: Apache-2.0

package spdx3

import "github.com/medsbom/medsbom/sbom"

// A node is an object of the graph, as read. Nodes stand in the order in which
// they end in the text.
type node struct {
	slots  []slot
	at     sbom.Position
	id     int32 // into ids; noID if it has none
	same   int32 // the node of the same id that it repeats; itself if it repeats none
	class  class
	inline bool
}

// A slot is one value of a property that means something.
type slot struct {
	text string // as written; of a reference the id
	at   sbom.Position
	ref  ref
	prop property
}

// ref is what the value of a property refers to: nothing, an id or an inline
// node.
type ref int32

func refID(id int32) ref      { return ref(id + 1) }
func refNode(index int32) ref { return ref(-index - 1) }

const noID int32 = -1

// ids are the identifiers of the document, numbered in the order in which they
// are met.
type ids struct {
	number map[string]int32
	names  []string
	// same is the number of the first id that means the same IRI, with and
	// without a prefix; owner the node of an id, -1 if it has none. Both are
	// made when all is read.
	same  []int32
	owner []int32
	more  []further
}

// further is a second id of a node.
type further struct{ id, node int32 }

func (t *ids) intern(name string) int32 {
	if n, ok := t.number[name]; ok {
		return n
	}
	n := int32(len(t.names))
	t.number[name] = n
	t.names = append(t.names, name)
	return n
}

// join finds the ids that mean the same IRI by the prefixes of the context and
// of namespaceMap.
func (t *ids) join(prefixes *prefixes) {
	t.same, t.owner = make([]int32, len(t.names)), make([]int32, len(t.names))
	for n := range t.names {
		t.same[n], t.owner[n] = int32(n), -1
	}
	if prefixes.none() {
		return
	}
	first := make(map[uint64]int32, len(t.names))
	for n, name := range t.names {
		digest := prefixes.digest(name)
		m, met := first[digest]
		if !met {
			first[digest] = int32(n)
			continue
		}
		space, rest := prefixes.split(name)
		if other, end := prefixes.split(t.names[m]); sameText(space, rest, other, end) {
			t.same[n] = m
		}
	}
}

const offset64 = 14695981039346656037

// digest continues the FNV-1a hash h over s.
func digest(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// sameText reports whether a+b equals c+d.
func sameText(a, b, c, d string) bool {
	if len(a) > len(c) {
		a, b, c, d = c, d, a, b
	}
	more := len(c) - len(a)
	return len(a)+len(b) == len(c)+len(d) && a == c[:len(a)] && b[:more] == c[len(a):] && b[more:] == d
}

// last returns the last value of a property of n, which is the one that holds.
func (n *node) last(p property) *slot {
	for i := len(n.slots) - 1; i >= 0; i-- {
		if n.slots[i].prop == p {
			return &n.slots[i]
		}
	}
	return nil
}

func (n *node) text(p property) string {
	if s := n.last(p); s != nil {
		return s.text
	}
	return ""
}

// place enters the nodes by their ids. Of two that are the same, or of which
// one says a part of the other, the fuller one owns the id and the other
// repeats it; of two that differ the first owns it.
func (d *decoder) place() {
	latest := make(map[int32]int32) // of an id that has several owners
	for i := range d.nodes {
		n := &d.nodes[i]
		if n.id == noID {
			continue
		}
		if d.isIndividual(n) {
			continue
		}
		id := d.ids.same[n.id]
		owner := d.ids.owner[id]
		if owner < 0 {
			d.ids.owner[id] = int32(i)
			continue
		}
		d.repeat(int32(i), owner, id, latest)
	}
	for _, f := range d.ids.more {
		if id := d.ids.same[f.id]; d.ids.owner[id] < 0 {
			d.ids.owner[id] = d.owner(f.node)
		}
	}
}

// isIndividual reports a node that stands for an individual of SPDX itself, which
// some writers list in the graph like an element of theirs. References to it
// mean what they mean without it.
func (d *decoder) isIndividual(n *node) bool {
	if n.class != classOther && n.class != classAnyLicence {
		return false
	}
	s := d.specialOf(d.ids.names[n.id])
	return s == noElement || s == unknownElement
}

// repeat enters a further node of an id. Only the first and the latest are
// compared: all of them would be quadratic in a document made for that.
func (d *decoder) repeat(i, owner, id int32, latest map[int32]int32) {
	n := &d.nodes[i]
	others := [...]int32{owner, owner}
	if l, ok := latest[id]; ok {
		others[1] = l
	}
	for _, o := range others {
		switch {
		case d.covers(&d.nodes[o], n):
			n.same = o
			return
		case o == owner && d.covers(n, &d.nodes[o]):
			d.nodes[o].same, d.ids.owner[id] = i, i
			return
		}
	}
	latest[id] = i
	d.defect(sbom.CodeDuplicate, n.at, d.ids.names[n.id], "two elements with different content have one spdxId")
}

// fewSlots is up to how many properties nodes are compared in any order; those
// with more have to be the same in the same order.
const fewSlots = 64

// covers reports whether a says all that b says.
func (d *decoder) covers(a, b *node) bool {
	if a.class != b.class && b.class != classNone || len(b.slots) > len(a.slots) {
		return false
	}
	if len(a.slots) == len(b.slots) {
		all := true
		for i := range a.slots {
			if all = d.sameSlot(&a.slots[i], &b.slots[i]); !all {
				break
			}
		}
		if all {
			return true
		}
	}
	if len(a.slots) > fewSlots {
		return false
	}
next:
	for i := range b.slots {
		for j := range a.slots {
			if d.sameSlot(&a.slots[j], &b.slots[i]) {
				continue next
			}
		}
		return false
	}
	return true
}

// sameSlot compares two values; inline objects without an id by their own
// values in order, which are few wherever they mean something.
func (d *decoder) sameSlot(a, b *slot) bool {
	if a.prop != b.prop {
		return false
	}
	x, y := d.inlined(a), d.inlined(b)
	if x == nil || y == nil {
		return x == y && a.text == b.text && (a.ref > 0) == (b.ref > 0)
	}
	if x.id != noID || y.id != noID {
		return x.id != noID && y.id != noID && d.ids.same[x.id] == d.ids.same[y.id]
	}
	if x.class != y.class || len(x.slots) != len(y.slots) || len(x.slots) > fewSlots {
		return false
	}
	for i := range x.slots {
		p, q := &x.slots[i], &y.slots[i]
		if p.prop != q.prop || p.text != q.text || p.ref < 0 || q.ref < 0 {
			return false
		}
	}
	return true
}

// inlined returns the node that stands inline at s, nil if none does.
func (d *decoder) inlined(s *slot) *node {
	if s.ref >= 0 {
		return nil
	}
	return &d.nodes[-s.ref-1]
}

// follow returns the index of the node that s refers to, -1 if there is none.
func (d *decoder) follow(s *slot) int32 {
	switch {
	case s == nil || s.ref == 0:
		return -1
	case s.ref < 0:
		return d.owner(int32(-s.ref - 1))
	}
	i := d.ids.owner[d.ids.same[s.ref-1]]
	if i >= 0 {
		d.spend(len(d.nodes[i].slots), d.nodes[i].at)
	}
	return i
}

// owner returns the node that node i repeats, or i.
func (d *decoder) owner(i int32) int32 {
	for d.nodes[i].same != i { // each is fuller than the one before, up to fewSlots
		i = d.nodes[i].same
	}
	return i
}

// spend counts what shared references expand to. A text in which a thousand
// elements refer to one of a thousand values must not cost their product.
func (d *decoder) spend(work int, at sbom.Position) {
	const least = 1 << 20
	d.spent += work
	if d.spent > 4*len(d.text)+least && d.err == nil {
		d.err = &sbom.SyntaxError{
			Position: at,
			Message:  "the references to this element expand to more than the document is long",
			Remedy:   remedyLimit,
		}
	}
}
