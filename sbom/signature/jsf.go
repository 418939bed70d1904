// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// maxSignatures bounds the signatures of one document.
const maxSignatures = 64

// maxExcludes bounds the members that a signature may leave out. JSF has those of
// the document, of which CycloneDX has not so many.
const maxExcludes = 64

const (
	signatureName = "signature"
	signersName   = "signers"
	chainName     = "chain"
	valueName     = "value"
	excludesName  = "excludes"
)

// JSF verifies the signatures in the member "signature" of a JSON document,
// which is what Document.Signatures of CycloneDX JSON are to be replaced with.
// The text is that of the whole document; it is read twice, so call it only if
// the decoder has met a signature. There are no signatures if the member is
// absent or null.
//
// The error is an [*Error] if a signature fails, a [*sbom.SyntaxError] if the
// text is not JSON or over a limit.
func JSF(text []byte, trusted []Key) ([]sbom.Signature, error) {
	found, err := findJSF(text)
	if err != nil {
		return nil, syntaxError(text, err)
	}
	if found == nil {
		return nil, nil
	}
	lines := sbom.NewLines(text)
	if found.count() > maxSignatures {
		return nil, &sbom.SyntaxError{
			Position: lines.At(found.at), Message: fmt.Sprintf("more than %d signatures", maxSignatures),
			Remedy: "ask the sender for the file with the signatures that matter",
		}
	}
	o, ambiguous := newOutline(text)
	if ambiguous != nil {
		reason := ambiguous.sentence(lines)
		signatures := make([]sbom.Signature, 0, found.count())
		for _, s := range found.signers() {
			signatures = append(signatures, sbom.Signature{
				Kind: sbom.JSF, Algorithm: s.algorithm, KeyID: s.id(),
				State: sbom.SignatureUnverified, Reason: reason, Position: lines.At(s.at),
			})
		}
		return signatures, nil
	}
	return found.verify(o, trusted, &work{left: maxHashed}, lines)
}

func (f *jsf) verify(o *outline, trusted []Key, spent *work, lines *sbom.Lines) ([]sbom.Signature, error) {
	if f.wrong != "" {
		failure := unreadable("%s", f.wrong)
		failure.Position = lines.At(f.at)
		return nil, failure
	}
	signers := f.signers()
	claims := make([]claim, len(signers))
	p := newPieces(o, f)
	for i := range signers {
		var err error
		if claims[i], err = f.claim(&signers[i], i, p, spent); err != nil {
			failure := unreadable("%s", err)
			failure.Position = lines.At(signers[i].at)
			return nil, failure
		}
	}
	return judgeAll(claims, trusted, spent, lines)
}

// jsf is the member "signature" of a document.
type jsf struct {
	signer          // the one signature, or what stands beside a list of them
	list   []signer // of signers or chain
	name   string   // signersName, chainName, or "" if it is one signature
}

// A signer is one signature (JSF: signaturecore).
type signer struct {
	at               int
	algorithm, keyID string
	value            string
	public           *jwk
	certificate      string // the first of certificatePath
	excludes         []string
	extensions       bool
	has              [4]bool // algorithm, value, certificatePath, excludes
	wrong            string  // what cannot be read, "" if nothing
}

const (
	hasAlgorithm = iota
	hasValue
	hasCertificate
	hasExcludes
)

func (f *jsf) count() int { return len(f.signers()) }

func (f *jsf) signers() []signer {
	if f.name == "" {
		return []signer{f.signer}
	}
	return f.list
}

// id is the key id, or that inside the key, where some tools put it.
func (s *signer) id() string {
	if s.keyID == "" && s.public != nil {
		return s.public.kid
	}
	return s.keyID
}

// findJSF finds the signature in a document; of two, the first.
func findJSF(text []byte) (*jsf, *jsonpull.Error) {
	r := jsonpull.New(text, jsonLimits(text))
	var found *jsf
	if !r.Object() {
		return nil, r.End()
	}
	for r.Key() {
		if r.Name() != signatureName || found != nil || r.Kind() == jsonpull.Null {
			r.Skip()
			continue
		}
		found = readJSF(r)
	}
	return found, r.End()
}

func readJSF(r *jsonpull.Reader) *jsf {
	f := &jsf{}
	f.at = r.Offset()
	f.read(r, func(name string) bool {
		if name != signersName && name != chainName {
			return false
		}
		if f.name != "" {
			f.fault("both %s and %s", signersName, chainName)
		}
		f.name = name
		if !r.Array() {
			f.fault("%s is not a list", name)
			return true
		}
		for r.Item() {
			if len(f.list) > maxSignatures {
				r.Skip()
				continue
			}
			s := signer{at: r.Offset()}
			s.read(r, func(string) bool { return false })
			f.list = append(f.list, s)
		}
		return true
	})
	switch {
	case f.name == "":
	case len(f.list) == 0:
		f.fault("%s is empty", f.name)
	case f.has[hasAlgorithm] || f.has[hasValue]:
		f.fault("a signature beside a list of them")
	}
	return f
}

func (s *signer) fault(format string, args ...any) {
	if s.wrong == "" {
		s.wrong = fmt.Sprintf(format, args...)
	}
}

