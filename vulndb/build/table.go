// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// columns reads a table of comma-separated values whose first line names the
// columns, in any order; wanted ones that are missing are an error. It gives the
// wanted cells of each line and what to say of a line that is odd. Quotes
// around a cell are dropped, but a quote never makes two lines one: nothing in
// one line can hide the next.
func columns(file string, text []byte, wanted ...string) (iter.Seq2[string, []string], error) {
	heading, rest, _ := strings.Cut(layout.View(trimMark(text)), "\n")
	names := cells(heading)
	at := make([]int, len(wanted))
	for i, want := range wanted {
		at[i] = -1
		for j, name := range names {
			if strings.EqualFold(name, want) {
				at[i] = j
			}
		}
		if at[i] < 0 {
			return nil, fmt.Errorf("reading %s: its first line %.80q names no column %q", file, heading, want)
		}
	}
	return func(yield func(string, []string) bool) {
		row := make([]string, len(wanted))
		for line := range strings.Lines(rest) {
			if strings.TrimSpace(line) == "" {
				continue
			}
			have := cells(line)
			for i, j := range at {
				row[i] = ""
				if j < len(have) {
					row[i] = have[j]
				}
			}
			if !yield(strings.TrimRight(line, "\r\n"), row) {
				return
			}
		}
	}, nil
}

// maxCells bounds what is cut out of one line.
const maxCells = 64

func cells(line string) []string {
	list := strings.SplitN(strings.TrimRight(line, "\r\n"), ",", maxCells)
	for i, cell := range list {
		list[i] = strings.Trim(strings.TrimSpace(cell), `"`)
	}
	return list
}

// oddLines counts what is odd in a feed, and lists the first of it.
type oddLines struct {
	report *Report
	file   string
	listed int
}

func (o *oddLines) say(record, format string, args ...any) {
	if o.listed++; o.listed > maxOddities {
		o.report.Oddities++
		return
	}
	o.report.odd(o.file, strings.Clone(record), fmt.Sprintf(format, args...))
}

// newest keeps the newest date of a feed that does not lie after the build: a
// date of 2099 must not keep a feed fresh for ever.
type newest struct {
	asOf   int64
	next   *int64 // the first date in the future, 0 for none yet
	date   time.Time
	future int
}

func (n *newest) take(t stamp) {
	switch {
	case !t.ok:
	case t.seconds > n.asOf:
		n.future++
		earlier(n.next, t.seconds)
	default:
		if d := unixTime(t); d.After(n.date) {
			n.date = d
		}
	}
}

// earlier keeps the earlier of two dates, of which the first may be missing.
func earlier(kept *int64, date int64) {
	if *kept == 0 || date < *kept {
		*kept = date
	}
}

// tell gives the date and notes those that lie in the future.
func (n *newest) tell(odd *oddLines) time.Time {
	if n.future > 0 {
		odd.say("", "%d dates lie after the date of the build and do not count for the age of the feed", n.future)
	}
	return n.date
}
