// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// An encoding is how the characters of a text are written.
type encoding uint8

const (
	utf8Text encoding = iota
	utf16LE
	utf16BE
	utf32LE
	utf32BE
)

// encodingOf tells the encoding by the mark, of which it returns the length, or
// without one by the zero bytes beside the ASCII characters that every format
// read here begins with.
func encodingOf(data []byte) (e encoding, mark int) {
	zeros := func(pattern ...bool) bool { // of the first bytes: which are zero
		if len(data) < len(pattern) {
			return false
		}
		for i, zero := range pattern {
			if data[i] == 0 != zero {
				return false
			}
		}
		return true
	}
	switch {
	case bytes.HasPrefix(data, markUTF8):
		return utf8Text, len(markUTF8)
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")):
		return utf32LE, 4
	case bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return utf32BE, 4
	case zeros(false, true, true, true, false, true, true, true):
		return utf32LE, 0
	case zeros(true, true, true, false, true, true, true, false):
		return utf32BE, 0
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return utf16LE, 2
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return utf16BE, 2
	case zeros(false, true, false, true):
		return utf16LE, 0
	case zeros(true, false, true, false):
		return utf16BE, 0
	}
	return utf8Text, 0
}

// toUTF8 removes the mark and transcodes. lone counts what is no character
// (surrogates without a partner, values beyond Unicode, odd bytes at the end),
// which becomes U+FFFD.
func toUTF8(data []byte) (text []byte, e encoding, lone int) {
	e, mark := encodingOf(data)
	data = data[mark:]
	switch e {
	case utf16LE:
		text, lone = fromUTF16(data, 0)
	case utf16BE:
		text, lone = fromUTF16(data, 1)
	case utf32LE:
		text, lone = fromUTF32(data, binary.LittleEndian)
	case utf32BE:
		text, lone = fromUTF32(data, binary.BigEndian)
	default:
		text = data
	}
	return text, e, lone
}

func fromUTF32(data []byte, order binary.ByteOrder) (text []byte, lone int) {
	text = make([]byte, 0, len(data)/4+len(data)/32+16)
	for len(data) >= 4 {
		value := order.Uint32(data)
		r := rune(utf8.RuneError)
		if value <= utf8.MaxRune && !utf16.IsSurrogate(rune(value)) {
			r = rune(value)
		} else {
			lone++
		}
		text = utf8.AppendRune(text, r)
		data = data[4:]
	}
	if len(data) > 0 {
		lone++
		text = utf8.AppendRune(text, utf8.RuneError)
	}
	return text, lone
}

// fromUTF16 transcodes; low is the index of the less significant byte of a pair.
func fromUTF16(data []byte, low int) ([]byte, int) {
	out := make([]byte, 0, len(data)/2+len(data)/16+16)
	lone := 0
	unit := func(i int) rune { return rune(data[i+1-low])<<8 | rune(data[i+low]) }
	for i := 0; i+1 < len(data); i += 2 {
		r := unit(i)
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
			continue
		}
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+3 < len(data) {
				pair = utf16.DecodeRune(r, unit(i+2))
			}
			if pair == utf8.RuneError {
				lone++
			} else {
				i += 2
			}
			r = pair
		}
		out = utf8.AppendRune(out, r)
	}
	if len(data)%2 == 1 {
		lone++
		out = utf8.AppendRune(out, utf8.RuneError)
	}
	return out, lone
}
