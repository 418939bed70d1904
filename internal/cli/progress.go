// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/vulndb/update"
)

// progress is one line on a terminal: what is being fetched and how far it is.
type progress struct {
	w     io.Writer
	width int
	now   func() time.Time
	last  time.Time
	feeds map[string]update.Progress
	total int64
	drawn bool
}

// newProgress returns nil if standard error is no terminal.
func newProgress(p *Process) *progress {
	f, ok := p.Stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || p.getenv("TERM") == "dumb" {
		return nil
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 40 {
		width = 80
	}
	return &progress{w: f, width: width, now: time.Now, feeds: map[string]update.Progress{}}
}

const (
	redraw   = 100 * time.Millisecond
	barWidth = 20
)

// show takes a report of progress; a line is drawn ten times a second at most.
func (b *progress) show(u update.Progress) {
	b.total += max(u.Done-b.feeds[u.Feed].Done, 0)
	b.feeds[u.Feed] = u
	if u.Total > 0 && u.Done >= u.Total {
		delete(b.feeds, u.Feed)
	}
	now := b.now()
	if now.Sub(b.last) < redraw {
		return
	}
	b.last, b.drawn = now, true
	fmt.Fprintf(b.w, "\r\x1b[K%s", b.line())
}

func (b *progress) line() string {
	line := size(b.total)
	for _, name := range slices.Sorted(maps.Keys(b.feeds)) {
		u := b.feeds[name]
		part := "  " + safetext.Line(name) + " "
		if u.Total > 0 {
			done := int(min(u.Done, u.Total) * barWidth / u.Total)
			part += fmt.Sprintf("[%s%s] %d%%", strings.Repeat("#", done), strings.Repeat(".", barWidth-done), min(u.Done, u.Total)*100/u.Total)
		} else {
			part += size(u.Done)
		}
		if len(line)+len(part) >= b.width {
			break
		}
		line += part
	}
	return line
}

// end clears the line.
func (b *progress) end() {
	if b.drawn {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}
