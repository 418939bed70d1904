// SPDX-License-Identifier: Apache-2.0

//go:build !race

package update

const raceDetector = false
