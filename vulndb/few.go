// SPDX-License-Identifier: Apache-2.0

package vulndb

// leastCopy is how many advisories a database has at least that is a copy of
// public feeds. A smaller one was put together by hand, for a test or of
// advisories of one's own: how many records the public feed has tells nothing
// of it.
const leastCopy = 1000

// fewOf is the part of its feed below which an ecosystem is not assessed: less
// than one in fewOf of its records is a sample, or a feed that broke off.
const fewOf = 8

// Few reports an ecosystem or release of which the database holds few of the
// records that the public feed of the ecosystem has, and how many that has at least.
// A match assesses it weakly at most.
func (info *Info) Few(have Release) (feed int, few bool) {
	feed = feedRecords(have.Ecosystem)
	if info.Kind == KindStarter || fewOf*have.Records >= feed {
		return feed, false
	}
	// Of a database that leaves ecosystems out nobody knows how large the whole is.
	return feed, info.Advisories >= leastCopy || len(info.LeftOut) > 0
}

// feedRecords is how many records OSV.dev counted for an ecosystem on its own
// pages when they came to 592,609 in all (about the end of 2025), 0 for an
// ecosystem that they did not list. Feeds grow, so that an old count is a floor.
// npm's is an estimate of those that name vulnerabilities: nearly all its 215,248
// records are single malicious packages, which are a feed of their own.
func feedRecords(ecosystem string) int {
	switch ecosystem {
	case "AlmaLinux":
		return 4463
	case "Alpaquita":
		return 8399
	case "Alpine":
		return 3971
	case "BellSoft Hardened Containers":
		return 364
	case "Bitnami":
		return 6585
	case "CRAN":
		return 13
	case "Chainguard":
		return 4964
	case "Debian":
		return 52627
	case "GHC":
		return 3
	case "Go":
		return 5714
	case "Hackage":
		return 27
	case "Hex":
		return 46
	case "Julia":
		return 332
	case "Mageia":
		return 5816
	case "Maven":
		return 6173
	case "MinimOS":
		return 14829
	case "NuGet":
		return 1557
	case "Packagist":
		return 5721
	case "Pub":
		return 10
	case "PyPI":
		return 17956
	case "Red Hat":
		return 18599
	case "Rocky Linux":
		return 2708
	case "RubyGems":
		return 1861
	case "SUSE":
		return 17167
	case "SwiftURL":
		return 47
	case "Ubuntu":
		return 50807
	case "Wolfi":
		return 3087
	case "crates.io":
		return 2024
	case "npm":
		return 5000
	case "openEuler":
		return 5945
	case "openSUSE":
		return 10365
	case "opam":
		return 11
	}
	return 0
}
