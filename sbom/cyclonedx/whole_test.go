// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/medsbom/medsbom/sbom"
)

// whole is what testdata/whole.cdx.json and .xml say; places are those of the JSON.
func whole() *sbom.Document {
	at := func(line, column int32) sbom.Position { return sbom.Position{Line: line, Column: column} }
	pump := sbom.Component{
		Ref: "pump", Type: "device", Name: "Infusion Pump", Version: "4.2", Parent: sbom.SubjectIndex, DependenciesStated: true, Position: at(19, 18),
		Details: &sbom.Details{
			Manufacturer: sbom.Party{Name: "Acme Devices"},
			Support:      &sbom.Support{EndOfSupport: "2031-12-31"},
		},
	}
	return &sbom.Document{
		Format: sbom.CycloneDX, SpecVersion: "1.7", Encoding: sbom.JSON,
		ID: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", Revision: "3",
		Created: "2026-01-15T08:00:00Z", CreatedAt: time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC),
		Lifecycles:   []string{"build", "platform-integration"},
		Tools:        []sbom.Tool{{Vendor: "Acme Tools", Name: "builder", Version: "2"}, {Vendor: "Acme Cloud", Name: "signer"}},
		Authors:      []sbom.Party{{Name: "Ada Author", Email: "ada@acme.example", Person: true}},
		Supplier:     sbom.Party{Name: "Acme Medical", URL: "https://acme.example", Email: "psirt@acme.example"},
		Manufacturer: sbom.Party{Name: "Acme Devices"},
		Subject:      &pump,
		Components: []sbom.Component{
			{Ref: "fw", Type: "firmware", Name: "pump-firmware", Version: "7", Parent: sbom.SubjectIndex, Position: at(22, 22)},
			{
				Ref: "log4j", Type: "library", Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "2.14.1",
				PURL: "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
				CPE: []string{
					"cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*", "cpe:2.3:a:apache:log4j-core:2.14.1:*:*:*:*:*:*:*",
				},
				Supplier: sbom.Party{Name: "Apache"},
				Licences: []sbom.Licence{
					{Kind: sbom.LicenceID, Value: "Apache-2.0"},
					{Kind: sbom.LicenceName, Value: "Some other", Concluded: true},
					{Kind: sbom.LicenceExpression, Value: "MIT OR NOASSERTION", Concluded: true},
				},
				Hashes: []sbom.Hash{{Algorithm: "SHA-256", Value: "f498a8ff2dd007e29c2074f5e4b01a9a01775c3ff3aeaf6906ea503bc5791b7b"}},
				Properties: []sbom.Property{
					{Name: "acme:layer", Value: "3"},
					{Name: "acme:layer", Value: "4"},
					{Name: "cdx:fda:level-of-support", Value: "abandoned"},
					{Name: "cdx:fda:end-of-support-date", Value: "2022-01-01"},
					{Name: "cdx:lifecycle:milestone:endOfLife", Value: "2023-01-01"},
					{Name: "cdx:fda:justification", Value: "none given"},
				},
				References: []sbom.Reference{
					{Type: "vcs", URL: "https://git.acme.example/log4j"},
					{Type: "bom", URL: "https://acme.example/log4j.cdx.json"},
				},
				Scope: "required", Parent: sbom.SubjectIndex, DependenciesStated: true, Position: at(26, 5),
				Details: &sbom.Details{
					MorePURL:  []string{"pkg:generic/log4j@2.14.1"},
					SWID:      "log4j-2.14.1",
					SWHID:     []string{"swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"},
					Publisher: sbom.Party{Name: "ASF"},
					Authors:   []sbom.Party{{Name: "Old Author", Person: true}, {Name: "New Author", Person: true}},
					Support:   &sbom.Support{Level: "abandoned", EndOfSupport: "2022-01-01", EndOfLife: "2023-01-01", Justification: "none given"},
					Evidence: []sbom.Evidence{
						{Field: "omniborId", Value: "gitoid:blob:sha1:a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", Confidence: -1},
						{Field: "purl", Value: "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", Confidence: -1},
						{Field: "purl", Value: "pkg:generic/log4j@2.14.1", Confidence: 0.5},
						{Field: "cpe", Value: "cpe:2.3:a:apache:log4j-core:2.14.1:*:*:*:*:*:*:*", Confidence: -1},
						{Field: "hash", Value: "not an identifier", Confidence: -1},
					},
					Pedigree: &sbom.Pedigree{
						Ancestors:   []sbom.Relative{{Group: "g", Name: "no part of it", Version: "1", PURL: "pkg:generic/g/x@1", CPE: "cpe:/a:g:x:1"}},
						Descendants: []sbom.Relative{{Name: "fork"}},
						Variants:    []sbom.Relative{{Name: "twin"}, {Name: "triplet"}},
						Commits:     []string{"7638417db6d59f3c431d3e1f261cc637155684cd", "https://acme.example/commit/2"},
						Patches: []sbom.Patch{
							{Type: "backport", URL: "https://acme.example/1.diff", Resolves: []string{"CVE-2021-44228"}},
							{Type: "unofficial"},
						},
						Notes: "Patched by us.", Modified: true,
					},
				},
			},
			{Ref: "inner", Type: "library", Name: "inner", Version: "1", Parent: 1, DependenciesStated: true, Position: at(73, 9)},
			{
				Ref: "ext", Type: "library", Name: "libcurl", External: true, Supplier: sbom.Party{Unknown: true},
				NoIdentifierStated: true, Parent: sbom.SubjectIndex, Position: at(76, 5),
				Details: &sbom.Details{
					VersionRange: "vers:generic/>=8.7.1|<9",
				},
			},
			{Ref: "aes", Type: "cryptographic-asset", Name: "AES", Parent: sbom.SubjectIndex, Position: at(77, 5)},
		},
		Dependencies: []sbom.Dependency{
			{From: sbom.SubjectIndex, To: 1},
			{From: sbom.SubjectIndex, To: 0},
			{From: 1, To: 2},
			{From: 1, To: 3},
			{From: 1, To: 4, Kind: sbom.Provides},
		},
		Compositions: []sbom.Composition{
			{Aggregate: "incomplete", Refs: []string{"log4j", "pump"}},
			{Aggregate: "complete"},
		},
		ServiceEdges: []sbom.ServiceEdge{{From: "pump", To: "svc"}, {From: "svc", To: "log4j"}, {From: "svc", To: "svc2"}},
		Services: []sbom.Service{
			{
				Ref: "svc", Group: "acme", Name: "telemetry", Version: "9", Provider: sbom.Party{Name: "Acme Cloud"},
				Endpoints:     []string{"https://t.acme.example/v1", "https://t.acme.example/v2"},
				Authenticated: "true", CrossesTrustBoundary: "false", TrustZone: "cloud",
				Data: []string{"outbound PHI", "inbound settings"}, Position: at(80, 5),
			},
			{Name: "inner service", Position: at(84, 20)},
			{Ref: "svc2", Name: "last service", Position: at(86, 5)},
		},
		External: []sbom.ExternalDocument{
			{URI: "https://acme.example/log4j.cdx.json", Hash: sbom.Hash{Algorithm: "MD5", Value: "3942447fac867ae5cdb3229b658f4d48"}, Position: at(65, 9)},
			{URI: "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1", Position: at(88, 26)},
			{URI: "urn:cdx:5b6f8b8d-2a70-4e5d-9f3e-6bdcbb60a2b5/2", Position: at(109, 9)},
		},
		References: []sbom.Reference{{Type: "security-contact", URL: "mailto:psirt@acme.example"}},
		Vulnerabilities: []sbom.Vulnerability{
			{
				ID: "CVE-2021-44228", Aliases: []string{"GHSA-jfh8-c2jp-5v3q"}, Source: "NVD",
				Affects: []string{"log4j", "urn:cdx:5b6f8b8d-2a70-4e5d-9f3e-6bdcbb60a2b5/2#lib"},
				State:   "not_affected", Justification: "code_not_reachable", Response: []string{"will_not_fix", "update"}, Detail: "No lookups.",
				Fixed: []string{"2.17.1", "vers:maven/>=2.18"}, Affected: []string{"2.14.1"},
				Ratings: []sbom.Rating{
					{Severity: "critical", Score: "10.0", Vector: "CVSS:3.1/AV:N", Method: "CVSSv31", Source: "NVD"},
					{Severity: "none", Source: "https://acme.example"},
				},
				Position: at(100, 5),
			},
			{ID: "CVE-2021-45046", Source: "https://osv.dev", Position: at(112, 5)},
		},
		Statements: 2,
		Signatures: []sbom.Signature{{Kind: sbom.JSF, Algorithm: "ES256", KeyID: "key-1", State: sbom.SignatureUnverified, Position: at(114, 16)}},
	}
}

