// SPDX-License-Identifier: Apache-2.0

// Package scan composes the steps: files in, products out in input order. It
// is the one place with concurrency.
//
// A scan is a pure function of its files, the database, the policies and the
// date: the same give the same stream, whatever the number of workers.
package scan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/policy"
	"github.com/medsbom/medsbom/risk"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/support"
	"github.com/medsbom/medsbom/vulndb"
)

// DefaultPolicy is the pack that applies where nobody names another one.
const DefaultPolicy = "hospital-baseline"

// Options say what to scan, against what, and when.
type Options struct {
	Paths    []string // files, folders, "-" for Stdin
	Stdin    io.Reader
	Read     reader.Options // limits of reading, and the keys that are trusted
	DB       *vulndb.DB
	Policies []string // names of packs or files; empty for DefaultPolicy; configurations may add to them
	Order    dossier.Order
	AsOf     time.Time     // date of the assessment
	MaxAge   time.Duration // feeds older than this are stale; end-of-life dates at least maxAgeEOL
	FailOn   policy.FailOn
	Jobs     int // files read at once; at least 1
	Tool     assessment.Tool
	Problem  func(string) // told what went wrong with a file, as it is met in order; may be nil
}

// run is one scan under way.
type run struct {
	*Options
	walk       *walk
	packs      map[string]*policy.Pack // by name or path
	model      *risk.Model
	matcher    *match.Matcher
	upgradesOf *upgrades
	groups     *groups
	info       *vulndb.Info
	support    *support.Source
	stale      []string       // feeds that are too old
	ids        map[string]int // product ids given out

	delivered   map[string]bool // folders in which an SBOM was met, read or not
	sound       map[string]bool // folders in which one was read
	undelivered []undelivered
	spares      []result

	inputs  []assessment.Input
	summary summarizer
}

// Run scans, hands the result to h and returns the exit code with its reason.
// An error means that there is no result.
func Run(ctx context.Context, opts *Options, h assessment.Handler) (assessment.Exit, error) {
	r := &run{Options: opts, ids: make(map[string]int), delivered: make(map[string]bool), sound: make(map[string]bool)}
	if err := r.prepare(); err != nil {
		return assessment.Exit{}, err
	}
	if err := h.Begin(r.header()); err != nil {
		return assessment.Exit{}, err
	}
	if err := r.products(ctx, h); err != nil {
		return assessment.Exit{}, err
	}
	trailer, err := r.trailer()
	if err != nil {
		return assessment.Exit{}, err
	}
	return trailer.Summary.Exit, h.End(trailer)
}

// prepare loads what every product needs, so that a mistake in a policy or a
// configuration stops the scan before it starts.
func (r *run) prepare() error {
	var err error
	if r.walk, err = collect(r.Paths); err != nil {
		return err
	}
	r.undelivered = r.walk.undelivered
	if len(r.Policies) == 0 {
		r.Policies = []string{DefaultPolicy}
	}
	r.packs = make(map[string]*policy.Pack)
	for _, name := range r.Policies {
		if err := r.load(name); err != nil {
			return err
		}
	}
	for i := range r.walk.files {
		f := &r.walk.files[i]
		if f.config == nil {
			continue
		}
		for _, name := range f.config.Policy {
			if err := r.load(name); err != nil && f.misconfigured == nil {
				f.misconfigured = err
			}
		}
	}
	if r.model, err = risk.Load(); err != nil {
		return err
	}
	r.info = r.DB.Info()
	r.matcher = match.New(r.DB)
	r.support = support.New(r.DB, r.AsOf)
	r.upgradesOf = newUpgrades(r.matcher)
	r.groups = newGroups(r.DB, r.model, risk.Feeds{KEV: r.info.HasKEV, EPSS: r.info.HasEPSS})
	return nil
}

// load loads one pack once. Two packs of one id could not be told apart in a
// report.
func (r *run) load(name string) error {
	if r.packs[name] != nil {
		return nil
	}
	packs, err := policy.Load([]string{name})
	if err != nil {
		return err
	}
	for other, p := range r.packs {
		if p.ID == packs[0].ID {
			return fmt.Errorf("policy %q has the id %q of policy %q", name, p.ID, other)
		}
	}
	r.packs[name] = packs[0]
	return nil
}

// starter reports whether the database is the embedded starter set.
func (r *run) starter() bool { return r.info.Kind == vulndb.KindStarter }

