// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// rest deals with a key that the caller does not read: its value is checked
// and passed over, or the key is one that no such object has. If the key
// differs from one that it may have by case alone, that one is returned: it is
// to be read as such. The name is the key, or what rest has returned for it.
func (d *jsonDecoder) rest(of rule, name string) (spelled string) {
	s := &shapes[of]
	if i := s.find(name); i >= 0 {
		d.check(&s.members[i])
		return ""
	}
	for i := range s.members {
		if key := s.members[i].key; len(key) == len(name) && strings.EqualFold(key, name) {
			d.defect(sbom.CodeUnknownTag, d.r.NameOffset(), name, "key %q is spelled %q", notation.Short(name), key)
			return key
		}
	}
	if d.unknownKey(of, name) {
		d.defect(sbom.CodeUnknownTag, d.r.NameOffset(), name, "key %q is none of a CycloneDX %s", notation.Short(name), s.name)
	}
	d.r.Skip()
	return ""
}

// other is rest where a key in another case is not read.
func (d *jsonDecoder) other(of rule) {
	if d.rest(of, d.r.Name()) != "" {
		d.r.Skip()
	}
}

// check checks a value and passes over it.
func (d *jsonDecoder) check(m *member) {
	of := m.is & ruleMask
	if m.is&each == 0 {
		d.checkOne(of, m.words)
		return
	}
	if !d.array() {
		return
	}
	for d.r.Item() {
		d.checkOne(of, m.words)
	}
}

func (d *jsonDecoder) checkOne(of rule, words string) {
	r := d.r
	k := r.Kind()
	switch of {
	case aText:
		d.passOver(k == jsonpull.String, "a text")
	case aWord, aTime:
		if k != jsonpull.String {
			d.wrong("a text")
			return
		}
		at := r.Offset()
		s, _ := d.value()
		if _, ok := parseTime(s, false); of == aTime && !ok {
			d.defect(sbom.CodeDate, at, s, "%q is not of the form 2006-01-02T15:04:05Z (RFC 3339)", notation.Short(r.Name()))
		} else if of == aWord && !hasWord(words, s) {
			d.defect(sbom.CodeValue, at, s, "%q is none of the words that CycloneDX has there", notation.Short(r.Name()))
		}
	case aBool:
		d.passOver(k == jsonpull.Bool, "a boolean")
	case aNumber:
		d.passOver(k == jsonpull.Number, "a number")
	case aList:
		d.passOver(k == jsonpull.Array, "an array")
	case anObject:
		d.passOver(k == jsonpull.Object, "an object")
	case anyValue:
		d.passOver(k != jsonpull.Null, "a value")
	default:
		d.checkObject(of)
	}
}

// passOver skips a value of the right type, or says that it has a wrong one.
func (d *jsonDecoder) passOver(right bool, want string) {
	if right {
		d.r.Skip()
	} else {
		d.wrong(want)
	}
}

// checkObject checks an object of a shape. It calls itself no deeper than the
// reader lets objects nest.
func (d *jsonDecoder) checkObject(of rule) {
	r := d.r
	at := r.Offset()
	if !d.object() {
		return
	}
	s := &shapes[of]
	var seen uint64
	for r.Key() {
		i := s.find(r.Name())
		if i < 0 {
			d.other(of)
			continue
		}
		if seen&(1<<i) != 0 {
			d.saidTwice()
		}
		seen |= 1 << i
		d.check(&s.members[i])
	}
	if r.Err() != nil {
		return
	}
	for i := range s.members {
		if s.members[i].is&need != 0 && seen&(1<<i) == 0 {
			d.defect(sbom.CodeMissing, at, "", "%s has no %s", s.name, s.members[i].key)
		}
	}
}

// hasWord reports whether words, with spaces between, hold s.
func hasWord(words, s string) bool {
	for words != "" {
		var word string
		if word, words, _ = strings.Cut(words, " "); word == s {
			return true
		}
	}
	return false
}

// maxUnknown bounds the unknown keys that are told apart; the uses of further
// ones are counted each.
const maxUnknown = 256

// unknownKey reports whether a key is to be said: each once for each kind of
// object, or a document of another dialect would drown in it.
func (b *builder) unknownKey(of rule, key string) bool {
	k := strconv.Itoa(int(of)) + "\x00" + key
	if _, said := b.unknown[k]; said {
		return false
	}
	if b.unknown == nil {
		b.unknown = make(map[string]struct{})
	}
	if len(b.unknown) < maxUnknown {
		b.unknown[k] = struct{}{}
	}
	return true
}
