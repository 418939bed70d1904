// SPDX-License-Identifier: Apache-2.0

// Package inspect shows what was read from a file: the document as medsbom
// understood it, with the place of every element and everything that was wrong
// with it, before anything is matched or judged.
package inspect

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/reader"
)

// Schema names the form of the JSON document. Lower camel case; what is absent
// is absent.
const Schema = "medsbom/inspection/v1"

// An Inspection is what one file holds.
type Inspection struct {
	Schema string `json:"schema"`
	Path   string `json:"path"`
	Items  []Item `json:"items"` // in the order of the file; an archive has several
}

// An Item is one document, or what stands in its place.
type Item struct {
	Path   string   `json:"path"`
	SHA256 string   `json:"sha256,omitzero"`
	Kind   string   `json:"kind,omitzero"`   // what it is if it is no SBOM
	Error  *Problem `json:"error,omitzero"`  // why it could not be read
	Counts *Counts  `json:"counts,omitzero"` // sums over the document
	// Document indices, as in dependencies, count its components from 0; -1 is
	// the subject if it is not listed.
	Document *sbom.Document `json:"document,omitzero"`
}

// A Problem says why an item could not be read.
type Problem struct {
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitzero"`
	Line    int32  `json:"line,omitzero"`
	Column  int32  `json:"column,omitzero"`
}

// Counts are sums over the components of a document.
type Counts struct {
	Components  int `json:"components"`
	WithPURL    int `json:"withPurl"`
	WithCPE     int `json:"withCpe"`
	NoIdentity  int `json:"withoutIdentifier"` // neither package URL nor CPE, SWID or SWHID
	NoVersion   int `json:"withoutVersion"`
	WithMaker   int `json:"withProducer"`
	WithLicence int `json:"withLicence"`
	WithHash    int `json:"withHash"`
	WithSupport int `json:"withSupport"`
	Patched     int `json:"withPedigree"`
	Files       int `json:"files"`
	Services    int `json:"services"`
	Edges       int `json:"dependencies"`
	// ServiceEdges are the dependencies with a service at one end or at both.
	ServiceEdges int `json:"serviceDependencies"`
	Statements   int `json:"statements"`
	Defects      int `json:"defects"`
}

// Read reads everything in a file.
func Read(in io.Reader, name string, opts reader.Options) *Inspection {
	out := &Inspection{Schema: Schema, Path: name}
	for item := range reader.Items(in, name, opts) {
		one := Item{Path: item.Path, SHA256: item.SHA256, Document: item.Document}
		if item.Err != nil {
			one.Error = &Problem{Message: item.Err.Error()}
			if e, ok := errors.AsType[*sbom.SyntaxError](item.Err); ok {
				*one.Error = Problem{Message: e.Message, Remedy: e.Remedy, Line: e.Position.Line, Column: e.Position.Column}
			}
			if e, ok := errors.AsType[*reader.NotSBOMError](item.Err); ok {
				one.Kind, one.Error.Remedy = string(e.Kind), e.Remedy
			}
		} else {
			one.Counts = countOf(item.Document)
		}
		out.Items = append(out.Items, one)
	}
	return out
}

// Documents is how many items could be read.
func (i *Inspection) Documents() int {
	n := 0
	for _, item := range i.Items {
		if item.Document != nil {
			n++
		}
	}
	return n
}

func countOf(d *sbom.Document) *Counts {
	c := &Counts{
		Components: d.Count(), Files: d.Files, Services: len(d.Services), Edges: len(d.Dependencies),
		ServiceEdges: len(d.ServiceEdges),
		Statements:   d.Statements, Defects: d.Defects.Total(),
	}
	for i := range d.Components {
		x := &d.Components[i]
		count(&c.WithPURL, x.PURL != "")
		count(&c.WithCPE, len(x.CPE) > 0)
		count(&c.NoIdentity, !identified(x))
		count(&c.NoVersion, x.Version == "")
		count(&c.WithMaker, x.Producer().Name != "")
		count(&c.WithLicence, x.HasLicence())
		count(&c.WithHash, len(x.Hashes) > 0)
		count(&c.WithSupport, x.Support() != nil)
		count(&c.Patched, x.Pedigree() != nil)
	}
	return c
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

func identified(c *sbom.Component) bool {
	return c.PURL != "" || len(c.CPE) > 0 || c.SWID() != "" || len(c.SWHID()) > 0
}

// JSON writes everything that was read.
func (i *Inspection) JSON(w io.Writer) error {
	if err := json.MarshalWrite(w, i, json.Deterministic(true), jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true)); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
