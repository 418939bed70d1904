// SPDX-License-Identifier: Apache-2.0

//go:build race

package update

// raceDetector: it makes building from the real data ten times as slow, and the
// other tests have the same concurrency.
const raceDetector = true
