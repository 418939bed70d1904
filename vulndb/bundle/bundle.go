// SPDX-License-Identifier: Apache-2.0

// Package bundle carries an advisory database to where no network is: one file
// with the database and a signed manifest. Write makes it from a database, Import
// checks it and replaces a database by what is in it, Check only checks.
//
// # The file
//
// Integers are little-endian.
//
//	0   magic "medsbun\n", 8 bytes
//	8   format, u32: 1
//	12  length of the envelope, u32, at most MaxEnvelope
//	16  envelope: DSSE v1 in JSON, of payload type PayloadType
//	…   payload: the database file as one zstd stream, to the end of the file
//
// The envelope's payload is the Manifest in JSON. Its signatures are over DSSE's
// pre-authentication encoding, which holds the payload type and so keeps them
// apart from all other things that the same key may sign. As the manifest names
// size and SHA-256 of payload and database, they cover all of the file: what
// stands before the envelope is fixed, and behind the payload nothing may stand.
// Format versions:
//
//	1  first format
//
// Members that a later program adds to the manifest, and that this one may pass
// over, do not change the format; all else does.
//
// # Order of the checks
//
// Nothing but the header and the envelope's JSON is read before a trusted key
// has been found to fit. Then the manifest decides what may follow: the kind of
// database, its size, that it is no older than the installed one. The payload is
// copied to a temporary file and its SHA-256 compared before it is unpacked, so
// that the decompressor sees signed bytes alone. What it gives is bounded by the
// signed size, compared by SHA-256, opened, verified whole, compared with the
// manifest once more, and only then takes the place of the old database by
// rename. Memory does not grow with the size.
//
// # Downgrade
//
// Whoever can hand over files could hand over an old bundle, rightly signed. So a
// bundle is refused if its serial is lower than that of the installed database,
// or any feed is: missing, without a date where there was one, or of an older
// date. The serial is the time of the build in Unix seconds, which stands in the
// database itself; nothing is kept beside it. What this cannot see is that
// somebody hands over no new bundle at all: that is what the age of each feed
// tells. A bundle whose database claims a date behind that of the bundle cannot
// be made, as it would refuse all that come later.
//
// # Keys
//
// Write signs with Ed25519, with one key or several (while an old key is being
// replaced). To be trusted one signature by one trusted key is enough; it may be
// of any kind that package signature knows. The key id in the envelope is the
// SHA-256 of the public key (SubjectPublicKeyInfo) and a hint only.
package bundle

import (
	"fmt"
	"time"

	"github.com/medsbom/medsbom/vulndb"
)

// The fixed parts of the format.
const (
	Magic       = "medsbun\n"
	Format      = 1
	PayloadType = "application/vnd.medsbom.database-bundle+json"
	MaxEnvelope = 1 << 20 // bytes

	// MaxHead is how many bytes a bundle has at most beside its payload.
	MaxHead = MaxEnvelope + headerSize

	headerSize = 16
	zstdName   = "zstd"
	maxWindow  = 8 << 20 // of zstd, in bytes
)

// DefaultMaxSize is the largest database that is unpacked unless Options say
// otherwise, in bytes; the whole of OSV takes about a fiftieth of it.
const DefaultMaxSize = 1 << 30

// A Manifest is what is signed.
type Manifest struct {
	Format   int       `json:"format"`
	Tool     string    `json:"tool"`    // "medsbom 1.2.0"
	Created  time.Time `json:"created"` // the bundle
	Serial   int64     `json:"serial"`  // time of the build of the database, Unix seconds
	Database Database  `json:"database"`
	Payload  Payload   `json:"payload"`
	Feeds    []Feed    `json:"feeds"` // sorted by name
}

// A Database is what the payload unpacks to.
type Database struct {
	Kind   string `json:"kind"`   // vulndb.KindFull
	Digest string `json:"digest"` // vulndb.Info.Digest
	Size   int64  `json:"size"`   // bytes of the file
	SHA256 string `json:"sha256"` // of the file, hexadecimal
}

// A Payload is the database as it stands in the bundle.
type Payload struct {
	Encoding string `json:"encoding"` // "zstd"
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256"`
}

// A Feed is one source of the database.
type Feed struct {
	Name    string    `json:"name"`
	Date    time.Time `json:"date,omitzero"` // of the data; zero: none said
	Records int       `json:"records"`
	Digest  string    `json:"digest"`
}

func feedsOf(info *vulndb.Info) []Feed {
	feeds := make([]Feed, len(info.Feeds))
	for i, f := range info.Feeds {
		feeds[i] = Feed(f)
	}
	return feeds
}

// A Refusal is why a bundle is not taken.
type Refusal uint8

// The refusals.
const (
	NotABundle    Refusal = iota + 1 // another kind of file
	NewerFormat                      // made for a later medsbom
	Damaged                          // cut off, grown, or changed
	NotTrusted                       // no signature by a trusted key
	NotAcceptable                    // a starter set, or a manifest that contradicts itself
	TooLarge
	Downgrade // older than the installed database
)

// An Error is a refusal. It leaves everything as it was.
type Error struct {
	Name    string // of the bundle
	Refusal Refusal
	Problem string
	Remedy  string
}

func (e *Error) Error() string {
	return fmt.Sprintf("bundle %q: %s; %s", e.Name, e.Problem, e.Remedy)
}

// What to do about the refusals.
const (
	remedyAgain   = "fetch or copy it again, and compare its checksum with the publisher's"
	remedyKey     = "check with the publisher which key they sign with; if it is the one given, take the bundle to have been forged"
	remedyFile    = "give a file that 'medsbom db export' has written"
	remedyUpdate  = "update medsbom"
	remedyBroken  = "tell the publisher: a bundle like this should not have been signed"
	remedyMaxSize = "if you expect one of that size, allow it with --max-bytes"
	remedyOlder   = "take the newest bundle; to go back on purpose, insist with --allow-downgrade"
)
