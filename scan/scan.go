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
	"github.com/medsbom/medsbom/vulndb"
)

// DefaultPolicy is the pack that applies where nobody names another one.
const DefaultPolicy = "hospital-baseline"

// Options say what to scan, against what, and when.
type Options struct {
	Paths    []string // files, folders, "-" for Stdin
	Stdin    io.Reader
	DB       *vulndb.DB
	Policies []string // names of packs or files; empty for DefaultPolicy; configurations may add to them
	Order    dossier.Order
	AsOf     time.Time     // date of the assessment
	MaxAge   time.Duration // feeds older than this are stale
	FailOn   policy.FailOn
	Jobs     int // files read at once; at least 1
	Tool     assessment.Tool
	Problem  func(string) // told what went wrong with a file, as it is met in order; may be nil
}

// run is one scan under way.
type run struct {
	*Options
	walk    *walk
	packs   map[string]*policy.Pack // by name or path
	model   *risk.Model
	matcher *match.Matcher
	groups  *groups
	info    *vulndb.Info
	stale   []string       // feeds that are too old
	ids     map[string]int // product ids given out

	delivered   map[string]bool // folders in which an SBOM was met
	undelivered []undelivered

	inputs  []assessment.Input
	summary summarizer
}

// Run scans, hands the result to h and returns the exit code with its reason.
// An error means that there is no result.
func Run(ctx context.Context, opts *Options, h assessment.Handler) (assessment.Exit, error) {
	r := &run{Options: opts, ids: make(map[string]int), delivered: make(map[string]bool)}
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
		if f.Date.IsZero() || r.AsOf.Sub(f.Date) > r.MaxAge {
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
	if newest := newestFeed(r.info); newest.After(r.AsOf.Add(24 * time.Hour)) {
		h.Database.Warnings = append(h.Database.Warnings,
			"the database holds data of "+day(newest)+", later than the date of this assessment")
	}
	if !r.info.HasKEV {
		h.Database.Warnings = append(h.Database.Warnings, "no list of known-exploited vulnerabilities (KEV) is loaded: no grades are given")
	}
	if !r.info.HasEPSS {
		h.Database.Warnings = append(h.Database.Warnings, "no exploitation estimates (EPSS) are loaded: no grades are given")
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
	input   assessment.Input
	product *product // nil if the file is no SBOM
	problem string   // for the user, if the file could not be used
	err     error    // stops the scan
	done    chan struct{}
}

// products reads the files with a pool of workers and hands the products on in
// input order. A bound on the readings under way bounds the memory.
func (r *run) products(ctx context.Context, h assessment.Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	jobs := max(min(r.Jobs, len(r.walk.files)), 1)
	work := make(chan *reading)
	order := make(chan *reading, 2*jobs)
	var pool sync.WaitGroup
	for range jobs {
		pool.Go(func() {
			for w := range work {
				r.read(w)
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
	return r.failedDeliveries(h)
}

func (r *run) emit(w *reading, h assessment.Handler) error {
	if w.err != nil {
		return w.err
	}
	r.inputs = append(r.inputs, w.input)
	if w.problem != "" && r.Problem != nil {
		r.Problem(w.problem)
	}
	if w.product == nil {
		if looksDelivered(w.file.path) {
			r.undelivered = append(r.undelivered, undelivered{w.file, w.input.Reason})
		}
		return nil
	}
	r.delivered[path.Dir(w.file.path)] = true
	return r.hand(w.product, h)
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

// read turns one file into a product, or says why it is none.
func (r *run) read(w *reading) {
	w.input = assessment.Input{Path: w.file.path}
	if err := w.file.misconfigured; err != nil {
		w.input.Kind, w.input.Reason = "sbom", err.Error()
		w.problem = w.file.path + ": " + err.Error()
		w.product, w.err = r.product(&w.file, nil, err)
		return
	}
	doc, err := r.open(&w.file)
	var other *reader.NotSBOMError
	switch {
	case err == nil:
		w.input.Kind, w.input.Used, w.input.SHA256 = "sbom", true, doc.SHA256
		w.product, w.err = r.product(&w.file, doc, nil)
		return
	case errors.As(err, &other):
		w.input.Kind, w.input.Reason, w.input.SHA256 = string(other.Kind), other.Reason, other.SHA256
		if !w.file.named && !other.IsSBOM {
			return // a companion or a stranger beside the SBOMs, accounted for
		}
	default:
		w.input.Kind, w.input.Reason, w.input.SHA256 = "sbom", err.Error(), digest(&w.file)
	}
	w.problem = w.file.path + ": " + err.Error()
	if w.product, w.err = r.product(&w.file, nil, err); w.product != nil {
		w.product.out.SBOM.SHA256 = w.input.SHA256
	}
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

func (r *run) open(f *file) (*sbom.Document, error) {
	if f.open == "-" {
		return reader.Read(r.Stdin, "-", reader.Options{})
	}
	in, err := os.Open(f.open)
	if err != nil {
		return nil, errors.New(reason(err))
	}
	defer in.Close()
	return reader.Read(in, f.path, reader.Options{})
}
