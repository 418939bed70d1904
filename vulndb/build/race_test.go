// SPDX-License-Identifier: Apache-2.0

//go:build race

package build

// raceDetector: it makes the plain reader of the full tests ten times as slow,
// and there is nothing concurrent to find in it.
const raceDetector = true
