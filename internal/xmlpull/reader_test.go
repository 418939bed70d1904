// SPDX-License-Identifier: Apache-2.0

package xmlpull

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline reads a whole text: the path of each element, with its text.
func outline(r *Reader) []string {
	var out []string
	var walk func(path string)
	walk = func(path string) {
		for start, ok := r.Child(); ok; start, ok = r.Child() {
			here := path + "/" + start.Name.Local
			if id := Attribute(start, "id"); id != "" {
				here += "#" + id
			}
			switch start.Name.Local {
			case "text":
				out = append(out, here+"="+r.Content())
			case "skip":
				r.Skip()
			default:
				out = append(out, here)
				walk(here)
			}
		}
	}
	walk("")
	return out
}

func TestReader(t *testing.T) {
	r := New([]byte(`<?xml version="1.0"?><!-- <x> --><a id=" 1 ">
 <text> one <b>not this</b><![CDATA[<two>]]> </text><skip><text>no</text></skip>
 <x:c xmlns:x="urn:x" x:id="2"><text>a &amp; b</text></x:c></a>`), 10, 0)
	want := []string{"/a#1", "/a#1/text=one <two>", "/a#1/c", "/a#1/c/text=a & b"}
	if diff := cmp.Diff(want, outline(r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := r.Err(); !errors.Is(err, io.EOF) {
		t.Errorf("error %v at the end", err)
	}
}

func TestStray(t *testing.T) {
	r := New([]byte("<a> <b>one</b> two <text>not this</text><skip>nor this</skip></a>"), 10, 0)
	outline(r)
	if r.Stray != 2 || r.StrayAt != 7 {
		t.Errorf("%d texts, the first at %d", r.Stray, r.StrayAt)
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", maxTag)
	tests := []struct {
		name, text string
		want       error // nil for one of encoding/xml
		fault      Fault
		at         int
	}{
		{"document type", "<!DOCTYPE a><a/>", errDoctype, Doctype, 0},
		{"document type within", "<a><!ENTITY x 'y'></a>", errDoctype, Doctype, 3},
		{"depth", strings.Repeat("<a>", 11), errDeep, TooDeep, 30},
		{"tag", "<a><b c='" + long + "'/></a>", errTag, TagTooLong, 3},
		{"tag with '>' in quotes", "<a><b c='>" + long + "'/></a>", errTag, TagTooLong, 3},
		{"tag that never ends", "<a><b " + long, errTag, TagTooLong, 3},
		{"text", "<a><text>" + strings.Repeat("x", defaultMaxText+1) + "</text></a>", errLong, TooLong, 9},
		{"texts", "<a><text>" + strings.Repeat(strings.Repeat("x", defaultMaxText/4)+"<b/>", 5) + "</text></a>", errLong, TooLong, 9 + 4*(defaultMaxText/4+4)},
		{"nothing", "", io.EOF, Truncated, 0},
		{"cut off", "<a><b>", nil, Truncated, 6},
		{"crossed", "<a></b>", nil, Malformed, 7},
		{"attribute twice", "<a><b c='1' d='2' c='3'/></a>", nil, Malformed, 3},
		{"one of many attributes twice", "<a><b c='1' d='' e='' f='' g='' h='' i='' j='' k='' x:c='' c='3'/></a>", nil, Malformed, 3},
		{"entity", "<a>&x;</a>", nil, Malformed, 6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := New([]byte(tt.text), 10, 0)
			outline(r)
			at, err := r.Err()
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("error %v, want %v", err, tt.want)
			}
			message, fault := Describe(err)
			if fault != tt.fault || at != tt.at || message == "" || len(message) > 300 {
				t.Errorf("fault %d at %d, want %d at %d: %s", fault, at, tt.fault, tt.at, message)
			}
			if r.Token() != nil {
				t.Error("the reading goes on after an error")
			}
		})
	}
}

// Long comments, sections and instructions are no tags.
func TestLongMarkup(t *testing.T) {
	long := strings.Repeat("< x ", maxTag/2)
	for _, text := range []string{"<!--" + long + "-->", "<a><![CDATA[" + long + "]]></a>", "<?x " + long + "?>"} {
		r := New([]byte("<r>"+text+"<text>t</text></r>"), 10, 0)
		got := outline(r)
		if len(got) == 0 || got[len(got)-1] != "/r/text=t" {
			at, err := r.Err()
			t.Errorf("%.12s…: read %q, error %v at %d", text, got, err, at)
		}
	}
}

func TestFail(t *testing.T) {
	r := New([]byte("<a><b/></a>"), 10, 0)
	r.Token()
	mine := errors.New("of the caller")
	r.Fail(mine, 7)
	r.Fail(errors.New("later"), 8)
	if at, err := r.Err(); !errors.Is(err, mine) || at != 7 || r.Token() != nil {
		t.Errorf("error %v at %d", err, at)
	}
}

func TestDescribeIsShort(t *testing.T) {
	for _, err := range []error{
		&xml.SyntaxError{Msg: strings.Repeat("é", 1000)},
		fmt.Errorf("x%s", strings.Repeat("é", 1000)),
	} {
		if message, fault := Describe(err); len(message) > 250 || fault != Malformed || !strings.HasSuffix(message, "é…") {
			t.Errorf("%d bytes: %s", len(message), message)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?><a id="1"><text>x</text><skip><b/></skip></a>`))
	f.Add([]byte("<a><!-- > --><![CDATA[>]]><?x >?><b c='>'/></a>"))
	f.Add([]byte("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///'>]><a>&x;</a>"))
	f.Fuzz(func(t *testing.T, text []byte) {
		utf8Text, err := ToUTF8(text)
		if err != nil {
			return
		}
		r := New(utf8Text, 20, 0)
		if n := len(outline(r)); n > len(utf8Text) {
			t.Errorf("%d elements in %d bytes", n, len(utf8Text))
		}
		for range 3 { // the walk ends with the root
			r.Token()
		}
		if at, err := r.Err(); err != nil && (at < 0 || at > len(utf8Text)) {
			t.Errorf("error %v at %d of %d", err, at, len(utf8Text))
		}
	})
}
