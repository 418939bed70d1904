// SPDX-License-Identifier: Apache-2.0

package update

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/medsbom/medsbom/internal/jsonpull"
)

// Limits of an ecosystem. The largest real one, npm, has some 230,000 records.
const (
	maxRecord  = 8 << 20
	maxRecords = 2 << 20
	maxList    = 512 << 20
	maxZip     = 8 << 30
	maxUnzip   = 32 << 30
	maxID      = 200
)

// index says of every record of an ecosystem when it was modified.
type index struct {
	modified map[string]time.Time // by id; zero if the record does not say
	newest   time.Time            // not after the day of the update
	odd      int                  // lines or members that are none
	twice    int                  // members whose record another one has too
}

func newIndex() *index { return &index{modified: map[string]time.Time{}} }

func (x *index) add(id string, t, asOf time.Time) {
	x.modified[id] = t
	// One record dated 2099 must not make every later copy look old.
	if t.After(x.newest) && !t.After(asOf) {
		x.newest = t
	}
}

// parseTime reads the times of records and lists: RFC 3339, with or without
// fractions of a second.
func parseTime(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(s))
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04:05.999999999", strings.TrimSpace(s))
	}
	return t.UTC(), err == nil && t.Year() > 1900 && t.Year() < 10000
}

// older compares to the second: lists and records differ in fractions.
func older(a, b time.Time) bool { return a.Truncate(time.Second).Before(b.Truncate(time.Second)) }

// isID reports whether an id can be part of an address and of a member's name.
func isID(id string) bool {
	return id != "" && len(id) <= maxID && utf8.ValidString(id) && id[0] != '.' &&
		!strings.ContainsFunc(id, func(r rune) bool {
			return r == '/' || r == '\\' || r == ',' || unicode.IsControl(r) || unicode.IsSpace(r)
		})
}

// parseList reads modified_id.csv: lines "modified,id", newest first, without a
// header (one is passed over).
func parseList(text []byte, asOf time.Time) (*index, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.FieldsPerRecord, r.ReuseRecord, r.LazyQuotes = -1, true, true
	x := newIndex()
	for line := 1; ; line++ {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("modified_id.csv: %w", err)
		}
		if len(fields) == 2 {
			id := strings.TrimSpace(fields[1])
			if t, ok := parseTime(fields[0]); ok && isID(id) {
				if old, there := x.modified[id]; !there || old.Before(t) {
					x.add(strings.Clone(id), t, asOf)
				}
				if len(x.modified) > maxRecords {
					return nil, fmt.Errorf("modified_id.csv: more than %d records", maxRecords)
				}
				continue
			}
		}
		if line > 1 {
			x.odd++
		}
	}
	switch {
	case len(x.modified) == 0 && looksLikeHTML(text):
		return nil, errors.New("modified_id.csv is an HTML page: the notice of a proxy, or a login")
	case len(x.modified) == 0:
		return nil, errors.New("modified_id.csv has no line with a date and an id")
	case x.odd > len(x.modified):
		return nil, fmt.Errorf("modified_id.csv: %d of its lines have no date and id", x.odd)
	}
	return x, nil
}

// print writes an index as modified_id.csv.
func (x *index) print() []byte {
	type row struct {
		id string
		t  time.Time
	}
	rows := make([]row, 0, len(x.modified))
	for id, t := range x.modified {
		rows = append(rows, row{id, t})
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(b.t.Compare(a.t), strings.Compare(a.id, b.id)) })
	var b bytes.Buffer
	for _, r := range rows {
		fmt.Fprintf(&b, "%s,%s\n", r.t.Format(time.RFC3339Nano), r.id)
	}
	return b.Bytes()
}

// recordHead reads id and modified of a record.
func recordHead(text []byte) (id string, modified time.Time, err error) {
	r := jsonpull.New(bytes.TrimPrefix(text, []byte("\ufeff")), jsonpull.Limits{Depth: 64, String: maxRecord})
	if r.Kind() != jsonpull.Object {
		return "", time.Time{}, errors.New("is no JSON object")
	}
	for ok := r.Object(); ok && r.Key(); {
		switch r.Name() {
		case "id":
			id, _ = r.String()
		case "modified":
			s, _ := r.String()
			modified, _ = parseTime(s)
		default:
			r.Skip()
		}
	}
	if err := r.End(); err != nil {
		return "", time.Time{}, err
	}
	if !isID(id) {
		return "", time.Time{}, fmt.Errorf("its id %.50q is none", id)
	}
	return strings.Clone(id), modified, nil
}

// checkZip reads a zip to its end, every member against its checksum, and lists
// its records. Members that are no record are counted: the build reports them.
func checkZip(ctx context.Context, name string, asOf time.Time) (*index, error) {
	z, done, err := openZip(name)
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, htmlHint(name))
	}
	defer done()
	if len(z.File) > maxRecords {
		return nil, fmt.Errorf("%d members, more than %d", len(z.File), maxRecords)
	}
	x := newIndex()
	var buffer bytes.Buffer
	var total int64
	var first error
	for i, m := range z.File {
		if m.FileInfo().IsDir() {
			continue
		}
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := unpack(m, &buffer, maxRecord); err != nil {
			return nil, fmt.Errorf("member %.100q: %w", m.Name, err)
		}
		if total += int64(buffer.Len()); total > maxUnzip {
			return nil, fmt.Errorf("more than %d bytes of records", int64(maxUnzip))
		}
		id, modified, err := recordHead(buffer.Bytes())
		if err != nil {
			x.odd++
			first = cmp.Or(first, fmt.Errorf("member %.100q: %w", m.Name, err))
			continue
		}
		if _, there := x.modified[id]; there {
			x.twice++
		}
		x.add(id, modified, asOf)
	}
	if len(x.modified) == 0 {
		return nil, cmp.Or(first, errors.New("holds no record"))
	}
	return x, nil
}

// unpack reads a member to its end, where its checksum is compared.
func unpack(m *zip.File, buffer *bytes.Buffer, limit int64) error {
	if m.UncompressedSize64 > uint64(limit) {
		return fmt.Errorf("%d bytes, more than the limit of %d", m.UncompressedSize64, limit)
	}
	r, err := m.Open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	buffer.Reset()
	n, err := io.Copy(buffer, io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("more than the limit of %d bytes", limit)
	}
	return err
}

// memberID is the id that a member's name tells.
func memberID(m *zip.File) string { return strings.TrimSuffix(path.Base(m.Name), ".json") }