func (r *run) header() *assessment.Header {
	h := &assessment.Header{
		Schema: assessment.Schema, Tool: r.Tool, AsOf: r.AsOf.Format(time.DateOnly),
		Database: assessment.Database{Kind: r.info.Kind, Digest: r.info.Digest, Built: day(r.info.Built)},
	}
	for _, f := range r.info.Feeds {
		age := int(r.AsOf.Sub(f.Date).Hours() / 24)
		feed := assessment.Feed{Name: f.Name, Date: day(f.Date), Records: f.Records, AgeDays: max(age, 0)}
		if f.Date.IsZero() || r.AsOf.Sub(f.Date) > r.maxAge(f.Name) {
			feed.Stale = true
			r.stale = append(r.stale, f.Name)
		}
		h.Database.Feeds = append(h.Database.Feeds, feed)
	}
	for _, rel := range r.info.Releases {
		h.Database.Releases = append(h.Database.Releases, assessment.Release{
			Ecosystem: rel.Ecosystem, Release: rel.Release, Newest: day(rel.Newest), Records: rel.Records,
		})
	}
	if words := leftOut(r.info); words != "" {
		h.Database.Warnings = append(h.Database.Warnings, words)
	}
	if newest := newestFeed(r.info); newest.After(r.AsOf.Add(24 * time.Hour)) {
		h.Database.Warnings = append(h.Database.Warnings,
			"the database holds data of "+day(newest)+", later than the date of this assessment")
	}
	if !r.info.HasKEV {
		h.Database.Warnings = append(h.Database.Warnings, "no list of known-exploited vulnerabilities (KEV) is loaded: no grades are given")
	}
	if lacks := lacking(r.info); lacks != "" && !r.starter() {
		h.Database.Warnings = append(h.Database.Warnings, lacks)
	}
	if !r.info.HasEPSS {
		h.Database.Warnings = append(h.Database.Warnings, "no exploitation estimates (EPSS) are loaded: no grades are given")
	}
	if !r.info.HasEOL && !r.starter() {
		h.Database.Warnings = append(h.Database.Warnings,
			"no end-of-life dates are loaded: of the support of components only what the vendor states can be told")
	}
	names := make([]string, 0, len(r.packs))
	for name := range r.packs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p := r.packs[name]
		h.Policies = append(h.Policies, assessment.Policy{ID: p.ID, Title: p.Title, Edition: p.Edition, Digest: p.Digest})
	}
	return h
}

func newestFeed(info *vulndb.Info) time.Time {
	var newest time.Time
	for _, f := range info.Feeds {
		if f.Date.After(newest) {
			newest = f.Date
		}
	}
	return newest
}

// A reading is one file on its way through the workers.
type reading struct {
	file    file
	results []result
	err     error // stops the scan
	done    chan struct{}
}

// A result is what one document of a file came to; an archive has several.
type result struct {
	file    file
	input   assessment.Input
	product *product // nil if it is no SBOM
	problem string   // for the user, if it could not be used
	// spare is a list of parts in a folder: it counts only where no SBOM lies
	// beside it.
	spare bool
}

