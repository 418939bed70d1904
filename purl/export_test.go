// SPDX-License-Identifier: Apache-2.0

package purl

import (
	"iter"
	"slices"
)

// Projects gives every project of the tables: its name, the addresses of its
// repositories and its name at Bitnami, for the test against the real data.
func Projects() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		all := allProjects[:]
		for i := range all {
			targets := all[i].addresses
			if all[i].bitnami != "" {
				targets = append(slices.Clip(targets), "Bitnami "+all[i].bitnami)
			}
			if !yield(all[i].name, targets) {
				return
			}
		}
	}
}
