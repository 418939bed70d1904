// SPDX-License-Identifier: Apache-2.0

package arena

import (
	"strings"
	"unsafe"
)

const (
	firstText = 512      // bytes
	lastText  = 16 << 10 // bytes
)

// Strings copies many short strings into few allocations. The zero value is ready
// for use.
type Strings struct {
	chunk []byte
}

// Keep returns a copy of s.
func (a *Strings) Keep(s string) string {
	if len(s) > cap(a.chunk)-len(a.chunk) {
		size := min(max(2*cap(a.chunk), firstText), lastText)
		if len(s) > size/4 {
			return strings.Clone(s) // the rest of a chunk is not given up for one string
		}
		a.chunk = make([]byte, 0, size)
	}
	from := len(a.chunk)
	a.chunk = append(a.chunk, s...)
	return unsafe.String(unsafe.SliceData(a.chunk[from:]), len(s)) //nolint:gosec // what has been written of a chunk stays as it is
}
