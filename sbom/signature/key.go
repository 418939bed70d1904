// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
)

// A Key is a public key that the user trusts.
type Key struct {
	// Name is the file's as given; one of several in a file has its key id or
	// number behind it: "vendor.jwks#2026-01".
	Name string

	public crypto.PublicKey
	spki   [sha256.Size]byte // of the SubjectPublicKeyInfo
	ids    []string          // what a signature may call it
}

// Fingerprint is the SHA-256 of the key's SubjectPublicKeyInfo in DER, in
// lower-case hexadecimal.
func (k Key) Fingerprint() string { return hex.EncodeToString(k.spki[:]) }

// named reports whether a key id means this key.
func (k Key) named(id string) bool { return id != "" && slices.Contains(k.ids, id) }

// holds reports whether public is this key.
func (k Key) holds(public crypto.PublicKey) bool {
	p, ok := k.public.(interface{ Equal(crypto.PublicKey) bool })
	return ok && p.Equal(public)
}

const (
	maxKeyFile = 1 << 20
	maxKeys    = 64
)

const forms = "a public key or certificate in PEM or DER, a JWK or a JWK set is read"

// LoadKeys reads the public keys in a file that the user trusts: PEM blocks
// PUBLIC KEY, RSA PUBLIC KEY and CERTIFICATE (several are several keys), one of
// them in DER, a JWK, a JWK set. A certificate stands for its key: its chain,
// expiry and revocation are not judged. The errors are for the user and name
// neither the file nor anything secret in it.
func LoadKeys(name string, data []byte) ([]Key, error) {
	if len(data) > maxKeyFile {
		return nil, fmt.Errorf("%d bytes are too many for a key: %s", len(data), forms)
	}
	whole := data // white space may end DER
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	var found []numbered
	var err error
	switch {
	case len(data) == 0:
		return nil, errors.New("the file is empty: " + forms)
	case data[0] == '{' || data[0] == '[':
		found, err = loadJWK(data)
	case bytes.Contains(data, []byte("-----BEGIN ")):
		found, err = loadPEM(data)
	case data[0] == 0x30: // SEQUENCE
		found, err = loadDER(whole)
	default:
		err = strange(data)
	}
	if err != nil {
		return nil, err
	}
	if len(found) > maxKeys {
		return nil, fmt.Errorf("%d keys in one file, more than %d", len(found), maxKeys)
	}
	keys := make([]Key, len(found))
	for i, n := range found {
		if keys[i], err = newKey(name, n.public, n.id); err != nil {
			return nil, err
		}
		if len(found) > 1 {
			id := notation.Short(n.id)
			if id == "" {
				id = fmt.Sprint(i + 1)
			}
			keys[i].Name += "#" + id
		}
	}
	return keys, nil
}

// numbered is a key with the id that its file gives it.
type numbered struct {
	public crypto.PublicKey
	id     string
}

func newKey(name string, public crypto.PublicKey, id string) (Key, error) {
	if reason := weakness(public); reason != "" {
		return Key{}, errors.New(reason)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return Key{}, fmt.Errorf("reading the key: %w", err)
	}
	k := Key{Name: name, public: public, spki: sha256.Sum256(der)}
	base := filepath.Base(name)
	k.ids = []string{
		name, base, strings.TrimSuffix(base, filepath.Ext(base)),
		k.Fingerprint(), "sha256:" + k.Fingerprint(),
		// The hint of Sigstore bundles, and how OpenSSH spells digests.
		base64.StdEncoding.EncodeToString(k.spki[:]), base64.RawStdEncoding.EncodeToString(k.spki[:]),
		base64.RawURLEncoding.EncodeToString(k.spki[:]),
		thumbprint(public),
	}
	if id != "" {
		k.ids = append(k.ids, id)
	}
	return k, nil
}

// Bounds of RSA moduli in bits. NIST SP 800-57 ends below the first; the second
// bounds the time that a hostile key costs.
const (
	minRSA = 2048
	maxRSA = 8192
)

