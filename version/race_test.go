// SPDX-License-Identifier: Apache-2.0

//go:build race

package version

// recordStep: the race detector makes reading all records ten times as slow,
// and there is nothing concurrent to find in it.
const recordStep = 10
