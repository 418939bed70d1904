// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"slices"
	"time"
)

// fileState is what the file system says of a file. As long as it says the same,
// the file is the one that was hashed, as Git's index takes it too: whatever writes
// to a file, or puts another in its place, makes Changed the time at which it did,
// which nobody can set back as a time of modification can be. The zero fileState is
// that of a file of which this cannot be told, and such a file is hashed.
type fileState struct {
	Device, Inode     uint64
	Size              int64
	Modified, Changed int64 // nanoseconds since 1970
}

// recent is how near to now a change may lie that a file's times do not show.
const recent = 2 * time.Second

// settled gives the state of an open file that is going to be hashed, zero if the
// file can change without it: its times are so near to now that a later change
// could have the same, or its file system is not known to keep them.
func settled(f *os.File) (fileState, error) {
	info, err := f.Stat()
	if err != nil {
		return fileState{}, err
	}
	s := stateOf(info)
	if before := time.Now().Add(-recent).UnixNano(); s.Modified >= before || s.Changed >= before || !keepsStates(f) {
		return fileState{}, nil
	}
	return s, nil
}

// The states of the sources stand behind the body of a cache and not in its head: a
// build that has had to hash and finds nothing changed notes them anew.
const stateSize = 5 * 8

func statesSize(n int) int64 { return int64(n)*stateSize + sha256.Size }

// appendStates writes states and a digest of them and of the header of their cache.
func appendStates(dst, header []byte, states []fileState) []byte {
	from := len(dst)
	for _, s := range states {
		for _, v := range [...]uint64{s.Device, s.Inode, uint64(s.Size), uint64(s.Modified), uint64(s.Changed)} {
			dst = le.AppendUint64(dst, v)
		}
	}
	sum := sha256.New()
	_, _ = sum.Write(header)
	_, _ = sum.Write(dst[from:])
	return sum.Sum(dst)
}

// readStates reads the states of the sources. Ones that are damaged, as after a cut
// of power, are none.
func (c *cache) readStates() {
	packed := make([]byte, statesSize(len(c.head.Sources)))
	if _, err := c.file.ReadAt(packed, c.end); err != nil && err != io.EOF {
		return
	}
	states := make([]fileState, len(c.head.Sources))
	for i := range states {
		v := func(n int) uint64 { return le.Uint64(packed[i*stateSize+8*n:]) }
		states[i] = fileState{v(0), v(1), int64(v(2)), int64(v(3)), int64(v(4))}
	}
	if !bytes.Equal(appendStates(nil, c.header, states), packed) {
		return
	}
	c.states, c.bySource = states, make(map[string]int, len(states))
	for i := range states {
		c.bySource[c.head.Sources[i].File] = i
	}
}

// known gives a source of which the file system says what it said when the cache
// noted it.
func (c *cache) known(file, path string) (s source, ok bool) {
	if c == nil {
		return s, false
	}
	i, ok := c.bySource[file]
	if !ok || c.states[i] == (fileState{}) {
		return s, false
	}
	info, err := os.Stat(path)
	if err != nil || stateOf(info) != c.states[i] {
		return s, false
	}
	s = c.head.Sources[i]
	s.state = c.states[i]
	return s, true
}

// note notes the states of the sources, which are those of the cache. That it cannot
// costs the next build some time, and nothing else.
func (c *cache) note(sources []source) {
	states := statesOf(sources)
	if slices.Equal(states, c.states) || !slices.ContainsFunc(states, func(s fileState) bool { return s != fileState{} }) {
		return
	}
	f, err := os.OpenFile(c.path, os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }() // half of the states are none
	mine, err := c.file.Stat()
	if err != nil {
		return
	}
	if there, err := f.Stat(); err == nil && os.SameFile(mine, there) {
		_, _ = f.WriteAt(appendStates(nil, c.header, states), c.end)
	}
}

func statesOf(sources []source) []fileState {
	states := make([]fileState, len(sources))
	for i := range sources {
		states[i] = sources[i].state
	}
	return states
}
