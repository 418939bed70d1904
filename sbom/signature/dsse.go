// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"crypto"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/sbom"
)

// Envelope opens a DSSE envelope, or a Sigstore bundle around one, and verifies
// its signatures. The payload is what was signed; places in it are its own. An
// envelope without any signature gives none: it is not signed.
//
// The key id of an envelope is a hint that nobody has signed: a signature that
// fits any trusted key is trusted. That of a bundle is the hint in its
// verification material. A bundle with a certificate of Sigstore's stays
// unverified even if it fits, for whose the certificate is only Sigstore's trust
// root tells; if it does not fit, it fails.
//
// The error is an [*Error] if a signature fails, a [*sbom.SyntaxError] if the
// text is no envelope or over a limit.
func Envelope(envelope []byte, trusted []Key) (payloadType string, payload []byte, sigs []sbom.Signature, err error) {
	r := jsonpull.New(envelope, jsonLimits(envelope))
	var e dsseEnvelope
	e.read(r, true)
	lines := sbom.NewLines(envelope)
	if err := r.End(); err != nil {
		return "", nil, nil, syntaxError(envelope, err)
	}
	if e.wrong != "" {
		return "", nil, nil, &sbom.SyntaxError{Position: lines.At(e.wrongAt), Message: "the envelope cannot be opened: " + e.wrong, Remedy: remedyAgain}
	}
	signed, payload, ok := pae(e.payloadType, e.payload)
	if !ok {
		return "", nil, nil, &sbom.SyntaxError{Position: lines.At(e.payloadAt), Message: "the envelope cannot be opened: payload is not Base64", Remedy: remedyAgain}
	}
	spent := &work{left: maxHashed}
	m := &message{bytes: signed, work: spent}
	claims := make([]claim, len(e.signatures))
	for i := range e.signatures {
		if claims[i], err = e.claim(&e.signatures[i], m); err != nil {
			failure := unreadable("%s", err)
			failure.Position = lines.At(e.signatures[i].at)
			return "", nil, nil, failure
		}
	}
	if sigs, err = judgeAll(claims, trusted, spent, lines); err != nil {
		return "", nil, nil, err
	}
	return e.payloadType, payload, sigs, nil
}

// pae is what an envelope's signatures are over: DSSE's pre-authentication
// encoding. The payload is decoded into its place at the end of it.
func pae(payloadType, encoded string) (signed, payload []byte, ok bool) {
	const version = "DSSEv1 "
	room := len(version) + 20 + 1 + len(payloadType) + 1 + 20 + 1
	buf, ok := decodeBase64(make([]byte, room, room+len(encoded)), encoded)
	if !ok {
		return nil, nil, false
	}
	head := version + strconv.Itoa(len(payloadType)) + " " + payloadType + " " + strconv.Itoa(len(buf)-room) + " "
	signed = buf[room-len(head):]
	copy(signed, head)
	return signed, buf[room:], true
}

// A dsseEnvelope is an envelope as read, with what a bundle has around it.
type dsseEnvelope struct {
	payloadType, payload string
	payloadAt            int
	signatures           []envelopeSignature

	bundle      bool
	hint        string // of the public key
	certificate string // of Sigstore's, in Base64

	wrong   string
	wrongAt int
}

type envelopeSignature struct {
	at         int
	keyID, sig string
	wrong      string
}

func (e *dsseEnvelope) fault(at int, format string, args ...any) {
	if e.wrong == "" {
		e.wrong, e.wrongAt = fmt.Sprintf(format, args...), at
	}
}

// read reads the next value as an envelope or, if outer, a bundle.
func (e *dsseEnvelope) read(r *jsonpull.Reader, outer bool) {
	at := r.Offset()
	if !r.Object() {
		e.fault(at, "it is not an object")
		return
	}
	seen := map[string]bool{}
	for r.Key() {
		name := r.Name()
		switch name {
		case "payload", "payloadType", "signatures", "dsseEnvelope", "verificationMaterial", "mediaType", "messageSignature":
			// Of two payloads nobody could say which is meant.
			if seen[name] {
				e.fault(r.NameOffset(), "%s occurs twice", name)
			}
			seen[name] = true
		}
		switch {
		case name == "payload":
			e.payloadAt = r.Offset()
			e.payload = e.text(r, name)
		case name == "payloadType":
			e.payloadType = e.text(r, name)
		case name == "signatures":
			e.readSignatures(r)
		case outer && name == "mediaType":
			e.bundle = strings.Contains(e.text(r, name), "dev.sigstore.bundle") || e.bundle
		case outer && name == "dsseEnvelope":
			e.bundle = true
			e.read(r, false)
		case outer && name == "verificationMaterial":
			e.readMaterial(r)
		case outer && name == "messageSignature":
			e.fault(r.NameOffset(), "the bundle holds the signature of another file, not the file; give that file")
			r.Skip()
		default:
			r.Skip()
		}
	}
	switch {
	case outer && seen["dsseEnvelope"] && (seen["payload"] || seen["signatures"]):
		e.fault(at, "it is an envelope and a bundle at once")
	case outer && seen["dsseEnvelope"]:
	case !seen["payload"]:
		e.fault(at, "payload is missing")
	case !seen["payloadType"]:
		e.fault(at, "payloadType is missing")
	}
}

