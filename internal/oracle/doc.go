// SPDX-License-Identifier: Apache-2.0

// Package oracle proves matching against programs of other authors. It is a
// module of its own, so that the 466 modules of osv-scanner take no part in the
// main module's versions, tidying or tests; all of it is tests.
//
// # Judges
//
//   - osv-scanner v2.5.0 itself (osvscanner.DoScan), offline, over the same zips,
//     with the osv-scalibr it was released with.
//   - A textbook: the evaluation of the OSV schema written down as plainly as it
//     goes over the records' JSON, with osv-scalibr's order of versions. It also
//     stands in where osv-scanner gives no judgement at all (rpm, Bitnami).
//   - shared/bench/oracle.py, for Go, npm and crates.io, in Python.
//   - deps.dev/util/semver, for the order of versions.
//
// # What is compared
//
// Findings, one by one: component and advisory record. Components are those of
// the corpus of published SBOMs, and every package of the data in every version
// that an advisory names, one just below and one just above it. Ours are what
// the program really does: the SBOM is read by sbom/reader, matched by
// match.Matcher over a database that vulndb/build made; osv-scanner reads the
// same bytes.
//
// # Differences
//
// Each difference must fall into a class that is known (classes_test.go): a
// predicate over the pair, and what it breaks. testdata holds the number of
// differences in each; one that moves fails the test, in either direction, and so
// does a difference that no class has. Records that the data of today lacks are
// made (made_test.go). After a change of the data or of the matching: go test .
// -args -update, once more with -full, and read what moved.
//
// # How it is affordable
//
// osv-scanner decodes all of an ecosystem's zip in every call and holds every
// advisory against every component. Components are therefore scanned in portions,
// each beside a zip that holds only the records which name its packages: the
// same members, copied. TestPortions checks that the whole zip gives the same.
package oracle
