// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/assessment"
)

func TestNew(t *testing.T) {
	if diff := cmp.Diff([]string{"table", "json", "sarif"}, Formats()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := New("pdf", io.Discard, Options{}); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "table, json, sarif") {
		t.Errorf("want ErrFormat that names the formats, got %v", err)
	}
}

// TestTwice: the same assessment gives the same bytes, whatever was before.
func TestTwice(t *testing.T) {
	for _, format := range Formats() {
		for name, fixture := range fixtures {
			if a, b := fixture().render(t, format, Options{}), fixture().render(t, format, Options{}); a != b {
				t.Errorf("%s of %s differs from itself", format, name)
			}
		}
	}
}

// TestOrder: a wrong order of calls is an error of every format, no report.
func TestOrder(t *testing.T) {
	s := accepted()
	for _, format := range Formats() {
		fresh := func() assessment.Handler {
			h, err := New(format, io.Discard, Options{})
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		if fresh().Product(&s.products[0]) == nil {
			t.Errorf("%s: Product before Begin", format)
		}
		if fresh().End(&s.trailer) == nil {
			t.Errorf("%s: End before Begin", format)
		}
		h := fresh()
		if err := s.into(h); err != nil {
			t.Fatal(err)
		}
		if h.End(&s.trailer) == nil || h.Product(&s.products[0]) == nil || h.Begin(&s.header) == nil {
			t.Errorf("%s: goes on after End", format)
		}
	}
}

// TestKeepsNoPointer: the caller may use its product again at once.
func TestKeepsNoPointer(t *testing.T) {
	for _, format := range Formats() {
		for name, fixture := range fixtures {
			var got bytes.Buffer
			h, err := New(format, &got, Options{})
			if err != nil {
				t.Fatal(err)
			}
			s := fixture()
			if err := h.Begin(&s.header); err != nil {
				t.Fatal(err)
			}
			for _, p := range s.products {
				list, _ := p.Components.(assessment.List)
				list = slices.Clone(list)
				p.Findings, p.Components = append([]assessment.Finding(nil), p.Findings...), list
				p.Decision.Rules = append([]assessment.Rule(nil), p.Decision.Rules...)
				if err := h.Product(&p); err != nil {
					t.Fatal(err)
				}
				clear(p.Findings)
				clear(list)
				clear(p.Decision.Rules)
				p = assessment.Product{}
			}
			if err := h.End(&s.trailer); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fixture().render(t, format, Options{}), got.String()); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", format, name, diff)
			}
		}
	}
}

func TestTee(t *testing.T) {
	s := several()
	var table, sarif bytes.Buffer
	full := errors.New("disk full")
	err := s.into(Tee(Table(&table, TableOptions{}), JSON(failing{full}), SARIF(&sarif, SARIFOptions{})))
	if !errors.Is(err, full) {
		t.Errorf("want %v, got %v", full, err)
	}
	if diff := cmp.Diff(s.render(t, "table", Options{}), table.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(s.render(t, "sarif", Options{}), sarif.String()); diff != "" {
		t.Errorf("SARIF (-want +got):\n%s", diff)
	}

	// When none is left, it stops at once.
	alone := Tee(&broken{full})
	if err := alone.Begin(&s.header); !errors.Is(err, full) {
		t.Errorf("want %v, got %v", full, err)
	}
}

type broken struct{ err error }

func (b *broken) Begin(*assessment.Header) error    { return b.err }
func (b *broken) Product(*assessment.Product) error { return b.err }
func (b *broken) End(*assessment.Trailer) error     { return b.err }
