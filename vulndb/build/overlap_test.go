// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// overlapped is a zip of n members, of which all but the last name the bytes of
// the first.
func overlapped(t testing.TB, n int, first, last member) []byte {
	t.Helper()
	content := zipOf(t, first, last)
	end := bytes.LastIndex(content, []byte("PK\x05\x06"))
	from := int(binary.LittleEndian.Uint32(content[end+16:]))
	row := bytes.Index(content[from+4:], []byte("PK\x01\x02")) + 4
	directory := bytes.Repeat(content[from:from+row], n-1)
	directory = append(directory, content[from+row:end]...)
	tail := bytes.Clone(content[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(n))
	binary.LittleEndian.PutUint16(tail[10:], uint16(n))
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(directory)))
	return append(append(bytes.Clone(content[:from]), directory...), tail...)
}

// TestOverlappingMembers: the same bytes are read once, however often they are
// named, and all else is said to be refused.
func TestOverlappingMembers(t *testing.T) {
	const n = 5000
	big := rec("npm", "N-1", `"summary":"`+strings.Repeat("s", 4000)+`",`+one("npm", "x", `"versions":["1"]`)).json
	last := rec("npm", "N-2", one("npm", "y", `"versions":["1"]`)).json
	from := t.TempDir()
	put(t, filepath.Join(from, "osv", "npm", "all.zip"), overlapped(t, n, member{name: "a.json", text: big}, member{name: "b.json", text: last}))
	_, report := run(t, from, filepath.Join(t.TempDir(), "x.db"), noCache)
	if report.Files != n || report.Refused != n-2 || report.Advisories != 2 || report.JSONSize != int64(len(big)+len(last)) {
		t.Errorf("got %d files, %d refused, %d advisories of %d bytes", report.Files, report.Refused, report.Advisories, report.JSONSize)
	}
	if want := "osv/npm/all.zip: a.json: refused: " + errOverlap.Error(); len(report.OddityList) == 0 || report.OddityList[0].String() != want {
		t.Errorf("want %q, got %v", want, report.OddityList)
	}

	doc := csafOf("ICSMA-24-001-01", "2024-02-01", "Acme Inc.", "Pump", "<= 3")
	other := csafOf("ICSMA-24-002-01", "2024-02-01", "Acme Inc.", "Pump", "<= 3")
	in := memory(records("npm", 1)...)
	in.CSAF = [][]byte{overlapped(t, n, member{name: "a.json", text: doc}, member{name: "b.json", text: other})}
	_, report = open(t, in)
	for _, f := range report.Feeds {
		if f.Name == "csaf" && (f.Records != 2 || f.Refused != n-2) {
			t.Errorf("CSAF: %d advisories, %d refused", f.Records, f.Refused)
		}
	}
}

// TestRefusedDocumentsCount: what of a zip of CSAF is unpacked and then refused
// counts against what may be unpacked, and what declares to be too large is not
// unpacked at all.
func TestRefusedDocumentsCount(t *testing.T) {
	n := (&builder{collector: newCollector(new(Report), 0)}).newNotices()
	text := strings.Repeat(" ", 1<<20)
	content := zipOf(t, member{name: "wrong.json", text: text, crc: 1}, member{name: "large.json", text: text, size: 1 << 40})
	if err := n.take("x.zip", content); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"1099511627776 bytes, more than the limit of 16777216", "zip: checksum error"}, reasons(n)); d != "" || n.texts != int64(len(text)) {
		t.Errorf("%d bytes count (-want +got):\n%s", n.texts, d)
	}
	n.texts = maxNoticeText
	if err := n.take("x.zip", content); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("beyond the budget: got %v", err)
	}
}

func reasons(n *notices) (list []string) {
	for _, line := range odd(n.odd.report) {
		_, reason, _ := strings.Cut(line, "refused: ")
		list = append(list, reason)
	}
	return list
}

// TestCacheOfMuchNotTaken: what a cache would keep of records that another one
// stands for is bounded; beyond it there is none, and that is said.
func TestCacheOfMuchNotTaken(t *testing.T) {
	link := strings.TrimSuffix(strings.Repeat(`{"url":"https://`+strings.Repeat("u", 4000)+`"},`, 250), ",")
	var members []member
	for i := range 70 {
		text := rec("npm", "N-1", fmt.Sprintf(`"summary":"%d","references":[%s],`, i, link)+one("npm", "x", `"versions":["1"]`)).json
		members = append(members, member{name: fmt.Sprintf("%d.json", i), text: text, deflate: true})
	}
	from := t.TempDir()
	put(t, filepath.Join(from, "osv", "npm", "all.zip"), zipOf(t, members...))
	out := filepath.Join(t.TempDir(), "x.db")
	_, report := run(t, from, out, nil)
	if want := CacheName(out) + " was not written: the records that the database does not take up have more than 67108864 bytes"; len(report.Notes) != 1 || report.Notes[0] != want {
		t.Errorf("want %q, got %q", want, report.Notes)
	}
	if _, err := os.Stat(CacheName(out)); err == nil {
		t.Error("there is a cache")
	}
}
