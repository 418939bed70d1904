// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"slices"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// What hangs on components and on the document: both encodings give it here.

// reference adds an external reference to list if its form allows. One to a
// BOM is also a reference of the document.
func (b *builder) reference(list []sbom.Reference, kind, url string, hashes []sbom.Hash, at int) []sbom.Reference {
	switch {
	case kind == "" && url == "":
		b.defect(sbom.CodeMissing, at, "", "external reference without type and url")
		return list
	case kind == "":
		b.defect(sbom.CodeMissing, at, url, "external reference without type")
	case url == "":
		b.defect(sbom.CodeMissing, at, kind, "external reference without url")
		return list
	case !knownReference(kind):
		b.defect(sbom.CodeValue, at, kind, "type of an external reference is none of CycloneDX's")
	}
	if !isIRI(url) {
		b.defect(sbom.CodeValue, at, url, "url of an external reference holds characters that no URL has")
	}
	if kind == "bom" || isBOMLink(url) {
		var hash sbom.Hash
		if len(hashes) > 0 {
			hash = hashes[0]
		}
		b.external(url, hash, at)
	}
	return append(list, sbom.Reference{Type: kind, URL: url})
}

// documentReferences gives the document its own references; those to a BOM are
// documents that it refers to, and noted as such.
func (b *builder) documentReferences(list []sbom.Reference) {
	for _, r := range list {
		if r.Type != "bom" {
			b.doc.References = append(b.doc.References, r)
		}
	}
}

// openService begins a service and returns its index: its place among the
// others is that of its beginning. It is false when there are too many.
func (b *builder) openService(at int) (int, bool) {
	n := len(b.doc.Services)
	if n >= b.most() {
		b.tooMany("services", n, at)
		return 0, false
	}
	b.doc.Services = append(b.doc.Services, sbom.Service{Position: offset(at)})
	return n, true
}

// closeService puts a service as read in the place that openService gave it.
func (b *builder) closeService(index int, s *sbom.Service, at int) {
	if s.Name == "" {
		b.defect(sbom.CodeMissing, at, s.Ref, "service has no name")
	}
	b.carry(s.Ref, isService, at)
	s.Position = offset(at)
	b.doc.Services[index] = *s
}

// serviceData takes up one entry of a service's data.
func (b *builder) serviceData(s *sbom.Service, flow, classification string, at int) {
	switch {
	case flow == "":
		b.defect(sbom.CodeMissing, at, classification, "data of a service without flow")
	case !knownFlow(flow):
		b.defect(sbom.CodeValue, at, flow, "flow of a service's data is none of CycloneDX's")
	}
	if classification == "" {
		b.defect(sbom.CodeMissing, at, flow, "data of a service without classification")
	}
	if data := strings.TrimSpace(flow + " " + classification); data != "" {
		s.Data = append(s.Data, data)
	}
}

// truth checks the text of an XML boolean, and writes it as JSON does.
func (b *builder) truth(s, what string, at int) string {
	switch s {
	case "true", "1":
		return "true"
	case "false", "0":
		return "false"
	}
	b.defect(sbom.CodeType, at, s, "%s is neither true nor false", what)
	return ""
}

// maxStatements bounds the vulnerabilities that are kept of one document.
const maxStatements = 100_000

// vulnerability adds what the document says of a vulnerability.
func (b *builder) vulnerability(v *sbom.Vulnerability, ref string, at int) {
	if b.doc.Statements++; b.doc.Statements > maxStatements {
		if b.doc.Statements == maxStatements+1 {
			b.defect(sbom.CodeValue, at, v.ID, "more than %d vulnerabilities; from here on they are counted and not kept", maxStatements)
		}
		return
	}
	b.carry(ref, "vulnerability", at)
	v.Position = offset(at)
	b.doc.Vulnerabilities = append(b.doc.Vulnerabilities, *v)
}

// setState checks the words of an analysis.
func (b *builder) setState(v *sbom.Vulnerability, s string, at int) {
	if !knownState(s) {
		b.defect(sbom.CodeValue, at, s, "state of an analysis is none of CycloneDX's")
	}
	v.State = s
}

func (b *builder) setJustification(v *sbom.Vulnerability, s string, at int) {
	if !knownJustification(s) {
		b.defect(sbom.CodeValue, at, s, "justification of an analysis is none of CycloneDX's")
	}
	v.Justification = s
}

