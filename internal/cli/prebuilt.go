// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/vulndb/bundle"
	"github.com/medsbom/medsbom/vulndb/update"
)

// stampedRelease names the bundle whose address was stamped into the program.
const stampedRelease = "release"

// prebuilt is what became of db update --prebuilt.
type prebuilt struct {
	name   string         // of the bundle, for people
	out    string         // the database
	result *bundle.Result // nil: the server has nothing else than what is installed
}

// takePrebuilt is db update --prebuilt: one signed database instead of the feeds.
func (o *updateOptions) takePrebuilt(ctx context.Context, p *Process) (*prebuilt, error) {
	if err := o.alone(); err != nil {
		return nil, err
	}
	from := o.prebuilt
	if from == stampedRelease {
		if from = releaseURL; from == "" {
			return nil, hintError{
				errors.New("--prebuilt release: nobody has told this medsbom where a database is published"),
				"name the address of a bundle, or a file; for a file of that name write ./release",
			}
		}
	}
	got := &prebuilt{name: update.Shown(from)}
	opts, _, err := o.bundle.options(got.name)
	if err != nil {
		return nil, err
	}
	opts.AllowDowngrade = o.allowDowngrade
	if opts.Out, err = p.replaced(o.db); err != nil {
		return nil, err
	}
	got.out = opts.Out
	keys := make([]string, len(opts.Trust))
	for i := range opts.Trust {
		keys[i] = opts.Trust[i].Fingerprint()
	}
	slices.Sort(keys)
	v, _ := buildVersion()
	fetch := update.Prebuilt{
		Database: opts.Out, From: from, Terms: strings.Join(keys, " "), Limit: opts.MaxSize + bundle.MaxHead, Offline: o.offline,
		Retries: o.retries, UserAgent: "medsbom/" + v, Proxy: http.ProxyFromEnvironment,
	}
	if bar := o.bar(p); bar != nil {
		fetch.Progress = bar.show
		defer bar.end()
	}
	_, err = update.FetchPrebuilt(ctx, fetch, func(r io.Reader) (err error) {
		got.result, err = bundle.Import(ctx, r, opts)
		return err
	})
	if usage, ok := errors.AsType[*update.UsageError](err); ok {
		return nil, hintError{err, usage.Remedy}
	}
	if err != nil {
		return nil, err
	}
	return got, nil
}

// alone refuses what says where feeds come from, which a prebuilt database has in
// it.
func (o *updateOptions) alone() error {
	for _, other := range []struct {
		given bool
		flag  string
	}{{o.from != "", "from"}, {len(o.sources) > 0, "source"}, {len(o.of) > 0, "for"}, {len(o.ecosystems) > 0, "ecosystems"}} {
		if other.given {
			return hintError{
				fmt.Errorf("--prebuilt and --%s contradict each other: a prebuilt database brings its feeds along", other.flag),
				fmt.Sprintf("leave one of them out (also MEDSBOM_PREBUILT and MEDSBOM_%s)", strings.ToUpper(other.flag)),
			}
		}
	}
	return nil
}

// print says what was taken; a quiet update says nothing, as all went well.
func (got *prebuilt) print(p *Process, quiet bool) {
	switch {
	case quiet:
	case got.result == nil:
		fmt.Fprintf(p.Stdout, "%s: unchanged, %s has nothing newer\n", safetext.Line(got.out), safetext.Line(got.name))
	default:
		p.printImport(got.out, got.result, time.Now())
	}
}