// read reads the next value; other reads the members that it knows itself.
func (s *signer) read(r *jsonpull.Reader, other func(name string) bool) {
	if r.Kind() != jsonpull.Object {
		s.fault("it is %s, not an object", r.Kind())
		r.Skip()
		return
	}
	text := func(to *string, name string) {
		var ok bool
		if *to, ok = r.String(); !ok {
			s.fault("%s is not a string", name)
		}
	}
	r.Object()
	for r.Key() {
		switch name := r.Name(); name {
		case "algorithm":
			s.has[hasAlgorithm] = true
			text(&s.algorithm, name)
		case "keyId":
			text(&s.keyID, name)
		case valueName:
			s.has[hasValue] = true
			text(&s.value, name)
		case "publicKey":
			k := readJWK(r, true)
			s.public = &k
		case "certificatePath":
			s.has[hasCertificate] = true
			if !r.Array() {
				s.fault("certificatePath is not a list")
				continue
			}
			for n := 0; r.Item(); n++ {
				if n > 0 {
					r.Skip()
					continue
				}
				text(&s.certificate, "certificatePath[0]")
			}
		case excludesName:
			s.has[hasExcludes] = true
			if !r.Array() {
				s.fault("excludes is not a list")
				continue
			}
			for r.Item() {
				if len(s.excludes) == maxExcludes {
					s.fault("excludes names more than %d members", maxExcludes)
					r.Skip()
					continue
				}
				var member string
				text(&member, "a name in excludes")
				s.excludes = append(s.excludes, member)
			}
		case "extensions":
			s.extensions = true
			r.Skip()
		default:
			if !other(name) {
				r.Skip()
			}
		}
	}
}

// claim makes the i-th signature ready to be judged.
func (f *jsf) claim(s *signer, i int, p *pieces, spent *work) (claim, error) {
	c := claim{kind: sbom.JSF, algorithm: s.algorithm, keyID: s.id(), offset: s.at}
	switch {
	case s.wrong != "":
		return c, errors.New(s.wrong)
	case s.algorithm == "":
		return c, errors.New("algorithm is missing")
	case s.value == "":
		return c, errors.New("value is missing")
	case slices.Contains(s.excludes, signatureName) || slices.Contains(f.excludes, signatureName):
		return c, errors.New("excludes names the signature itself")
	}
	value, ok := decodeBase64(nil, s.value)
	if !ok {
		return c, errors.New("value is not Base64url")
	}
	var sch scheme
	sch, c.hindrance = schemeOf(s.algorithm)
	var carried crypto.PublicKey
	var err error
	if c.hindrance == "" {
		carried, err = s.carried()
	}
	var u unsupported
	switch {
	case errors.As(err, &u):
		c.hindrance = "it carries a key that is not used: " + u.Error()
	case err != nil:
		return c, err
	default:
		c.carried = carried
	}
	switch {
	case f.name != "" && s.has[hasExcludes]:
		c.hindrance = "excludes stands inside one signature of several, where JSF does not have it"
	case len(f.excludes) > 0:
		c.lacks = leftOut(f.excludes)
	case f.extensions || s.extensions:
		c.lacks = "it depends on extensions of JSF, which are not understood"
	}
	var m *message
	c.fits = func(public crypto.PublicKey) bool {
		if !sch.suits(public) {
			return false
		}
		if m == nil {
			m = &message{bytes: p.message(i), work: spent}
		}
		return sch.verify(public, m, value)
	}
	return c, nil
}

// carried is the key that the signature brings, nil if it brings none.
func (s *signer) carried() (crypto.PublicKey, error) {
	var key, certified crypto.PublicKey
	var err error
	if s.public != nil {
		if key, err = s.public.key(); err != nil {
			return nil, wrapKey("publicKey", err)
		}
	}
	if s.has[hasCertificate] {
		der, ok := decodeBase64(nil, s.certificate)
		if !ok || len(der) == 0 {
			return nil, errors.New("certificatePath[0] is not a certificate in Base64url")
		}
		if certified, err = certificateKey(der); err != nil {
			return nil, wrapKey("certificatePath[0]", err)
		}
		if err := usable(certified); err != nil {
			return nil, err
		}
	}
	switch {
	case key == nil:
		return certified, nil
	case certified != nil && !(Key{public: key}).holds(certified):
		return nil, errors.New("publicKey and certificatePath hold different keys")
	default:
		return key, nil
	}
}

// wrapKey says where a key is wrong; what is unsupported stays so.
func wrapKey(name string, err error) error {
	if u, ok := errors.AsType[unsupported](err); ok {
		return u
	}
	return fmt.Errorf("%s: %w", name, err)
}

// leftOut says which members of the document a signature does not cover.
func leftOut(members []string) string {
	const most = 3
	names := make([]string, 0, most)
	for _, m := range members[:min(len(members), most)] {
		names = append(names, fmt.Sprintf("%q", notation.Short(m)))
	}
	more := ""
	if len(members) > most {
		more = fmt.Sprintf(" and %d more", len(members)-most)
	}
	return "it leaves out " + strings.Join(names, ", ") + more + ": what stands there, anybody may have written"
}
