// SPDX-License-Identifier: Apache-2.0

package sbom

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// componentJSON is the form of a component in JSON: Details is no object of its
// own there, but how a component is laid out in memory.
type componentJSON struct {
	Ref  string `json:"ref,omitzero"`
	Type string `json:"type,omitzero"`

	Group   string `json:"group,omitzero"`
	Name    string `json:"name,omitzero"`
	Version string `json:"version,omitzero"`

	PURL     string   `json:"purl,omitzero"`
	MorePURL []string `json:"morePurl,omitzero"`
	CPE      []string `json:"cpe,omitzero"`
	SWID     string   `json:"swid,omitzero"`
	SWHID    []string `json:"swhid,omitzero"`

	Supplier     Party   `json:"supplier,omitzero"`
	Manufacturer Party   `json:"manufacturer,omitzero"`
	Publisher    Party   `json:"publisher,omitzero"`
	Originator   Party   `json:"originator,omitzero"`
	Authors      []Party `json:"authors,omitzero"`

	Licences []Licence `json:"licences,omitzero"`
	Hashes   []Hash    `json:"hashes,omitzero"`

	References   []Reference `json:"references,omitzero"`
	VersionRange string      `json:"versionRange,omitzero"`
	Evidence     []Evidence  `json:"evidence,omitzero"`
	Pedigree     *Pedigree   `json:"pedigree,omitzero"`
	Support      *Support    `json:"support,omitzero"`

	SourceInfo string     `json:"sourceInfo,omitzero"`
	Properties []Property `json:"properties,omitzero"`

	Scope    string `json:"scope,omitzero"`
	External bool   `json:"external,omitzero"`

	Parent             int32 `json:"parent"`
	DependenciesStated bool  `json:"dependenciesStated,omitzero"`
	NoIdentifierStated bool  `json:"noIdentifierStated,omitzero"`

	Position Position   `json:"position,omitzero"`
	More     []Position `json:"more,omitzero"`
}

// MarshalJSONTo writes the component with its Details among its own fields.
func (c *Component) MarshalJSONTo(e *jsontext.Encoder) error {
	return json.MarshalEncode(e, &componentJSON{
		Ref: c.Ref, Type: c.Type, Group: c.Group, Name: c.Name, Version: c.Version,
		PURL: c.PURL, MorePURL: c.MorePURL(), CPE: c.CPE, SWID: c.SWID(), SWHID: c.SWHID(),
		Supplier: c.Supplier, Manufacturer: c.Manufacturer(), Publisher: c.Publisher(), Originator: c.Originator(), Authors: c.Authors(),
		Licences: c.Licences, Hashes: c.Hashes, References: c.References, VersionRange: c.VersionRange(),
		Evidence: c.Evidence(), Pedigree: c.Pedigree(), Support: c.Support(),
		SourceInfo: c.SourceInfo, Properties: c.Properties, Scope: c.Scope, External: c.External, Parent: c.Parent,
		DependenciesStated: c.DependenciesStated, NoIdentifierStated: c.NoIdentifierStated, Position: c.Position, More: c.More(),
	})
}
