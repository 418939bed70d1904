// SPDX-License-Identifier: Apache-2.0

// Package signature verifies the signatures of bills of materials, offline and
// only against keys that the user gives. There is no root of trust in it and
// nothing is ever fetched.
//
// # Forms
//
//   - [JSF]: the JSON Signature Format 0.82 that CycloneDX 1.4 and later has in
//     the member "signature" of the document: one signature, independent ones
//     ("signers"), or a chain ("chain"). What was signed is the canonical form
//     (RFC 8785) of the whole document with the signature lacking its "value".
//     An independent signature sees itself alone in "signers"; one of a chain
//     sees those before it, whole, and itself.
//   - [Envelope]: DSSE envelopes, and Sigstore bundles around one.
//   - XML signatures are recognised by package cyclonedx and not verified:
//     [ReasonXML].
//
// Signatures of single components, services and compositions are covered by
// that of the document like all else, and not verified by themselves.
//
// # States
//
// A signature that fits a trusted key is trusted. One that fits the key it
// brings is intact: nobody has changed the document since, but who signed it is
// not known. All else is unverified, with the reason: nothing to check it with,
// an algorithm that is not supported, a document whose canonical form is
// ambiguous, members left out of the signature.
//
// A signature fails, as an [*Error] that costs the document, if it does not fit
// the key it carries, or names a trusted key and does not fit it, or, trusted
// keys having been given, names and carries none and fits none of them while no
// other signature of the document is trusted; also if it cannot be read. One
// failing signature fails the document, whatever the others say.
//
// An attacker can always take a signature away, or make the document such that
// it cannot be verified. Who needs a signature must ask for [sbom.SignatureTrusted],
// not for the absence of errors: see [State].
//
// # Algorithms
//
// Ed25519, ECDSA on P-256, P-384 and P-521, RSA of 2048 to 8192 bits with
// PKCS #1 v1.5 and PSS, all with SHA-2. The key decides: an algorithm that is
// not one of the key's never verifies. A shared secret (HS256 …) proves nothing
// of who signed, and is never verified. Certificates stand for the key in them:
// no chain is followed, no expiry and no revocation is judged.
//
// # Canonical form
//
// RFC 8785 is defined for I-JSON (RFC 7493). A document outside it can be read
// in two ways, of which the signature would cover one: doubled keys, text that is
// not UTF-8, halves of UTF-16 pairs, raw control characters, integers beyond
// 2^53-1, numbers beyond a double. Such a document is never verified.
//
// # Limits
//
// 64 signatures a document, 10,000 levels of nesting, 4 GiB hashed over all
// signatures and keys. Memory is linear in the size of the text.
package signature
