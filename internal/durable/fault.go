// SPDX-License-Identifier: Apache-2.0

package durable

// A Step of replacing a file.
type Step string

// The steps, in their order. Writing comes as often as Write is called.
const (
	Creating Step = "creating"
	Writing  Step = "writing"
	Syncing  Step = "syncing"
	Renaming Step = "renaming"
	Renamed  Step = "renamed"
)

// Fault is for tests alone: it is asked before each step (Renamed: behind the
// rename), and its error is the step's. They set it, before anything runs, to a
// full disk, or to kill the process as a cut of power would.
var Fault func(Step) error

func fault(s Step) error {
	if Fault == nil {
		return nil
	}
	return Fault(s)
}