func TestWholeJSON(t *testing.T) {
	text, err := os.ReadFile("testdata/whole.cdx.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeJSON(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole(), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestWholeXML holds the two decoders together: the same document in XML gives
// the same Document but for the places.
func TestWholeXML(t *testing.T) {
	text, err := os.ReadFile("testdata/whole.cdx.xml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeXML(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := whole()
	want.Encoding = sbom.XML
	want.Signatures = []sbom.Signature{{
		Kind: sbom.XMLDSig, Algorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", KeyID: "key-2", State: sbom.SignatureUnverified,
	}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(sbom.Position{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var places []string
	for _, c := range got.All() {
		places = append(places, fmt.Sprintf("%d:%d", c.Position.Line, c.Position.Column))
	}
	if diff := cmp.Diff([]string{"11:5", "14:19", "22:5", "60:19", "72:5", "76:5"}, places); diff != "" {
		t.Errorf("places (-want +got)\n%s", diff)
	}
}

// TestEveryPrefix cuts the documents everywhere: what is cut off is refused,
// with a place, and never half taken.
func TestEveryPrefix(t *testing.T) {
	for _, name := range []string{"whole.cdx.json", "whole.cdx.xml"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		decode := DecodeJSON
		if name == "whole.cdx.xml" {
			decode = DecodeXML
		}
		end := len(text) - 1 // the last line end may be missing
		for cut := range end {
			doc, err := decode(text[:cut:cut], Options{})
			if err == nil || doc != nil {
				t.Fatalf("%s: the first %d of %d bytes were taken", name, cut, len(text))
			}
			var e *sbom.SyntaxError
			if !errors.As(err, &e) || e.Position.IsZero() || e.Remedy == "" || e.Message == "" {
				t.Fatalf("%s cut at %d: error %#v has no place or remedy", name, cut, err)
			}
		}
	}
}
