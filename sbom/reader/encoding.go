// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

var errUTF32 = errors.New("text in UTF-32")

// toUTF8 removes the byte order mark of UTF-8 and transcodes UTF-16, told by
// its mark or, without one, by the zero bytes beside the ASCII characters that
// every format read here begins with. lone counts the surrogates without a
// partner and a last odd byte, which become U+FFFD.
func toUTF8(data []byte) (text []byte, lone int, err error) {
	switch {
	case bytes.HasPrefix(data, markUTF8):
		return data[len(markUTF8):], 0, nil
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")),
		len(data) >= 8 && data[0] != 0 && data[1] == 0 && data[2] == 0 && data[3] == 0,
		len(data) >= 8 && data[0] == 0 && data[1] == 0 && data[2] == 0 && data[3] != 0:
		return nil, 0, errUTF32
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		text, lone = fromUTF16(data[2:], 0)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, lone = fromUTF16(data[2:], 1)
	case len(data) >= 4 && data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
		text, lone = fromUTF16(data, 0)
	case len(data) >= 4 && data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		text, lone = fromUTF16(data, 1)
	default:
		return data, 0, nil
	}
	return text, lone, nil
}

// fromUTF16 transcodes; high is the index of the more significant byte of a pair.
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
