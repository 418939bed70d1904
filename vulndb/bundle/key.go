// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// A SigningKey is a private key.
type SigningKey struct {
	private ed25519.PrivateKey
	id      string
}

// ID is the SHA-256 of the public key's SubjectPublicKeyInfo in hexadecimal,
// as signature.Key.Fingerprint has it.
func (k SigningKey) ID() string { return k.id }

const howToMakeKeys = "make one with 'openssl genpkey -algorithm ed25519 -out database.key'"

// LoadSigningKey reads an Ed25519 private key in PKCS #8, PEM, as OpenSSL writes
// it. The errors are for the user and hold nothing of the key.
func LoadSigningKey(text []byte) (SigningKey, error) {
	const most = 1 << 16
	if len(text) > most {
		return SigningKey{}, fmt.Errorf("more than %d bytes: this is no key", most)
	}
	block, rest := pem.Decode(text)
	switch {
	case block == nil:
		return SigningKey{}, errors.New("this is no private key in PEM: " + howToMakeKeys)
	case block.Type == "ENCRYPTED PRIVATE KEY":
		return SigningKey{}, errors.New("the private key is encrypted: decrypt it first, with 'openssl pkey'")
	case strings.HasSuffix(block.Type, "PUBLIC KEY"):
		return SigningKey{}, errors.New("this is a public key: signing needs the private one")
	case block.Type != "PRIVATE KEY":
		return SigningKey{}, errors.New("a private key in another form than PKCS #8 is not read: " + howToMakeKeys)
	case len(bytes.TrimSpace(rest)) > 0:
		return SigningKey{}, errors.New("there is more in the file than one private key: give each its own file")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return SigningKey{}, errors.New("the private key cannot be read: " + howToMakeKeys)
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return SigningKey{}, errors.New("bundles are signed with Ed25519, and this key is of another kind: " + howToMakeKeys)
	}
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return SigningKey{}, fmt.Errorf("the private key has no public one: %w", err)
	}
	id := sha256.Sum256(der)
	return SigningKey{private: private, id: hex.EncodeToString(id[:])}, nil
}
