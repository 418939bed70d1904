// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/medsbom/medsbom/vulndb/update"
)

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	b := &progress{w: &out, width: 80, now: func() time.Time { return now }, feeds: map[string]update.Progress{}}
	b.show(update.Progress{Feed: "osv/npm", Done: 50 << 20, Total: 100 << 20})
	if want := "\r\x1b[K50 MiB  osv/npm [##########..........] 50%"; out.String() != want {
		t.Errorf("want %q, got %q", want, out.String())
	}
	out.Reset()
	b.show(update.Progress{Feed: "kev", Done: 1 << 20})
	if out.Len() > 0 {
		t.Errorf("drawn again at once: %q", out.String())
	}
	now = now.Add(time.Second)
	b.show(update.Progress{Feed: "osv/\x1b[31mevil" + strings.Repeat("x", 100), Done: 1, Total: 2})
	if strings.Contains(out.String()[4:], "\x1b") || len(out.String()) > 90 {
		t.Errorf("got %q", out.String())
	}
	out.Reset()
	b.end()
	if out.String() != "\r\x1b[K" {
		t.Errorf("got %q", out.String())
	}
	if newProgress(&Process{Stderr: &out}) != nil {
		t.Error("progress where no terminal is")
	}
}
