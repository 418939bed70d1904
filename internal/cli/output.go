// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/report"
)

// sink sends one scan to standard output and to files. Regular files appear
// under their name only when the scan has ended well; devices and pipes, which
// must not be replaced, are written to as they are.
type sink struct {
	handler assessment.Handler
	files   []*pending
}

// pending is a file that is being written.
type pending struct {
	name     string // what it will be; "" for one that has its name already
	file     *os.File
	finished bool
}

func newSink(p *Process, o *scanOptions) (*sink, error) {
	s := new(sink)
	options := p.reportOptions(o.verbose, o.noColor)
	stdout, err := report.New(o.format, p.Stdout, options)
	if err != nil {
		return nil, fmt.Errorf("--format: %w", err)
	}
	handlers := []assessment.Handler{stdout}
	options.Table.Color = false
	met := make(map[string]string)
	for _, spec := range o.outputs {
		h, err := s.open(p, spec, options, met)
		if err != nil {
			s.discard()
			return nil, fmt.Errorf("--output %s: %w", spec, err)
		}
		handlers = append(handlers, h)
	}
	s.handler = report.Tee(handlers...)
	return s, nil
}

// open opens what "FORMAT=FILE" names; met are the files named before.
func (s *sink) open(p *Process, spec string, options report.Options, met map[string]string) (assessment.Handler, error) {
	format, name, ok := strings.Cut(spec, "=")
	if !ok || name == "" {
		return nil, errors.New("write it as FORMAT=FILE, as in json=report.json")
	}
	if name == "-" {
		return nil, hintError{errors.New("standard output is not a file"), "print a format with --format " + format + "; for a file of that name write ./-"}
	}
	target, err := durable.Resolve(name)
	if err != nil {
		return nil, err
	}
	if before, ok := met[target]; ok {
		return nil, hintError{fmt.Errorf("is the same file as in --output %s", before), "give each report a file of its own"}
	}
	met[target] = spec

	out := &pending{name: target}
	info, err := os.Stat(target)
	switch {
	case err == nil && info.IsDir():
		return nil, hintError{errors.New("is a folder"), "name a file in it, as in " + format + "=" + filepath.Join(name, "report."+format)}
	case err == nil && info.Mode().IsRegular() && p.printsTo(info):
		// Replacing it would lose what is printed.
		return nil, hintError{errors.New("standard output goes to that file"), "print a format with --format " + format}
	case err == nil && !info.Mode().IsRegular():
		out.name = ""
		out.file, err = os.OpenFile(target, os.O_WRONLY, 0)
	case err == nil || errors.Is(err, fs.ErrNotExist):
		out.file, err = os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	}
	if err != nil {
		return nil, err
	}
	s.files = append(s.files, out)
	return report.New(format, out.file, options)
}

// printsTo reports whether standard output is that file.
func (p *Process) printsTo(info fs.FileInfo) bool {
	if p.terminal == nil {
		return false
	}
	out, err := p.terminal.Stat()
	return err == nil && os.SameFile(info, out)
}

// commit gives the files their names.
func (s *sink) commit() error {
	for _, f := range s.files {
		f.finished = f.name == ""
		if f.finished {
			if err := f.file.Close(); err != nil {
				return err
			}
			continue
		}
		if err := errors.Join(f.file.Chmod(0o644), f.file.Close()); err != nil {
			return err
		}
		if err := os.Rename(f.file.Name(), f.name); err != nil {
			return err
		}
		f.finished = true
	}
	return nil
}

// discard closes what was not committed, and removes what would be left behind.
func (s *sink) discard() {
	for _, f := range s.files {
		if f.finished {
			continue
		}
		f.file.Close()
		if f.name != "" {
			os.Remove(f.file.Name())
		}
	}
}