// products reads the files with a pool of workers and hands the products on in
// input order. A bound on the readings under way bounds the memory.
func (r *run) products(ctx context.Context, h assessment.Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	jobs := max(min(r.Jobs, len(r.walk.files)), 1)
	work := make(chan *reading)
	order := make(chan *reading, 2*jobs)
	var pool sync.WaitGroup
	// However this ends, nobody reads the database after it.
	defer pool.Wait()
	defer cancel()
	for range jobs {
		pool.Go(func() {
			for w := range work {
				if err := r.DB.Guard(func() error { r.read(w); return nil }); err != nil {
					w.err = err
				}
				close(w.done)
			}
		})
	}
	go func() {
		defer close(order)
		defer close(work)
		for _, f := range r.walk.files {
			w := &reading{file: f, done: make(chan struct{})}
			select {
			case order <- w:
			case <-ctx.Done():
				return
			}
			select {
			case work <- w:
			case <-ctx.Done():
				w.err = ctx.Err()
				close(w.done)
				return
			}
		}
	}()
	var failed error
	for w := range order {
		<-w.done
		if failed == nil {
			if failed = r.emit(w, h); failed != nil {
				cancel()
			}
		}
	}
	pool.Wait()
	if failed != nil {
		return failed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.partsLists(h); err != nil {
		return err
	}
	return r.failedDeliveries(h)
}

func (r *run) emit(w *reading, h assessment.Handler) error {
	if w.err != nil {
		return w.err
	}
	for i := range w.results {
		if err := r.emitOne(&w.results[i], h); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) emitOne(one *result, h assessment.Handler) error {
	if one.spare {
		r.spares = append(r.spares, *one)
		return nil
	}
	r.inputs = append(r.inputs, one.input)
	if one.problem != "" && r.Problem != nil {
		r.Problem(one.problem)
	}
	if one.product == nil {
		if looksDelivered(one.file.path) {
			r.undelivered = append(r.undelivered, undelivered{one.file, one.input.Reason})
		}
		return nil
	}
	dir := path.Dir(one.file.open)
	r.delivered[dir] = true
	if p := one.product; p.doc != nil && p.doc.Format != sbom.PartsList {
		r.sound[dir] = true
	}
	return r.hand(one.product, h)
}

// hand passes a product on and keeps of it what the summary needs.
func (r *run) hand(judged *product, h assessment.Handler) error {
	p := &judged.out
	// Two SBOMs of one product are two entries with ids of their own.
	r.ids[p.ID]++
	if n := r.ids[p.ID]; n > 1 {
		p.ID = fmt.Sprintf("%s#%d", p.ID, n)
	}
	r.summary.add(judged)
	return h.Product(p)
}

// read turns one file into a product, or into several if it is an archive, or
// says why it is none.
func (r *run) read(w *reading) {
	if err := w.file.misconfigured; err != nil {
		one := result{file: w.file, input: assessment.Input{Path: w.file.path, Kind: "sbom", Reason: err.Error()}}
		one.problem = w.file.path + ": " + err.Error()
		one.product, w.err = r.product(&one.file, nil, err)
		w.results = append(w.results, one)
		return
	}
	in, err := r.open(&w.file)
	if err != nil {
		one := result{file: w.file, input: assessment.Input{Path: w.file.path}}
		w.err = r.refused(&one, err)
		w.results = append(w.results, one)
		return
	}
	defer func() { _ = in.Close() }() // only read from
	for item := range reader.Items(in, w.file.path, r.Read) {
		one := result{file: w.file, input: assessment.Input{Path: item.Path, SHA256: item.SHA256}}
		one.file.path = item.Path
		if w.err = r.judge(&one, &item); w.err != nil {
			return
		}
		w.results = append(w.results, one)
	}
}

// judge turns one document, or what stands in its place, into a product.
func (r *run) judge(one *result, item *reader.Item) error {
	if item.Err != nil {
		return r.refused(one, item.Err)
	}
	one.input.Kind, one.input.Used = "sbom", true
	if item.Document.Format == sbom.PartsList {
		one.input.Kind, one.spare = "parts-list", !one.file.named
	}
	var err error
	one.product, err = r.product(&one.file, item.Document, nil)
	return err
}

// refused says why something is no SBOM. What was named, or stands in the place
// of one, is a product all the same.
func (r *run) refused(one *result, failure error) error {
	one.input.Kind, one.input.Reason = "sbom", failure.Error()
	if other, ok := errors.AsType[*reader.NotSBOMError](failure); ok {
		one.input.Kind, one.input.Reason = string(other.Kind), other.Reason
		if !other.IsSBOM && (!one.file.named || one.file.inArchive()) {
			return nil // a companion or a stranger beside the SBOMs, accounted for
		}
	} else if one.input.SHA256 == "" && !one.file.inArchive() {
		one.input.SHA256 = digest(&one.file)
	}
	one.problem = one.file.path + ": " + failure.Error()
	var err error
	if one.product, err = r.product(&one.file, nil, failure); err == nil {
		one.product.out.SBOM.SHA256 = one.input.SHA256
	}
	return err
}

// digest identifies a file that could not be read as an SBOM, so that sender and
// receiver can tell that they speak of the same one. It is empty for what is no
// regular file any more.
func digest(f *file) string {
	info, err := os.Stat(f.open)
	if f.open == "-" || err != nil || !info.Mode().IsRegular() {
		return ""
	}
	in, err := os.Open(f.open)
	if err != nil {
		return ""
	}
	defer in.Close()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (r *run) open(f *file) (io.ReadCloser, error) {
	if f.open == "-" {
		return io.NopCloser(r.Stdin), nil
	}
	in, err := os.Open(f.open)
	if err != nil {
		return nil, errors.New(reason(err))
	}
	return in, nil
}