// weakness says why a key of a known kind is not used, "" if it is.
func weakness(public crypto.PublicKey) string {
	switch k := public.(type) {
	case ed25519.PublicKey:
		return ""
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() || k.Curve == elliptic.P521() {
			return ""
		}
		return "an ECDSA key on another curve than P-256, P-384 and P-521 is not supported"
	case *rsa.PublicKey:
		switch n := k.N.BitLen(); {
		case n < minRSA:
			return fmt.Sprintf("an RSA key of %d bits is too weak to prove anything: %d is the least", n, minRSA)
		case n > maxRSA:
			return fmt.Sprintf("an RSA key of %d bits is not supported: %d is the most", n, maxRSA)
		case k.E < 3 || k.E&1 == 0 || k.N.Bit(0) == 0:
			return "an RSA key with an even modulus or an exponent that is even or below 3 is none"
		}
		return ""
	default:
		return "a key that is neither Ed25519, ECDSA nor RSA is not supported"
	}
}

var errPrivate = errors.New("this is a private key: give the public one, and keep this one where nobody reads it")

func loadPEM(data []byte) ([]numbered, error) {
	var found []numbered
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		data = rest
		var public crypto.PublicKey
		var err error
		switch {
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return nil, errPrivate
		case block.Type == "PUBLIC KEY":
			public, err = x509.ParsePKIXPublicKey(block.Bytes)
		case block.Type == "RSA PUBLIC KEY":
			public, err = x509.ParsePKCS1PublicKey(block.Bytes)
		case block.Type == "CERTIFICATE":
			public, err = certificateKey(block.Bytes)
		default:
			return nil, fmt.Errorf("a PEM block %q is not read: %s", notation.Short(block.Type), forms)
		}
		if err != nil {
			return nil, fmt.Errorf("PEM block %d, %s: %w", len(found)+1, block.Type, err)
		}
		if found = append(found, numbered{public: public}); len(found) > maxKeys {
			break
		}
	}
	if len(found) == 0 {
		if bytes.Contains(data, []byte("PRIVATE KEY-----")) {
			return nil, errPrivate
		}
		if err := strange(data); !errors.Is(err, errNoKey) {
			return nil, err
		}
		return nil, errors.New("the PEM block is broken or cut off: " + forms)
	}
	return found, nil
}

func loadDER(data []byte) ([]numbered, error) {
	if public, err := x509.ParsePKIXPublicKey(data); err == nil {
		return []numbered{{public: public}}, nil
	}
	if public, err := certificateKey(data); err == nil {
		return []numbered{{public: public}}, nil
	}
	if _, err := x509.ParsePKCS8PrivateKey(data); err == nil {
		return nil, errPrivate
	}
	return nil, strange(data)
}

func certificateKey(der []byte) (crypto.PublicKey, error) {
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	if certificate.PublicKey == nil {
		return nil, unsupported("a certificate with a key that is neither Ed25519, ECDSA nor RSA is not supported")
	}
	return certificate.PublicKey, nil
}

var errNoKey = errors.New("this is no key: " + forms)

// strange names the forms of key that people give by mistake.
func strange(data []byte) error {
	for _, form := range []struct{ mark, name string }{
		{"PGP PUBLIC KEY", "an OpenPGP key"},
		{"SSH2 PUBLIC KEY", "an SSH key"},
		{"ssh-", "an SSH key"},
		{"ecdsa-sha2-", "an SSH key"},
		{"untrusted comment:", "a minisign or signify key"},
		{"RW", "a minisign or signify key"},
	} {
		if bytes.HasPrefix(data, []byte(form.mark)) || bytes.HasPrefix(data, []byte("-----BEGIN "+form.mark)) ||
			bytes.HasPrefix(data, []byte("---- BEGIN "+form.mark)) {
			return fmt.Errorf("%s is not read: %s", form.name, forms)
		}
	}
	return errNoKey
}

// An unsupported error says that a key may be right, and cannot be used.
type unsupported string

func (u unsupported) Error() string { return string(u) }
