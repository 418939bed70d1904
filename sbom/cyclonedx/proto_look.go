// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"errors"
	"io"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// LooksProtobuf reports whether the bytes, the first of a file or all of them,
// are a CycloneDX document in protobuf form, wherever its specVersion stands and
// even if it has none. Protobuf has no mark of its own, so three things must
// come together: they are no text; as far as they go, every field is one that a
// document has, in its type; and one of them holds a component with a name, of
// which the same is true.
func LooksProtobuf(head []byte) bool {
	const metadata, components = 4, 5
	found := false
	known := eachField(head, bomMessage, func(number protowire.Number, value []byte) bool {
		found = found || number == components && namedComponent(value)
		if number != metadata {
			return true
		}
		const component = 4
		return eachField(value, metadataMessage, func(number protowire.Number, value []byte) bool {
			found = found || number == component && namedComponent(value)
			return true
		})
	})
	return known && found && !isText(head)
}

// namedComponent reports whether a message holds what a component does, and a
// name.
func namedComponent(message []byte) bool {
	const name = 8
	named := false
	known := eachField(message, componentMessage, func(number protowire.Number, value []byte) bool {
		named = named || number == name && len(value) > 0 && isText(value)
		return true
	})
	return known && named
}

// eachField gives do the fields of a message, the last one cut where the bytes
// end, until do is false. It is false then, and if a field is none of the
// message's, or is not of its type.
func eachField(message []byte, kind protoMessage, do func(number protowire.Number, value []byte) bool) bool {
	fields := protoMessages[kind].fields
	for len(message) > 0 {
		number, wire, n := protowire.ConsumeTag(message)
		if n < 0 {
			return isCut(n)
		}
		i := protoFieldOf(fields, number)
		if i < 0 || !fields[i].kind.fits(wire, fields[i].repeated) {
			return false
		}
		message = message[n:]
		if wire != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(number, wire, message); n < 0 {
				return isCut(n)
			}
			message = message[n:]
			continue
		}
		length, n := protowire.ConsumeVarint(message)
		if n < 0 {
			return isCut(n)
		}
		message = message[n:]
		value := message[:min(length, uint64(len(message)))]
		if !do(number, value) {
			return false
		}
		message = message[len(value):]
	}
	return true
}

// isCut reports whether reading failed where the bytes end.
func isCut(code int) bool { return errors.Is(protowire.ParseError(code), io.ErrUnexpectedEOF) }

// isText reports whether bytes are UTF-8 without control characters; the last
// character may be cut off.
func isText(s []byte) bool {
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		switch {
		case r == utf8.RuneError && n == 1:
			return !utf8.FullRune(s)
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return false
		}
		s = s[n:]
	}
	return true
}
