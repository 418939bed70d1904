// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"testing"

	"github.com/gowebpki/jcs"
)

func benchmarkText(b *testing.B) []byte {
	components := []any{}
	for range 20_000 {
		components = append(components, body()["components"].([]any)...)
	}
	doc := body()
	doc["components"] = components
	return signed(b, doc, "p256", fields{"algorithm": "ES256", "publicKey": jwkOf(signers()["p256"].Public())})
}

func BenchmarkJSF(b *testing.B) {
	text := benchmarkText(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := JSF(text, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOracle(b *testing.B) {
	text := benchmarkText(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jcs.Transform(text); err != nil {
			b.Fatal(err)
		}
	}
}
