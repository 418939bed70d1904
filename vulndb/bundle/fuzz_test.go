// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/medsbom/medsbom/sbom/signature"
)

// FuzzCheck reads any bytes as a bundle: what it takes is signed, and the same
// database.
func FuzzCheck(f *testing.F) {
	k := keyOf(f, 1)
	good := bundleOf(f, today().file(f), k.signing)
	envelope, payload := split(f, good)
	m, _, err := unseal("", envelope, []signature.Key{k.trusted})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:headerSize])
	f.Add(join([]byte(`{"payloadType":"","payload":"","signatures":[]}`), payload))
	f.Add(join(envelope, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		res, err := Check(t.Context(), bytes.NewReader(data), Options{Trust: []signature.Key{k.trusted}})
		if err != nil {
			if refusal(err) == 0 {
				t.Errorf("no refusal: %v", err)
			}
			return
		}
		if res.Manifest.Database != m.Database || res.Manifest.Payload != m.Payload {
			t.Error("another bundle is taken")
		}
	})
}

// FuzzSigned signs any manifest before any payload, as a publisher without care
// would: it ends in bounds, with a refusal, or with a database that is whole.
func FuzzSigned(f *testing.F) {
	k := keyOf(f, 1)
	good := bundleOf(f, today().file(f), k.signing)
	envelope, payload := split(f, good)
	m, _, err := unseal("", envelope, []signature.Key{k.trusted})
	if err != nil {
		f.Fatal(err)
	}
	body, err := json.Marshal(m)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body, payload, true)
	f.Add(body, []byte{0x28, 0xB5, 0x2F, 0xFD, 0, 0xFF, 0xFF, 0xFF}, true)
	f.Add([]byte(`{"format":1,"database":{"kind":"full"},"feeds":null}`), payload, false)
	f.Fuzz(func(t *testing.T, body, payload []byte, fit bool) {
		if fit { // so that the payload is unpacked
			var m Manifest
			if json.Unmarshal(body, &m) == nil {
				m.Payload.Size, m.Payload.SHA256 = int64(len(payload)), sha(payload)
				if fitting, err := json.Marshal(&m); err == nil {
					body = fitting
				}
			}
		}
		_, err := Check(t.Context(), bytes.NewReader(join(sealBody(t, k, PayloadType, body), payload)), Options{
			Trust: []signature.Key{k.trusted}, MaxSize: 1 << 20,
		})
		if err != nil && refusal(err) == 0 {
			t.Errorf("no refusal: %v", err)
		}
	})
}