func (e *dsseEnvelope) text(r *jsonpull.Reader, name string) string {
	at := r.Offset()
	s, ok := r.String()
	if !ok {
		e.fault(at, "%s is not a string", name)
	}
	return s
}

func (e *dsseEnvelope) readSignatures(r *jsonpull.Reader) {
	at := r.Offset()
	if !r.Array() {
		e.fault(at, "signatures is not a list")
		return
	}
	for r.Item() {
		s := envelopeSignature{at: r.Offset()}
		if len(e.signatures) == maxSignatures {
			e.fault(s.at, "more than %d signatures", maxSignatures)
			r.Skip()
			continue
		}
		s.read(r)
		e.signatures = append(e.signatures, s)
	}
}

func (s *envelopeSignature) read(r *jsonpull.Reader) {
	if !r.Object() {
		s.wrong = "it is not an object"
		return
	}
	seen := map[string]bool{}
	for r.Key() {
		name := r.Name()
		var to *string
		switch name {
		case "sig":
			to = &s.sig
		case "keyid":
			to = &s.keyID
		default:
			r.Skip()
			continue
		}
		if seen[name] {
			s.wrong = name + " occurs twice"
		}
		seen[name] = true
		null := r.Kind() == jsonpull.Null
		var ok bool
		if *to, ok = r.String(); !ok && !null {
			s.wrong = name + " is not a string"
		}
	}
}

// readMaterial reads what a bundle says of its key: publicKey with a hint,
// certificate (bundle 0.3), or x509CertificateChain (0.1, 0.2), whose first is
// that of the key.
func (e *dsseEnvelope) readMaterial(r *jsonpull.Reader) {
	if !r.Object() {
		return
	}
	for r.Key() {
		switch r.Name() {
		case "publicKey":
			readMember(r, "hint", func() { e.hint, _ = r.String() })
		case "certificate":
			readMember(r, "rawBytes", func() { e.certificate = e.text(r, "rawBytes") })
		case "x509CertificateChain":
			readMember(r, "certificates", func() {
				if !r.Array() {
					return
				}
				for n := 0; r.Item(); n++ {
					if n > 0 {
						r.Skip()
						continue
					}
					readMember(r, "rawBytes", func() { e.certificate = e.text(r, "rawBytes") })
				}
			})
		default:
			r.Skip()
		}
	}
}

// readMember reads one member of the object that is next.
func readMember(r *jsonpull.Reader, name string, read func()) {
	if !r.Object() {
		return
	}
	for r.Key() {
		if r.Name() == name {
			read()
		} else {
			r.Skip()
		}
	}
}

func (e *dsseEnvelope) claim(s *envelopeSignature, m *message) (claim, error) {
	c := claim{kind: sbom.DSSE, keyID: s.keyID, offset: s.at}
	if e.bundle {
		c.kind = sbom.Sigstore
		if c.keyID == "" {
			c.keyID = e.hint
		}
	}
	switch {
	case s.wrong != "":
		return c, errors.New(s.wrong)
	case s.sig == "":
		return c, errors.New("sig is missing")
	}
	sig, ok := decodeBase64(nil, s.sig)
	if !ok {
		return c, errors.New("sig is not Base64")
	}
	if e.certificate != "" {
		der, ok := decodeBase64(nil, e.certificate)
		if !ok {
			return c, errors.New("the certificate is not Base64")
		}
		carried, err := certificateKey(der)
		if err == nil {
			err = usable(carried)
		}
		var u unsupported
		switch {
		case errors.As(err, &u):
			c.hindrance = "it carries a key that is not used: " + u.Error()
		case err != nil:
			return c, fmt.Errorf("the certificate: %w", err)
		default:
			c.carried, c.keyless = carried, true
		}
	}
	c.fits = func(public crypto.PublicKey) bool {
		for _, s := range envelopeSchemes(public) {
			if s.verify(public, m, sig) {
				return true
			}
		}
		return false
	}
	return c, nil
}
