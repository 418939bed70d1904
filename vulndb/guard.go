// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"unsafe"
)

// Guard runs f, which reads the database in this goroutine, and gives its error.
//
// A mapped file that somebody cuts short or writes over where it lies, as cp does,
// takes its bytes away from under whoever reads them: the system then sends a
// signal (SIGBUS) that ends the program. Guard turns that signal, for addresses
// within the file and no others, into an error that names the file. If f ends
// well but the file was written to since Open, that is an error too, as what was
// checked once may have been read later. Every other panic goes on.
func (db *DB) Guard(f func() error) (err error) {
	if len(db.mapped) == 0 {
		return f()
	}
	// Taken now: a deferred Close may come before the recovery.
	from := uintptr(unsafe.Pointer(unsafe.SliceData(db.mapped))) //nolint:gosec // to compare addresses, not to read there
	size := uintptr(len(db.mapped))
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		at, ok := faultAt(r)
		if !ok || at < from || at-from >= size {
			panic(r)
		}
		err = db.pulled(fmt.Sprintf("it was cut short while it was in use, or its disk cannot be read (byte %d)", at-from))
	}()
	if err := f(); err != nil {
		return err
	}
	return db.same()
}

// faultAt gives the address that could not be read, if that was the panic.
func faultAt(r any) (at uintptr, ok bool) {
	if _, ok := r.(runtime.Error); !ok {
		return 0, false
	}
	fault, ok := r.(interface{ Addr() uintptr })
	if !ok {
		return 0, false
	}
	return fault.Addr(), true
}

// pulled makes the error of a file that is not what it was at Open.
func (db *DB) pulled(problem string) error {
	e := &Error{Path: db.path, Problem: problem, Remedy: "replace databases with 'medsbom db build', 'update' or 'import', which leave a file in use alone; then do it again"}
	db.fault.CompareAndSwap(nil, e)
	return e
}

// same fails if the file was written to since Open.
func (db *DB) same() error {
	if db.file == nil {
		return nil
	}
	now, err := db.file.Stat()
	if err != nil {
		return fmt.Errorf("vulndb: %q: %w", db.path, err)
	}
	if now.Size() != db.opened.Size() || !now.ModTime().Equal(db.opened.ModTime()) {
		return db.pulled("it was written to while it was in use")
	}
	return nil
}
