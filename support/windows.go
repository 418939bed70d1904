// SPDX-License-Identifier: Apache-2.0

package support

import (
	"slices"
	"strings"

	"github.com/medsbom/medsbom/vulndb"
)

// windows looks up a release of Microsoft Windows, which devices name in many
// ways: "Windows 10 IoT Enterprise LTSC 2019", "Microsoft Windows 7 SP1",
// "Windows" with version "10.0.17763", "Windows Embedded Standard 7". Where
// edition or build is not said, all that it can be are judged: it has ended if all
// of them have. ok is false for what is no Windows.
func (s *Source) windows(name, version string) (out Statement, why string, ok bool) {
	words := strings.Fields(strings.ToLower(strings.NewReplacer("(", " ", ")", " ", ",", " ", "-", " ", "_", " ").Replace(name + " " + version)))
	if len(words) > 0 && (words[0] == "microsoft" || words[0] == "ms") {
		words = words[1:]
	}
	if len(words) == 0 || words[0] != "windows" || len(words) > 32 {
		return Statement{}, "", false
	}
	words = words[1:]
	product := "windows"
	for _, w := range words {
		switch {
		case w == "server" && product == "windows":
			product = "windows-server"
		case w == "embedded", w == "posready", w == "compact":
			product = "windows-embedded"
		}
	}
	l, known := s.db.LifecycleNamed(product)
	if !known {
		return Statement{}, "no end-of-life data for Windows", true
	}
	var may []vulndb.Cycle
	for c := range l.Cycles {
		if mayBe(product, &c, words) {
			may = append(may, c)
		}
	}
	if product == "windows-server" && contradicts(&l, may, words) {
		return Statement{}, "name and build are those of different releases of " + l.Title, true
	}
	if len(may) == 0 {
		return Statement{}, "which release of Windows it is cannot be told", true
	}
	out = s.level(&l, &may[0])
	all := true
	for i := range may {
		one := s.level(&l, &may[i])
		all = all && one.Level == Ended
		if out.End.Before(one.End) {
			out = one
		}
	}
	if len(may) > 1 {
		if !all {
			return Statement{}, "which edition or build of " + l.Title + " it is is not said, and they end on different days", true
		}
		out.Note = "every edition that it can be has ended; this is the last of them"
	}
	out.Sure, out.System = true, true
	return out, "", true
}

// contradicts reports a build of Windows that is of none of these cycles.
func contradicts(l *vulndb.Lifecycle, may []vulndb.Cycle, words []string) bool {
	other := false
	for c := range l.Cycles {
		if !hasBuild(words, c.Latest) {
			continue
		}
		other = true
		if slices.ContainsFunc(may, func(m vulndb.Cycle) bool { return m.Name == c.Name }) {
			return false
		}
	}
	return other
}

func hasBuild(words []string, build string) bool {
	return build != "" && slices.ContainsFunc(words, func(w string) bool { return w == build || strings.HasPrefix(w, build+".") })
}

// isYear reports "2019", as releases of the server are named.
func isYear(w string) bool {
	return len(w) == 4 && w[:2] == "20" && strings.Trim(w, "0123456789") == "" && w != "2004"
}

// mayBe reports whether the words name a cycle of Windows or leave it open.
func mayBe(product string, c *vulndb.Cycle, words []string) bool {
	cycle := strings.Split(strings.ToLower(c.Name), "-")
	has := func(word string) bool { return slices.Contains(words, word) }
	if hasBuild(words, c.Latest) && (product != "windows-server" || !slices.ContainsFunc(words, isYear)) {
		return product != "windows" || editionFits(cycle, has)
	}
	switch product {
	case "windows-server":
		if !has(cycle[0]) {
			return false
		}
		return has("r2") == (len(cycle) > 1 && cycle[1] == "r2")
	case "windows-embedded":
		for _, part := range cycle {
			if part != "sp1" && !has(part) {
				return false
			}
		}
		return true
	}
	name := cycle[0]
	switch name {
	case "5":
		name = "xp"
	case "6":
		name = "vista"
	}
	if !has(name) {
		return false
	}
	if name != "10" && name != "11" {
		return true
	}
	// The year of a long-term release names its build.
	if len(cycle) < 2 {
		return true
	}
	build := cycle[1]
	for _, y := range [...][2]string{{"2015", "1507"}, {"2016", "1607"}, {"2019", "1809"}, {"2021", "21h2"}, {"2024", "24h2"}} {
		if has(y[0]) && (has("ltsc") || has("ltsb")) && build != y[1] {
			return false
		}
	}
	for _, w := range words {
		if isBuild(w) && w != build {
			return false
		}
		if strings.HasPrefix(w, "10.0.") && c.Latest != "" { // the number of another build
			return false
		}
	}
	return editionFits(cycle, has)
}

// isBuild reports "1809", "22h2".
func isBuild(w string) bool {
	switch {
	case len(w) == 4 && w[0]-'0' <= 9 && w[1]-'0' <= 9 && w[2] == 'h' && w[3]-'0' <= 9:
		return true
	case len(w) == 4 && (strings.HasPrefix(w, "15") || strings.HasPrefix(w, "16") || strings.HasPrefix(w, "17") || strings.HasPrefix(w, "18") || strings.HasPrefix(w, "19") || w == "2004"):
		return true
	}
	return false
}

// editionFits compares the edition in a cycle's name, "e" for Enterprise, "w" for
// Home and Pro, "lts" for long-term, "iot", with what the words say.
func editionFits(cycle []string, has func(string) bool) bool {
	part := func(p string) bool { return slices.Contains(cycle, p) }
	switch long := has("ltsc") || has("ltsb") || has("lts"); {
	case long && !part("lts"):
		return false
	case (has("home") || has("pro")) && (part("e") || part("lts")):
		return false
	case part("w") && (has("enterprise") || has("education") || has("iot")):
		return false
	case long && part("iot") != has("iot"):
		// Where a build has a long-term release for IoT alone, "IoT" means that one.
		return !part("iot") && !iotOwn(cycle)
	}
	return true
}

// iotOwn reports builds whose long-term release for IoT has dates of its own.
func iotOwn(cycle []string) bool {
	return len(cycle) > 1 && (cycle[1] == "21h2" || cycle[1] == "24h2")
}
