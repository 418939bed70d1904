// SPDX-License-Identifier: Apache-2.0

package update

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/jsonpull"
)

// maxFile bounds a feed's file, unpacked.
const maxFile = 256 << 20

// readAll reads a file, unpacked if it is gzip.
func readAll(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b := bufio.NewReader(f)
	var r io.Reader = b
	if magic, _ := b.Peek(2); string(magic) == "\x1f\x8b" {
		if r, err = gzip.NewReader(b); err != nil {
			return nil, err
		}
	}
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxFile {
		return nil, fmt.Errorf("more than %d bytes", maxFile)
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), nil
}

// compressFile writes a file as gzip. There is no time and no name in it: the same
// file gives the same bytes.
func compressFile(w io.Writer, name string, limit int64) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	z := gzip.NewWriter(w)
	n, err := io.Copy(z, io.LimitReader(f, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("%q has more than the limit of %d bytes", name, limit)
	}
	return errors.Join(err, z.Close())
}

// see takes a date into account: a day, or a time.
func (f *facts) see(s string, asOf time.Time) {
	t, ok := parseDay(s)
	if !ok {
		if t, ok = parseTime(s); !ok {
			return
		}
	}
	if t.After(f.newest) && !t.After(asOf) {
		f.newest = t
	}
}

func parseDay(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil
}

var errEmpty = errors.New("there is nothing in it")

// object begins to read a JSON object.
func object(name string) (*jsonpull.Reader, error) {
	text, err := readAll(name)
	if err != nil {
		return nil, err
	}
	r := jsonpull.New(text, jsonpull.Limits{Depth: 64})
	if r.Kind() != jsonpull.Object {
		return nil, fmt.Errorf("%s where a JSON object should stand", r.Kind())
	}
	return r, nil
}

// end completes the check of a JSON file.
func end(r *jsonpull.Reader, f facts) (facts, error) {
	if err := r.End(); err != nil {
		return f, err
	}
	if f.records == 0 {
		return f, errEmpty
	}
	return f, nil
}

// checkKEV reads CISA's catalogue.
func checkKEV(c *checking) (facts, error) {
	var f facts
	r, err := object(c.path)
	if err != nil {
		return f, err
	}
	for ok := r.Object(); ok && r.Key(); {
		switch r.Name() {
		case "dateReleased":
			s, _ := r.String()
			f.see(s, c.asOf)
		case "vulnerabilities":
			for ok := r.Array(); ok && r.Item(); {
				for ok := r.Object(); ok && r.Key(); {
					if r.Name() != "cveID" {
						r.Skip()
						continue
					}
					if s, _ := r.String(); strings.HasPrefix(s, "CVE-") {
						f.records++
					}
				}
			}
		default:
			r.Skip()
		}
	}
	return end(r, f)
}

// checkEPSS reads FIRST's scores: a comment with the date of the scores, a header,
// lines "cve,epss,percentile".
func checkEPSS(c *checking) (facts, error) {
	var f facts
	text, err := readAll(c.path)
	if err != nil {
		return f, err
	}
	header := false
	for line := range bytes.Lines(text) {
		line := string(bytes.TrimSpace(line))
		switch {
		case strings.HasPrefix(line, "#"):
			_, date, _ := strings.Cut(line, "score_date:")
			date, _, _ = strings.Cut(date, ",")
			date, _, _ = strings.Cut(date, "T")
			f.see(date, c.asOf)
		case !header:
			if !strings.HasPrefix(line, "cve,epss") {
				return f, fmt.Errorf("%.40q where the header cve,epss,percentile should stand", line)
			}
			header = true
		case strings.HasPrefix(line, "CVE-") && strings.Count(line, ",") == 2:
			f.records++
		case line != "":
			return f, fmt.Errorf("%.40q is no line of scores", line)
		}
	}
	if f.records == 0 {
		return f, errEmpty
	}
	return f, nil
}

// checkCVEs reads a table with one line a CVE: those of SSVC and CVSS.
func checkCVEs(c *checking) (facts, error) {
	var f facts
	text, err := readAll(c.path)
	if err != nil {
		return f, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil || header[0] != "cve" || len(header) < 3 {
		return f, fmt.Errorf("its first line is no header that begins with cve (%w)", errors.Join(err, errNotTable))
	}
	dated := slices.Index(header, "ssvc_date")
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f, err
		}
		if strings.HasPrefix(row[0], "CVE-") {
			f.records++
		}
		if dated >= 0 {
			f.see(row[dated], c.asOf)
		}
	}
	if f.records == 0 {
		return f, errEmpty
	}
	return f, nil
}

var errNotTable = errors.New("not the table that was expected")

// checkEOL reads products and cycles. Its date is that of the newest release in
// it, as the file says none.
func checkEOL(c *checking) (facts, error) {
	var f facts
	r, err := object(c.path)
	if err != nil {
		return f, err
	}
	for ok := r.Object(); ok && r.Key(); {
		for ok := r.Object(); ok && r.Key(); {
			if r.Name() != "cycles" {
				r.Skip()
				continue
			}
			for ok := r.Array(); ok && r.Item(); {
				f.records++
				for ok := r.Object(); ok && r.Key(); {
					switch r.Name() {
					case "releaseDate", "latestReleaseDate":
						s, _ := r.String()
						f.see(s, c.asOf)
					default:
						r.Skip()
					}
				}
			}
		}
	}
	return end(r, f)
}

// checkReleases reads the dates of every version of every product.
func checkReleases(c *checking) (facts, error) {
	var f facts
	r, err := object(c.path)
	if err != nil {
		return f, err
	}
	for ok := r.Object(); ok && r.Key(); {
		for ok := r.Object(); ok && r.Key(); {
			s, _ := r.String()
			f.see(s, c.asOf)
			f.records++
		}
	}
	return end(r, f)
}

// checkCSAF reads an archive of advisories.
func checkCSAF(c *checking) (facts, error) {
	var f facts
	err := eachMember(c.ctx, c.path, func(m member) error {
		text, err := m.read()
		if err != nil {
			return err
		}
		id, date, err := advisoryHead(text)
		if err != nil {
			return fmt.Errorf("%.100q: %w", m.name, err)
		}
		if id != "" {
			f.records++
			f.see(date, c.asOf)
		}
		return nil
	})
	if err == nil && f.records == 0 {
		err = errEmpty
	}
	return f, err
}

// advisoryHead reads document.tracking.id and current_release_date.
func advisoryHead(text []byte) (id, date string, err error) {
	r := jsonpull.New(bytes.TrimPrefix(text, []byte("\ufeff")), jsonpull.Limits{})
	if r.Kind() != jsonpull.Object {
		return "", "", errors.New("is no JSON object")
	}
	for ok := r.Object(); ok && r.Key(); {
		if r.Name() != "document" || r.Kind() != jsonpull.Object {
			r.Skip()
			continue
		}
		for ok := r.Object(); ok && r.Key(); {
			if r.Name() != "tracking" || r.Kind() != jsonpull.Object {
				r.Skip()
				continue
			}
			for ok := r.Object(); ok && r.Key(); {
				switch r.Name() {
				case "id":
					id, _ = r.String()
				case "current_release_date":
					date, _ = r.String()
				default:
					r.Skip()
				}
			}
		}
	}
	if err := r.End(); err != nil {
		return "", "", err
	}
	return strings.Clone(id), strings.Clone(date), nil
}
