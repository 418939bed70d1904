// SPDX-License-Identifier: Apache-2.0

//go:build !race

package version

// recordStep is the distance of the OSV records that the tests read.
const recordStep = 1
