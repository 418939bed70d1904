// SPDX-License-Identifier: Apache-2.0

package update

import (
	"archive/zip"
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What the publishers of EOL, SSVC and CSAF serve is not what the mirror's layout
// has. Each converter takes the mirror's own form too, by its content.

// v1Product and v1Release are of endoflife.date's API, version 1:
// /api/v1/products/full. A date that is not known is null, and then the boolean
// beside it counts.
type v1Product struct {
	Name        string   `json:"name"`
	Label       string   `json:"label"`
	Category    string   `json:"category"`
	Aliases     []string `json:"aliases"`
	Tags        []string `json:"tags"`
	Identifiers []struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	} `json:"identifiers"`
	Links struct {
		ReleasePolicy *string `json:"releasePolicy"`
	} `json:"links"`
	Releases []v1Release `json:"releases"`
}

type v1Release struct {
	Name             string  `json:"name"`
	Codename         *string `json:"codename"`
	Label            *string `json:"label"`
	ReleaseDate      *string `json:"releaseDate"`
	IsLTS            *bool   `json:"isLts"`
	LTSFrom          *string `json:"ltsFrom"`
	IsEOAS           *bool   `json:"isEoas"`
	EOASFrom         *string `json:"eoasFrom"`
	IsEOL            *bool   `json:"isEol"`
	EOLFrom          *string `json:"eolFrom"`
	IsDiscontinued   *bool   `json:"isDiscontinued"`
	DiscontinuedFrom *string `json:"discontinuedFrom"`
	IsEOES           *bool   `json:"isEoes"`
	EOESFrom         *string `json:"eoesFrom"`
	Latest           *struct {
		Name *string `json:"name"`
		Date *string `json:"date"`
	} `json:"latest"`
}

// product and cycle are of the mirror's products.json, which has the fields of the
// publisher's own sources: eoas is support there, and eoes extendedSupport.
type product struct {
	Aliases       []string            `json:"aliases,omitempty"`
	Category      string              `json:"category"`
	Cycles        []cycle             `json:"cycles"`
	Identifiers   []map[string]string `json:"identifiers"`
	ReleasePolicy string              `json:"releasePolicyLink,omitempty"`
	Tags          []string            `json:"tags,omitempty"`
	Title         string              `json:"title"`
}

type cycle struct {
	Codename          string `json:"codename,omitempty"`
	Cycle             string `json:"cycle"`
	Discontinued      any    `json:"discontinued,omitzero"`
	EOL               any    `json:"eol,omitzero"`
	ExtendedSupport   any    `json:"extendedSupport,omitzero"`
	Label             string `json:"label,omitempty"`
	Latest            string `json:"latest,omitempty"`
	LatestReleaseDate string `json:"latestReleaseDate,omitempty"`
	LTS               any    `json:"lts,omitzero"`
	ReleaseDate       string `json:"releaseDate,omitempty"`
	Support           any    `json:"support,omitzero"`
}

