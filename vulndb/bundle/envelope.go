// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/signature"
	"github.com/medsbom/medsbom/vulndb"
)

type dsseEnvelope struct {
	PayloadType string          `json:"payloadType"`
	Payload     string          `json:"payload"`
	Signatures  []dsseSignature `json:"signatures"`
}

type dsseSignature struct {
	KeyID string `json:"keyid"`
	Sig   string `json:"sig"`
}

// seal signs a manifest.
func seal(m *Manifest, keys []SigningKey) ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("writing the manifest: %w", err)
	}
	// DSSE's pre-authentication encoding.
	signed := "DSSEv1 " + strconv.Itoa(len(PayloadType)) + " " + PayloadType + " " + strconv.Itoa(len(body)) + " " + string(body)
	e := dsseEnvelope{PayloadType: PayloadType, Payload: base64.StdEncoding.EncodeToString(body)}
	for _, k := range keys {
		e.Signatures = append(e.Signatures, dsseSignature{k.id, base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, []byte(signed)))})
	}
	text, err := json.Marshal(&e)
	if err != nil {
		return nil, fmt.Errorf("writing the envelope: %w", err)
	}
	if len(text) > MaxEnvelope {
		return nil, fmt.Errorf("the signed manifest has %d bytes, more than %d", len(text), MaxEnvelope)
	}
	return text, nil
}

// unseal verifies an envelope and reads its manifest. signer is the name of the
// trusted key that fits.
func unseal(name string, envelope []byte, trust []signature.Key) (m *Manifest, signer string, err error) {
	refuse := func(r Refusal, remedy, format string, args ...any) (*Manifest, string, error) {
		return nil, "", &Error{Name: name, Refusal: r, Problem: fmt.Sprintf(format, args...), Remedy: remedy}
	}
	payloadType, body, signatures, err := signature.Envelope(envelope, trust)
	if failed, ok := errors.AsType[*signature.Error](err); ok {
		return refuse(NotTrusted, remedyKey, "it is not signed by a trusted key: %s", failed.Reason)
	}
	if err != nil {
		return refuse(Damaged, remedyAgain, "its signed manifest cannot be read: %v", err)
	}
	i := slices.IndexFunc(signatures, func(s sbom.Signature) bool { return s.State == sbom.SignatureTrusted })
	switch {
	case len(signatures) == 0:
		return refuse(NotTrusted, "ask the publisher for a signed one", "it is not signed at all")
	case i < 0:
		return refuse(NotTrusted, remedyKey, "it is not signed by a trusted key: %s", signatures[0].Reason)
	case payloadType != PayloadType:
		return refuse(NotTrusted, remedyBroken, "what is signed in it is a %q, no database", payloadType)
	}
	m = new(Manifest)
	if err := json.Unmarshal(body, m); err != nil {
		return refuse(NotAcceptable, remedyBroken, "its manifest cannot be read: %v", err)
	}
	if m.Format != Format {
		return refuse(NewerFormat, remedyUpdate, "its manifest has format %d, this program reads %d", m.Format, Format)
	}
	if m.Database.Kind != vulndb.KindFull {
		return refuse(NotAcceptable, "take a bundle of a full database", "it holds a database of kind %q, which cannot say that a product is good", m.Database.Kind)
	}
	if problem := m.problem(); problem != "" {
		return refuse(NotAcceptable, remedyBroken, "its manifest contradicts itself: %s", problem)
	}
	return m, signatures[i].Key, nil
}

// problem says what cannot be in a manifest, "" if there is nothing.
func (m *Manifest) problem() string {
	digest := func(s string) bool {
		b, err := hex.DecodeString(s)
		return err == nil && len(b) == 32 && s == strings.ToLower(s)
	}
	switch {
	case m.Payload.Encoding != zstdName:
		return fmt.Sprintf("its payload is packed by %q", m.Payload.Encoding)
	case m.Database.Size <= 0 || m.Payload.Size <= 0:
		return "it names no size"
	case !digest(m.Database.Digest) || !digest(m.Database.SHA256) || !digest(m.Payload.SHA256):
		return "a digest is none"
	case m.Serial <= 0:
		return "it names no serial"
	case len(m.Feeds) == 0:
		return "it names no feed"
	}
	for i, f := range m.Feeds {
		if f.Name == "" || i > 0 && m.Feeds[i-1].Name >= f.Name {
			return "its feeds do not stand in order"
		}
	}
	return ""
}
