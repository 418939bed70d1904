// SPDX-License-Identifier: Apache-2.0

package build

// A SourceError says that a source cannot be used for what is in it. Without that
// source, or with another copy of it, the build may go on.
type SourceError struct {
	File string // relative to Options.From, with slashes; a folder where its files count as one
	err  error
}

func (e *SourceError) Error() string { return e.err.Error() }

func (e *SourceError) Unwrap() error { return e.err }

// inSource tells the source of an error; nil stays nil.
func inSource(file string, err error) error {
	if err == nil {
		return nil
	}
	return &SourceError{file, err}
}