// convertEOL takes products.json, or makes it of the answer of the API.
func convertEOL(c *conversion) error {
	if isFolder(c.source) {
		return errors.New("it is a folder; name a file")
	}
	text, err := readAll(c.source)
	if err != nil {
		return err
	}
	var head struct {
		Schema string         `json:"schema_version"`
		Result jsontext.Value `json:"result"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return err
	}
	if head.Schema == "" || head.Result == nil {
		return takeOne(c) // the mirror's form, which the check then reads
	}
	if !strings.HasPrefix(head.Schema, "1.") {
		return fmt.Errorf("version %.20q of the API is not known, 1 is", head.Schema)
	}
	var list []v1Product
	if err := json.Unmarshal(head.Result, &list); err != nil {
		return err
	}
	products := make(map[string]product, len(list))
	for i := range list {
		if list[i].Name == "" {
			return errors.New("a product has no name")
		}
		products[list[i].Name] = list[i].convert()
	}
	s, err := c.file(c.feed.files[0].path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(s)
	return errors.Join(json.MarshalWrite(w, products, json.Deterministic(true)), w.Flush())
}

func (p *v1Product) convert() product {
	out := product{Aliases: p.Aliases, Category: p.Category, Tags: p.Tags, Title: p.Label, ReleasePolicy: text(p.Links.ReleasePolicy), Identifiers: []map[string]string{}, Cycles: []cycle{}}
	for _, i := range p.Identifiers {
		out.Identifiers = append(out.Identifiers, map[string]string{i.Type: i.ID})
	}
	for i := range p.Releases {
		r := &p.Releases[i]
		one := cycle{
			Cycle: r.Name, Codename: text(r.Codename), ReleaseDate: text(r.ReleaseDate),
			EOL: dateOr(r.EOLFrom, r.IsEOL), Support: dateOr(r.EOASFrom, r.IsEOAS), ExtendedSupport: dateOr(r.EOESFrom, r.IsEOES),
			Discontinued: dateOr(r.DiscontinuedFrom, r.IsDiscontinued), LTS: dateOr(r.LTSFrom, r.IsLTS),
		}
		if one.LTS == false {
			one.LTS = nil
		}
		if label := text(r.Label); label != r.Name {
			one.Label = label
		}
		if r.Latest != nil {
			one.Latest, one.LatestReleaseDate = text(r.Latest.Name), text(r.Latest.Date)
		}
		out.Cycles = append(out.Cycles, one)
	}
	return out
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func dateOr(date *string, flag *bool) any {
	switch {
	case date != nil && *date != "":
		return *date
	case flag != nil:
		return *flag
	}
	return nil
}

// convertReleases takes release-dates.json.gz, or makes it of an archive of
// release-data: releases/<product>.json, versions with their dates, in the form of
// 2023 ("1.0": "2020-01-31") or today's ("versions": {"1.0": {"date": …}}).
func convertReleases(c *conversion) error {
	archive, err := isArchive(c.source)
	if err != nil {
		return err
	}
	if !archive {
		return takeOne(c)
	}
	products := map[string]map[string]string{}
	total := 0
	err = eachMember(c.ctx, c.source, func(m member) error {
		folder := path.Base(path.Dir(m.name))
		if folder != "releases" {
			return nil
		}
		text, err := m.read()
		if err != nil {
			return err
		}
		if total += len(text); total > maxFile {
			return fmt.Errorf("more than %d bytes of dates", maxFile)
		}
		versions, err := releaseDates(text)
		if err != nil {
			return fmt.Errorf("%.100q: %w", m.name, err)
		}
		if len(versions) > 0 {
			products[strings.TrimSuffix(path.Base(m.name), ".json")] = versions
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(products) == 0 {
		return errors.New("it has no releases/<product>.json")
	}
	s, err := c.file(c.feed.files[0].path)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(s)
	return errors.Join(json.MarshalWrite(z, products, json.Deterministic(true)), z.Close())
}

// isArchive tells a zip archive or folder of a repository from a file of the mirror.
func isArchive(source string) (bool, error) {
	if isFolder(source) {
		return true, nil
	}
	return isZip(source)
}

func releaseDates(text []byte) (map[string]string, error) {
	var fields map[string]jsontext.Value
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, err
	}
	if inner, ok := fields["versions"]; ok && inner.Kind() == '{' {
		fields = nil
		if err := json.Unmarshal(inner, &fields); err != nil {
			return nil, err
		}
	}
	out := map[string]string{}
	for version, value := range fields {
		var one struct {
			Date string `json:"date"`
		}
		into := any(&one.Date)
		if value.Kind() == '{' {
			into = &one
		}
		if err := json.Unmarshal(value, into); err != nil {
			return nil, err
		}
		date := one.Date
		if _, ok := parseDay(date); ok {
			out[version] = date
		}
	}
	return out, nil
}

// cveRecord is what is read of a CVE record (format 5) of vulnrichment: CISA's own
// container.
type cveRecord struct {
	Meta struct {
		ID string `json:"cveId"`
	} `json:"cveMetadata"`
	Containers struct {
		ADP []adpContainer `json:"adp"`
	} `json:"containers"`
}

type adpContainer struct {
	Provider struct {
		Name string `json:"shortName"`
	} `json:"providerMetadata"`
	Metrics []struct {
		V40   *vector `json:"cvssV4_0"`
		V31   *vector `json:"cvssV3_1"`
		V30   *vector `json:"cvssV3_0"`
		Other *struct {
			Type    string         `json:"type"`
			Content jsontext.Value `json:"content"`
		} `json:"other"`
	} `json:"metrics"`
	Problems []struct {
		Descriptions []struct {
			CWE string `json:"cweId"`
		} `json:"descriptions"`
	} `json:"problemTypes"`
}

// maxText bounds each text that is kept of a CVE record.
const maxText = 256

type vector struct {
	Vector string `json:"vectorString"`
}

// convertSSVC takes vulnrichment.csv.gz, or makes it of an archive of the
// repository: <year>/<n>xxx/CVE-….json.
func convertSSVC(c *conversion) error {
	archive, err := isArchive(c.source)
	if err != nil {
		return err
	}
	if !archive {
		return takeOne(c)
	}
	rows := map[string][]string{}
	records, odd := 0, 0
	var first error
	err = eachMember(c.ctx, c.source, func(m member) error {
		if !strings.HasPrefix(path.Base(m.name), "CVE-") {
			return nil
		}
		records++
		text, err := m.read()
		if err != nil {
			return err
		}
		var r cveRecord
		if err := json.Unmarshal(text, &r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
			odd++
			first = cmp.Or(first, fmt.Errorf("%.100q: %w", m.name, err))
			return nil
		}
		if row := r.row(); row != nil {
			if len(rows) == maxRecords {
				return fmt.Errorf("more than %d records", maxRecords)
			}
			rows[strings.Clone(row[0])] = row
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(rows) == 0:
		return cmp.Or(first, errors.New("it has no CVE record with CISA's decision points"))
	case odd > records/100:
		return fmt.Errorf("%d of its %d CVE records cannot be read, the first: %w", odd, records, first)
	case odd > 0:
		c.say(fmt.Sprintf("%d of its %d CVE records cannot be read, the first: %v", odd, records, first))
	}
	s, err := c.file(c.feed.files[0].path)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(s)
	w := csv.NewWriter(z)
	_ = w.Write([]string{"cve", "exploitation", "automatable", "technical_impact", "ssvc_date", "kev_date_added", "cvss_vector", "cwes"})
	for _, id := range sortedKeys(rows) {
		_ = w.Write(rows[id])
	}
	w.Flush() // errors stick
	return errors.Join(w.Error(), z.Close())
}

// row is the line of a record, nil if CISA said nothing about it. Values are
// lower-cased, as they are written both ways.
func (r *cveRecord) row() []string {
	row := make([]string, 8)
	row[0] = r.Meta.ID
	var cwes []string
	found := false
	for i := range r.Containers.ADP {
		a := &r.Containers.ADP[i]
		if a.Provider.Name != "CISA-ADP" {
			continue
		}
		for _, m := range a.Metrics {
			for _, v := range []*vector{m.V30, m.V31, m.V40} {
				if v != nil && v.Vector != "" && len(v.Vector) <= maxText {
					row[6] = v.Vector
				}
			}
			if m.Other != nil {
				found = r.decision(m.Other.Type, m.Other.Content, row) || found
			}
		}
		for _, p := range a.Problems {
			for _, d := range p.Descriptions {
				if d.CWE != "" && len(d.CWE) <= maxText && len(cwes) < 32 && !slices.Contains(cwes, d.CWE) {
					cwes = append(cwes, d.CWE)
				}
			}
		}
	}
	row[7] = strings.Join(cwes, " ")
	if !found || !strings.HasPrefix(row[0], "CVE-") || len(row[0]) > maxText {
		return nil
	}
	return row
}

func (r *cveRecord) decision(kind string, content jsontext.Value, row []string) bool {
	switch strings.ToLower(kind) {
	case "ssvc":
		var c struct {
			Options   []map[string]string `json:"options"`
			Timestamp string              `json:"timestamp"`
		}
		if json.Unmarshal(content, &c) != nil {
			return false
		}
		for _, option := range c.Options {
			for _, key := range sortedKeys(option) {
				if i := slices.Index([]string{"Exploitation", "Automatable", "Technical Impact"}, key); i >= 0 {
					row[1+i] = strings.ToLower(option[key][:min(len(option[key]), maxText)])
				}
			}
		}
		if t, ok := parseTime(c.Timestamp); ok {
			row[4] = day(t)
		}
		return true
	case "kev":
		var c struct {
			Added string `json:"dateAdded"`
		}
		if json.Unmarshal(content, &c) == nil {
			if _, ok := parseDay(c.Added); ok {
				row[5] = c.Added
			}
		}
	}
	return false
}

// convertCSAF sorts advisories, out of an archive of the repository or a zip of
// the mirror, into medical ones and the others, by their names.
func convertCSAF(c *conversion) error {
	outs := map[string]*zip.Writer{}
	seen := map[string]string{}
	err := eachMember(c.ctx, c.source, func(m member) error {
		name := strings.ToLower(path.Base(m.name))
		var file string
		switch {
		case strings.HasPrefix(name, "icsma-"):
			file = "csaf/icsma.zip"
		case strings.HasPrefix(name, "icsa-"):
			file = "csaf/icsa.zip"
		default:
			return nil
		}
		if other, twice := seen[name]; twice {
			return fmt.Errorf("two advisories of one name: %.100q and %.100q", other, m.name)
		}
		seen[name] = m.name
		text, err := m.read()
		if err != nil {
			return err
		}
		out := outs[file]
		if out == nil {
			s, err := c.file(file)
			if err != nil {
				return err
			}
			out = zip.NewWriter(s)
			outs[file] = out
		}
		w, err := out.Create(name)
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	})
	for _, file := range sortedKeys(outs) {
		err = errors.Join(err, outs[file].Close())
	}
	if err == nil && len(outs) == 0 {
		err = errors.New("it has no icsma-*.json and no icsa-*.json")
	}
	return err
}
