// SPDX-License-Identifier: Apache-2.0

package sbom

import "reflect"

// Details is what a document says of few of its components, if of any. It is
// kept apart because it is as large as all the rest of a Component.
type Details struct {
	MorePURL []string // further package URLs: SPDX references, CycloneDX evidence identities
	SWID     string   // tagId
	SWHID    []string

	Manufacturer Party
	Publisher    Party
	Originator   Party // SPDX originator
	Authors      []Party

	// VersionRange is CycloneDX 1.7's, as written (vers): the component is any
	// version of it. Version is then empty.
	VersionRange string
	Evidence     []Evidence
	Pedigree     *Pedigree // nil if the document gives none
	Support      *Support  // nil if the document says nothing of it

	More []Position // further places with the same id and content
}

// Detail returns the Details to be written to, and makes them if there are none.
func (c *Component) Detail() *Details {
	if c.Details == nil {
		c.Details = new(Details)
	}
	return c.Details
}

// SameContent reports whether two components differ in their places only.
func SameContent(a, b *Component) bool {
	x, y := *a, *b
	x.Position, y.Position = Position{}, Position{}
	for _, c := range [...]*Component{&x, &y} {
		if c.Details == nil {
			continue
		}
		details := *c.Details
		if details.More = nil; reflect.ValueOf(details).IsZero() {
			c.Details = nil
			continue
		}
		c.Details = &details
	}
	return reflect.DeepEqual(&x, &y)
}

// MorePURL are the package URLs beyond the first.
func (c *Component) MorePURL() []string {
	if c.Details == nil {
		return nil
	}
	return c.Details.MorePURL
}

// SWID is the tagId of a SWID tag, or "".
func (c *Component) SWID() string {
	if c.Details == nil {
		return ""
	}
	return c.Details.SWID
}

// SWHID are the identifiers of Software Heritage.
func (c *Component) SWHID() []string {
	if c.Details == nil {
		return nil
	}
	return c.Details.SWHID
}

// Manufacturer is who made the component, as the document says; the zero Party if it does not.
func (c *Component) Manufacturer() Party {
	if c.Details == nil {
		return Party{}
	}
	return c.Details.Manufacturer
}

// Publisher is who published the component.
func (c *Component) Publisher() Party {
	if c.Details == nil {
		return Party{}
	}
	return c.Details.Publisher
}

// Originator is whom the component comes from.
func (c *Component) Originator() Party {
	if c.Details == nil {
		return Party{}
	}
	return c.Details.Originator
}

// Authors are who wrote the component.
func (c *Component) Authors() []Party {
	if c.Details == nil {
		return nil
	}
	return c.Details.Authors
}

// VersionRange is the range that stands in place of a version, or "".
func (c *Component) VersionRange() string {
	if c.Details == nil {
		return ""
	}
	return c.Details.VersionRange
}

// Evidence are the identities that were found by looking at the component.
func (c *Component) Evidence() []Evidence {
	if c.Details == nil {
		return nil
	}
	return c.Details.Evidence
}

// Pedigree is nil if the document gives none.
func (c *Component) Pedigree() *Pedigree {
	if c.Details == nil {
		return nil
	}
	return c.Details.Pedigree
}

// Support is nil if the document says nothing of it.
func (c *Component) Support() *Support {
	if c.Details == nil {
		return nil
	}
	return c.Details.Support
}

// More are the further places with the same id and content.
func (c *Component) More() []Position {
	if c.Details == nil {
		return nil
	}
	return c.Details.More
}
