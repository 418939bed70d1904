// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// maxNamed and maxWords bound the names that are read, in bytes and words.
const (
	maxNamed = 96
	maxWords = 12
)

// nameWords is a name taken apart: its words of letters and digits, in lower
// case. It is kept off the heap.
type nameWords struct {
	text  string
	bytes [maxNamed]byte
	n     int
	start [maxWords + 1]uint8 // of each word in bytes; one more for the end
	at    [maxWords]uint8     // of each word in text
}

// read takes text apart; false if it is too long to be the name of a project.
func (w *nameWords) read(text string) bool {
	if text == "" || len(text) > maxNamed {
		return false
	}
	w.text, w.n = text, 0
	end, inside := 0, false
	for i := range len(text) {
		c := text[i]
		switch {
		case isUpper(c):
			c |= 0x20
		case isLower(c), isDigit(c):
		default:
			inside = false
			continue
		}
		if !inside {
			if w.n == maxWords {
				return false
			}
			w.start[w.n], w.at[w.n] = uint8(end), uint8(i)
			w.n++
			inside = true
		}
		w.bytes[end] = c
		end++
	}
	w.start[w.n] = uint8(end)
	return w.n > 0
}

// word gives the words from i to below j as one.
func (w *nameWords) word(i, j int) []byte { return w.bytes[w.start[i]:w.start[j]] }

// namedProject adds the project that a name is of: the name itself; without
// what stands behind it (a version, "library", the ending of a file); without
// its maker in front ("OpenSSL Project OpenSSL").
func (id *identifier) namedProject(name, version, evidence string) {
	var w nameWords
	if isRevised(version) || isRevised(id.in.Version) || !w.read(name) {
		return
	}
	p, maker, end := w.project()
	if p == nil {
		return
	}
	id.out.Upstream = id.out.Upstream || name == id.in.Name && !isInRegistries(p.name)
	if field, _ := stated(id.in.Version); version == "" && field == "" {
		version = w.version(end)
	}
	if maker || id.suppliedBy(p) {
		id.project(p, version, evidence+" and supplier", Weak)
		return
	}
	id.project(p, version, evidence+" alone", Possible)
}

// isInRegistries reports projects that registries of languages have under the same
// name, as the project itself or as a package that is no less known.
func isInRegistries(name string) bool {
	switch name {
	case "tomcat", "elasticsearch", "electron", "mongoose", "wasmtime", "postgresql", "mysql", "mongodb", "redis", "duckdb",
		"protobuf", "grpc", "nanopb", "flatbuffers", "arrow", "vtk", "itk", "tensorflow", "pytorch", "gdal", "openbabel",
		"openexr", "exiv2", "brotli", "snappy", "capstone", "xmlsec", "tar":
		return true
	}
	return false
}

// project finds the project in the name; maker is true if the name has its
// maker in front, end is the number of the first word behind it.
func (w *nameWords) project() (p *project, maker bool, end int) {
	least := w.n
	for least > 1 && isTrailing(w.word(least-1, least)) {
		least--
	}
	const maxMaker = 4
	for first := 0; first < min(least, maxMaker); first++ {
		for end := w.n; end >= least && end > first; end-- {
			if end < w.n && isDigit(w.word(end-1, end)[0]) {
				continue // inside a version
			}
			if p := projectByName(string(w.word(first, end))); p != nil && (first == 0 || w.isMaker(first, p)) {
				return p, first > 0, end
			}
		}
	}
	return nil, false, 0
}

// isMaker reports that the words before the given one are those of a project's
// maker, with an article or a legal form.
func (w *nameWords) isMaker(before int, p *project) bool {
	found := false
	for i := range before {
		word := w.word(i, i+1)
		switch {
		case p.madeBy(word):
			found = true
		case !isLegalForm(word):
			return false
		}
	}
	return found
}

// suppliedBy reports that a supplier's name, the group, the namespace or the
// host of the download agrees with the project.
func (id *identifier) suppliedBy(p *project) bool {
	in := id.in
	if agrees(in.Group, p, false) {
		return true
	}
	for _, s := range in.Suppliers[:min(len(in.Suppliers), maxReferences)] {
		if agrees(s, p, true) {
			return true
		}
	}
	if !id.out.HasURL {
		return false
	}
	_, download, _ := strings.Cut(id.out.URL.qualifier("download_url"), "://")
	host, _, _ := strings.Cut(download, "/")
	return agrees(id.out.URL.Namespace, p, false) || agrees(host, p, true)
}

// agrees reports that some word of a supplier is the project's maker. The
// project's own name counts if own is true: as a group it is only said twice.
func agrees(supplier string, p *project, own bool) bool {
	var w nameWords
	if !w.read(supplier[:min(len(supplier), maxNamed)]) {
		return false
	}
	for i := range w.n {
		if word := w.word(i, i+1); p.madeBy(word) && (own || string(word) != p.word) {
			return true
		}
	}
	return false
}

// isRevised reports a version with an epoch or a revision, as those of Debian
// and rpm are: 1:2.32-1, 5.0-4. Software that is only named so may have come out
// of a distribution.
func isRevised(v string) bool {
	_, revision, ok := strings.Cut(v, "-")
	return trimEpoch(v) != v || strings.Contains(v, "+dfsg") || ok && revision != "" && isDigit(revision[0])
}

// madeBy reports a word that names the project's maker, or begins with the
// project's own name: openssl, openssl.org as one word.
func (p *project) madeBy(word []byte) bool {
	for s := range strings.FieldsSeq(p.suppliers) {
		if string(word) == s {
			return true
		}
	}
	return len(p.word) >= 4 && len(word) >= len(p.word) && string(word[:len(p.word)]) == p.word
}

// isLegalForm reports words of a maker's name that say nothing of who it is.
func isLegalForm(word []byte) bool {
	switch string(word) {
	case "the", "project", "foundation", "software", "inc", "ltd", "llc", "gmbh", "ag", "corporation", "corp", "company", "co",
		"group", "team", "org", "www", "open", "source":
		return true
	}
	return false
}

// isTrailing reports words behind a name that are no part of it: those of a
// version, of a file's ending, of what is built.
func isTrailing(word []byte) bool {
	if isDigit(word[0]) || len(word) > 1 && word[0] == 'v' && isDigit(word[1]) {
		return true
	}
	switch string(word) {
	case "library", "libraries", "lib", "project", "toolkit", "framework", "engine", "package", "source", "sources", "src",
		"static", "shared", "dynamic", "so", "dll", "a", "dylib", "exe", "tar", "gz", "xz", "bz2", "zip", "tgz", "version",
		"x64", "x86", "amd64", "arm", "arm64", "aarch64", "armhf", "win32", "win64", "windows", "linux", "fips", "lts", "dev", "dbg":
		return true
	}
	return false
}

// version gives the version that stands behind the name, from the given word:
// dotted, and up to the end.
func (w *nameWords) version(from int) string {
	if from >= w.n {
		return ""
	}
	word, v := w.word(from, from+1), w.text[w.at[from]:]
	if !isDigit(word[0]) && (len(word) < 2 || word[0] != 'v' || !isDigit(word[1])) || !isDotted(trimV(v)) || !allOf(v, ".") {
		return ""
	}
	return v
}
