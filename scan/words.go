// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/assessment"
)

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

func space(version string) string {
	if version == "" {
		return ""
	}
	return " " + version
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// matched names what an advisory speaks of: the component, and the package if
// that has another name, such as the source of a distribution's library.
func matched(f *assessment.Finding) string {
	if f.Name == "" || strings.Contains(strings.ToLower(f.Match.Package), strings.ToLower(f.Name)) {
		return cmp.Or(f.Name, f.Match.Package)
	}
	return f.Match.Package + " (in " + f.Name + ")"
}

// action is the cheapest thing to do about a finding. upgrade is the version
// that fixes all that is known of its component, not only this one: following
// the fixes one by one would leave the product vulnerable in between.
func action(f *assessment.Finding, upgrade string) string {
	switch {
	case f.Match.Confidence == "possible" && f.Version == "":
		return "Ask for the exact version of " + f.Name
	case f.Match.Confidence == "possible":
		return "Ask for a package URL and the exact version of " + f.Name
	case f.Kind == assessment.KindMalicious:
		return "Remove " + matched(f) + " and investigate"
	case upgrade != "":
		return "Update " + matched(f) + " to " + upgrade + " or later"
	}
	return "No version is known to be free of known vulnerabilities: replace or isolate " + matched(f) + ", or ask the vendor for a statement"
}