func (b *builder) setResponse(v *sbom.Vulnerability, s string, at int) {
	if !knownResponse(s) {
		b.defect(sbom.CodeValue, at, s, "response of an analysis is none of CycloneDX's")
	}
	v.Response = append(v.Response, s)
}

// alias takes up one entry of a vulnerability's references.
func (b *builder) alias(v *sbom.Vulnerability, id string, at int) {
	if id == "" {
		b.defect(sbom.CodeMissing, at, v.ID, "reference of a vulnerability has no id")
		return
	}
	v.Aliases = append(v.Aliases, id)
}

// affect takes up one element that a vulnerability speaks of.
func (b *builder) affect(v *sbom.Vulnerability, ref string, at int) {
	if ref == "" {
		b.defect(sbom.CodeMissing, at, v.ID, "entry of affects has no ref")
		return
	}
	b.refer(ref, "vulnerability", at)
	v.Affects = append(v.Affects, ref)
}

// affected takes up one entry of affects.versions: version or range, and status.
func (b *builder) affected(v *sbom.Vulnerability, version, vers, status string, at int) {
	switch {
	case version == "" && vers == "":
		b.defect(sbom.CodeMissing, at, status, "affected version has neither version nor range")
		return
	case version != "" && vers != "":
		b.defect(sbom.CodeContradict, at, vers, "affected version has a version and a range")
	}
	if version == "" {
		version = vers
	}
	list := &v.Affected
	switch status {
	case "", "affected": // bom-1.4.schema.json: "default": "affected"
	case "unaffected":
		list = &v.Fixed
	case "unknown":
		return
	default:
		b.defect(sbom.CodeValue, at, status, "status of an affected version is none of CycloneDX's")
		return
	}
	if !slices.Contains((*list)[max(0, len(*list)-maxIdentities):], version) {
		*list = append(*list, version)
	}
}

// maxRatings bounds the ratings that are kept of one vulnerability.
const maxRatings = 16

// rating takes up one entry of a vulnerability's ratings.
func (b *builder) rating(v *sbom.Vulnerability, r sbom.Rating, at int) {
	switch {
	case r == (sbom.Rating{}):
	case len(v.Ratings) == maxRatings:
		b.defect(sbom.CodeValue, at, r.Vector, "vulnerability has more than %d ratings; this one is not kept", maxRatings)
	default:
		v.Ratings = append(v.Ratings, r)
	}
}

func (b *builder) setSeverity(r *sbom.Rating, s string, at int) {
	if !knownSeverity(s) {
		b.defect(sbom.CodeValue, at, s, "severity of a rating is none of CycloneDX's")
	}
	r.Severity = s
}

func (b *builder) setMethod(r *sbom.Rating, s string, at int) {
	if !knownMethod(s) {
		b.defect(sbom.CodeValue, at, s, "method of a rating is none of CycloneDX's")
	}
	r.Method = s
}

// identity takes up one entry of evidence.identity.
func (b *builder) identity(c *sbom.Component, ids *identities, of, concluded, confidence string, at int) {
	switch {
	case of == "":
		b.defect(sbom.CodeMissing, at, concluded, "identity in the evidence of component %s has no field", describe(c))
	case !knownIdentity(of):
		b.defect(sbom.CodeValue, at, of, "field of an identity is none of CycloneDX's")
	}
	e := sbom.Evidence{Field: of, Value: concluded, Confidence: -1}
	if confidence != "" {
		f, err := strconv.ParseFloat(confidence, 32)
		if err != nil || !(f >= 0 && f <= 1) {
			b.defect(sbom.CodeValue, at, confidence, "confidence of an identity is no number from 0 to 1")
		} else {
			e.Confidence = float32(f)
		}
	}
	ids.add(of, concluded)
	if of != "" || concluded != "" {
		one := [1]sbom.Evidence{e}
		c.Detail().Evidence = b.evidences.Join(c.Evidence(), one[:])
	}
}

// omnibor takes an OmniBOR artifact identifier for an identity.
func (b *builder) omnibor(c *sbom.Component, id string) {
	one := [1]sbom.Evidence{{Field: "omniborId", Value: id, Confidence: -1}}
	c.Detail().Evidence = b.evidences.Join(c.Evidence(), one[:])
}

