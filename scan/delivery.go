// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"errors"
	"path"
	"strings"

	"github.com/medsbom/medsbom/assessment"
)

// undelivered is a file that stands where an SBOM should, by its name, and is
// none that can be read.
type undelivered struct {
	file   file
	reason string
}

// looksDelivered tells from a file's name that somebody meant it to be an SBOM.
// Names decide nothing about how a file is read; they say only whether its
// absence would be noticed.
func looksDelivered(name string) bool {
	base := strings.ToLower(path.Base(name))
	for _, part := range []string{"sbom", "bom.", ".cdx", ".spdx", "cyclonedx"} {
		if strings.Contains(base, part) {
			return true
		}
	}
	return false
}

// partsLists hands on the lists of parts in whose folders no SBOM lies: such a
// list is what some vendors send in place of one, and beside one it may as well
// be somebody's inventory.
func (r *run) partsLists(h assessment.Handler) error {
	beside := make([]bool, len(r.spares))
	for i := range r.spares {
		beside[i] = r.sound[path.Dir(r.spares[i].file.open)]
	}
	for i := range r.spares {
		one := &r.spares[i]
		if one.spare = false; beside[i] {
			one.input.Used, one.input.Reason = false, "a list of parts beside an SBOM; name the file to have it assessed"
			one.product = nil
		}
		if err := r.emitOne(one, h); err != nil {
			return err
		}
	}
	return nil
}

// failedDeliveries makes products of the folders that were to hold an SBOM and
// hold none: a product does not vanish because its vendor sent a picture of one.
func (r *run) failedDeliveries(h assessment.Handler) error {
	for _, u := range r.undelivered {
		dir := path.Dir(u.file.open)
		if r.delivered[dir] {
			continue // a companion of a real one
		}
		r.delivered[dir] = true
		p, err := r.product(&u.file, nil, errors.New(u.reason))
		if err != nil {
			return err
		}
		if err := r.hand(p, h); err != nil {
			return err
		}
	}
	return nil
}
