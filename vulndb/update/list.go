// SPDX-License-Identifier: Apache-2.0

package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/vulndb/build"
)

const (
	maxEcosystems     = 2000
	maxEcosystemsFile = 1 << 20
)

// tasks lists what there is to do.
func (u *updater) tasks(ctx context.Context) ([]task, error) {
	var all []task
	base, names, err := u.ecosystems(ctx)
	if usage := (*UsageError)(nil); errors.As(err, &usage) || ctx.Err() != nil {
		return nil, err
	}
	if err != nil {
		all = append(all, task{osvFeed, func(context.Context, *Item) error { return err }})
	}
	for _, name := range names {
		all = append(all, task{osvFeed + "/" + name, func(ctx context.Context, item *Item) error {
			e := &ecosystem{updater: u, name: name, base: base, item: item}
			return e.bring(ctx)
		}})
	}
	u.mentionOthers(base, names, err == nil)
	for i := range feeds {
		f := &feeds[i]
		all = append(all, task{f.name, func(ctx context.Context, item *Item) error { return u.bringFeed(ctx, f, item) }})
	}
	return all, nil
}

// mentionOthers notes the zips that are here and are not brought.
func (u *updater) mentionOthers(base string, names []string, listed bool) {
	here, err := build.Zips(u.place.dir)
	if err != nil {
		return // none
	}
	for _, z := range here {
		if slices.Contains(names, z.Ecosystem) || !listed {
			continue
		}
		item := Item{Name: osvFeed + "/" + z.Ecosystem, State: NotAsked}
		if u.Ecosystems == nil {
			item.State, item.Words = Kept, fmt.Sprintf("%s does not list it (any more); delete %q if it shall go", shown(base), filepath.Dir(z.Path))
		}
		have := u.place.state.Feeds[item.Name]
		item.Date, item.Records = have.Newest, have.Records
		u.report.Items = append(u.report.Items, item)
	}
}

// ecosystems finds where the zips lie and which are to be brought.
func (u *updater) ecosystems(ctx context.Context) (base string, names []string, err error) {
	where, _ := u.locate(osvFeed)
	if !where.remote() {
		zips, err := build.Zips(where.place)
		if err != nil {
			return where.place, nil, err
		}
		for _, z := range zips {
			base = filepath.Dir(filepath.Dir(z.Path))
			names = append(names, z.Ecosystem)
		}
		names, err = u.choose(names)
		return base, names, err
	}
	lists := []string{"ecosystems.txt"}
	if where.mirror {
		lists = []string{"osv/ecosystems.txt", "osv/manifest.json", "ecosystems.txt"}
	}
	for _, list := range lists {
		var text memory
		_, err = u.client.get(ctx, request{url: join(where.place, list), limit: maxEcosystemsFile}, &text)
		if isAbsent(err) {
			continue
		}
		base = where.place
		if strings.HasPrefix(list, "osv/") {
			base = join(where.place, "osv")
		}
		if err != nil {
			break
		}
		if strings.HasSuffix(list, ".json") {
			names, err = parseManifest(text.Bytes())
		} else {
			names, err = u.parseEcosystems(text.String())
		}
		if err != nil {
			return base, nil, fmt.Errorf("%s: %w", shown(join(where.place, list)), err)
		}
		names, err = u.choose(names)
		return base, names, err
	}
	if isAbsent(err) {
		err = fmt.Errorf("%s has no %s, so it is not known which ecosystems there are", shown(where.place), strings.Join(lists, ", "))
	}
	return base, nil, err
}

// choose takes the ecosystems that were asked for out of those that there are.
func (u *updater) choose(there []string) ([]string, error) {
	slices.Sort(there)
	there = slices.Compact(there)
	if u.Ecosystems == nil {
		return there, nil
	}
	var names []string
	for _, want := range u.Ecosystems {
		i := slices.IndexFunc(there, func(name string) bool { return strings.EqualFold(name, strings.TrimSpace(want)) })
		switch {
		case i >= 0:
			names = append(names, there[i])
		case u.Optional:
			u.report.Notes = append(u.report.Notes, fmt.Sprintf("the source has no ecosystem %.100q", want))
		default:
			return nil, &UsageError{fmt.Sprintf("the source has no ecosystem %.100q", want), "it has " + strings.Join(there, ", ")}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// parseEcosystems reads ecosystems.txt: one name a line. Releases of an ecosystem
// that is listed itself ("Debian:12" beside "Debian") are in its zip and passed over.
func (u *updater) parseEcosystems(text string) ([]string, error) {
	var names []string
	if looksLikeHTML([]byte(text)) {
		return nil, errors.New("is an HTML page: the notice of a proxy, or a login")
	}
	lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
	odd := 0
	for _, line := range lines {
		line = strings.TrimSpace(line)
		ecosystem, _, release := strings.Cut(line, ":")
		switch {
		case line == "" || (release && slices.Contains(lines, ecosystem)):
		case !isEcosystem(line):
			odd++
		default:
			names = append(names, line)
		}
		if len(names) > maxEcosystems {
			return nil, fmt.Errorf("more than %d ecosystems", maxEcosystems)
		}
	}
	if odd > 0 {
		u.report.Notes = append(u.report.Notes, fmt.Sprintf("%d lines of ecosystems.txt are no names that could be used", odd))
	}
	if len(names) == 0 {
		return nil, errors.New("lists no ecosystem")
	}
	return names, nil
}

// parseManifest reads manifest.json, an object with the ecosystems as names.
func parseManifest(text []byte) ([]string, error) {
	r := jsonpull.New(text, jsonpull.Limits{Depth: 64})
	if r.Kind() != jsonpull.Object {
		return nil, errors.New("is no JSON object")
	}
	var names []string
	for ok := r.Object(); ok && r.Key(); r.Skip() {
		if isEcosystem(r.Name()) && len(names) < maxEcosystems {
			names = append(names, strings.Clone(r.Name()))
		}
	}
	if err := r.End(); err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("lists no ecosystem")
	}
	return names, nil
}

// isEcosystem reports whether a name can be that of a folder on every system.
func isEcosystem(name string) bool {
	return name != "" && len(name) <= 100 && utf8.ValidString(name) && filepath.IsLocal(name) &&
		!strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".") && strings.TrimSpace(name) == name &&
		!strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune(`/\:*?"<>|`, r) })
}

// looksLikeHTML tells the page of a proxy or a login from data.
func looksLikeHTML(text []byte) bool {
	head := strings.ToLower(strings.TrimSpace(string(text[:min(len(text), 512)])))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html")
}

// htmlHint says that a file is HTML, if it is.
func htmlHint(name string) string {
	head := make([]byte, 512)
	f, err := openFile(name)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	n, _ := io.ReadFull(f, head)
	if looksLikeHTML(head[:n]) {
		return " (an HTML page: the notice of a proxy, or a login)"
	}
	return ""
}
