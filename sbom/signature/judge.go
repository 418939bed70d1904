// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"crypto"
	"fmt"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// State is what the signatures of a document prove together: the best of their
// states, since none of them fails. It is "" if there are none.
func State(signatures []sbom.Signature) sbom.SignatureState {
	rank := map[sbom.SignatureState]int{sbom.SignatureUnverified: 1, sbom.SignatureIntact: 2, sbom.SignatureTrusted: 3}
	var best sbom.SignatureState
	for _, s := range signatures {
		if rank[s.State] > rank[best] {
			best = s.State
		}
	}
	return best
}

// A claim is one signature, ready to be judged by the rules of the package
// comment.
type claim struct {
	kind      sbom.SignatureKind
	algorithm string
	keyID     string
	offset    int

	carried   crypto.PublicKey // the key that it brings; nil if none
	hindrance string           // why it cannot be verified by any key; "" if it can
	keyless   bool             // what it carries is a certificate of Sigstore's
	lacks     string           // what it does not vouch for, though it may fit
	fits      func(crypto.PublicKey) bool
}

// A verdict is what became of a claim.
type verdict struct {
	signature sbom.Signature
	// Adrift is set if it fits no trusted key and does not say whose it is:
	// that fails the document unless another signature is trusted.
	adrift bool
}

func judge(c claim, trusted []Key) (verdict, *Error) {
	s := sbom.Signature{Kind: c.kind, Algorithm: c.algorithm, KeyID: c.keyID, State: sbom.SignatureUnverified}
	named := ""
	for _, k := range trusted {
		if k.named(c.keyID) {
			named = k.Name
			break
		}
	}
	if named == "" && c.hindrance != "" {
		s.Reason = c.hindrance
		return verdict{signature: s}, nil
	}
	if c.hindrance == "" {
		if c.carried != nil && !c.fits(c.carried) {
			return verdict{}, &Error{Reason: "the signature does not fit the key that it carries: the document is not the one that was signed", Remedy: remedyAgain}
		}
		for _, k := range trusted {
			// One that fits its own key fits no other: it need not be hashed again.
			if c.carried != nil && k.holds(c.carried) || c.carried == nil && c.fits(k.public) {
				s.State, s.Key = sbom.SignatureTrusted, k.Name
				return verdict{signature: c.lacking(s)}, nil
			}
		}
	}
	adrift := false
	switch {
	case named != "" && c.carried != nil && c.hindrance == "":
		return verdict{}, &Error{Reason: fmt.Sprintf("the signature says that it is made with the trusted key %q, and is made with another", named), Remedy: remedyKey}
	case named != "":
		return verdict{}, &Error{Reason: fmt.Sprintf("the signature says that it is made with the trusted key %q, and does not fit it", named), Remedy: remedyKey}
	case c.keyless:
		s.Reason = reasonKeyless
	case c.carried != nil:
		s.State, s.Reason = sbom.SignatureIntact, reasonUnknown
	case len(trusted) == 0:
		s.Reason = reasonNoKey
	case c.keyID != "":
		s.Reason = fmt.Sprintf("its key %q is not among the trusted ones", notation.Short(c.keyID))
	default:
		s.Reason, adrift = reasonNone, true
	}
	return verdict{signature: c.lacking(s), adrift: adrift}, nil
}

// lacking takes back what a signature proves that does not cover everything.
func (c claim) lacking(s sbom.Signature) sbom.Signature {
	if c.lacks != "" && s.State != sbom.SignatureUnverified {
		s.State, s.Key, s.Reason = sbom.SignatureUnverified, "", c.lacks
	}
	return s
}

// judgeAll judges the signatures of one document.
func judgeAll(claims []claim, trusted []Key, spent *work, lines *sbom.Lines) ([]sbom.Signature, error) {
	signatures := make([]sbom.Signature, 0, len(claims))
	var adrift *Error
	for _, c := range claims {
		at := lines.At(c.offset)
		v, failure := judge(c, trusted)
		if spent.over {
			return nil, &sbom.SyntaxError{
				Position: at,
				Message:  fmt.Sprintf("checking the signatures takes more than %d GiB of hashing", maxHashed>>30),
				Remedy:   "give fewer keys, or ask the sender for the file with one signature",
			}
		}
		if failure != nil {
			failure.Position = at
			return nil, failure
		}
		if v.adrift && adrift == nil {
			adrift = &Error{Reason: "the signature fits none of the trusted keys", Remedy: remedyKey, Position: at}
		}
		v.signature.Position = at
		signatures = append(signatures, v.signature)
	}
	if adrift != nil && State(signatures) != sbom.SignatureTrusted {
		return nil, adrift
	}
	return signatures, nil
}