// relative adds a component of a pedigree to list.
func (b *builder) relative(list []sbom.Relative, r sbom.Relative, kind, ref string, at int, ids *identities) []sbom.Relative {
	if ref != "" {
		ids.kin = append(ids.kin, carrier{ref: ref, what: "component in a pedigree", at: at})
	}
	if kind == "" {
		b.defect(sbom.CodeMissing, at, r.Name, "component in a pedigree has no type")
	} else if !knownType(kind) {
		b.defect(sbom.CodeValue, at, kind, "component type is none of CycloneDX's")
	}
	if r.Name == "" {
		b.defect(sbom.CodeMissing, at, ref, "component in a pedigree has no name")
	}
	if r.PURL != "" && !notation.IsUnknown(r.PURL) {
		if fault := notation.PURLFault(r.PURL); fault != "" {
			b.defect(sbom.CodePURL, at, r.PURL, "package URL of a component in a pedigree: %s", fault)
		}
	}
	if r == (sbom.Relative{}) {
		return list
	}
	return append(list, r)
}

// patch adds a patch of a pedigree.
func (b *builder) patch(p *sbom.Pedigree, one sbom.Patch, at int) {
	if one.Type == "" {
		b.defect(sbom.CodeMissing, at, one.URL, "patch has no type")
	} else if !knownPatch(one.Type) {
		b.defect(sbom.CodeValue, at, one.Type, "type of a patch is none of CycloneDX's")
	}
	p.Patches = append(p.Patches, one)
}

// issue gives a patch what it resolves.
func (b *builder) issue(p *sbom.Patch, kind, id string, at int) {
	switch kind {
	case "defect", "enhancement", "security":
	case "":
		b.defect(sbom.CodeMissing, at, id, "issue has no type")
	default:
		b.defect(sbom.CodeValue, at, kind, "type of an issue is none of CycloneDX's")
	}
	if id != "" {
		p.Resolves = append(p.Resolves, id)
	}
}

// checkSWID checks what an ISO/IEC 19770-2 tag must have.
func (b *builder) checkSWID(tag, name string, at int) {
	if tag == "" {
		b.defect(sbom.CodeMissing, at, name, "swid has no tagId")
	}
	if name == "" {
		b.defect(sbom.CodeMissing, at, tag, "swid has no name")
	}
}

// setPedigree gives a component its pedigree if that says anything.
func setPedigree(c *sbom.Component, p *sbom.Pedigree) {
	if len(p.Ancestors)+len(p.Descendants)+len(p.Variants)+len(p.Commits)+len(p.Patches) > 0 || p.Notes != "" {
		c.Detail().Pedigree = p
	}
}

// setModified notes that a component is said to have been changed.
func setModified(c *sbom.Component) {
	d := c.Detail()
	if d.Pedigree == nil {
		d.Pedigree = new(sbom.Pedigree)
	}
	d.Pedigree.Modified = true
}

// addSignature adds one signature of the document, not verified here.
func (b *builder) addSignature(kind sbom.SignatureKind, algorithm, key string, at int) {
	b.doc.Signatures = append(b.doc.Signatures, sbom.Signature{
		Kind: kind, Algorithm: algorithm, KeyID: key, State: sbom.SignatureUnverified, Position: offset(at),
	})
}

// signed checks what a JSF signature must have, and adds it.
func (b *builder) signed(algorithm, key, value string, at int) {
	switch {
	case algorithm == "":
		b.defect(sbom.CodeMissing, at, key, "signature has no algorithm")
	case !knownSignature(algorithm) && !strings.Contains(algorithm, ":"):
		b.defect(sbom.CodeValue, at, algorithm, "algorithm of a signature is none of JSF's, nor a URI")
	}
	if value == "" {
		b.defect(sbom.CodeMissing, at, key, "signature has no value")
	}
	b.addSignature(sbom.JSF, algorithm, key, at)
}

// citation checks what a citation must have (bom-1.7, citation).
func (b *builder) citation(pointers, expressions, attributed, process bool, at int) {
	if pointers == expressions {
		b.defect(sbom.CodeContradict, at, "", "citation must have pointers or expressions, and not both")
	}
	if !attributed && !process {
		b.defect(sbom.CodeMissing, at, "", "citation has neither attributedTo nor process")
	}
}

// support adds what properties say of support to s, which is nil if nothing was said yet.
func support(s *sbom.Support, list []sbom.Property) *sbom.Support {
	for i := range list {
		s, _ = sbom.SupportProperty(s, list[i].Name, list[i].Value)
	}
	return s
}
