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

// failedDeliveries makes products of the folders that were to hold an SBOM and
// hold none: a product does not vanish because its vendor sent a picture of one.
func (r *run) failedDeliveries(h assessment.Handler) error {
	for _, u := range r.undelivered {
		dir := path.Dir(u.file.path)
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
