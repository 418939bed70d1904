// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// generated is a document of n components as syft writes them, about 1.15 KB
// each, with a dependency graph.
func generated(n int) []byte {
	random := rand.New(rand.NewPCG(7, 7))
	var b strings.Builder
	b.WriteString(`{
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
  "version": 1,
  "metadata": {
    "timestamp": "2026-01-01T00:00:00Z",
    "component": {"bom-ref": "root", "type": "application", "name": "synthetic", "version": "1.0.0"}
  },
  "components": [`)
	ref := func(i int) string {
		return fmt.Sprintf("pkg:npm/part-%d@1.%d.%d?package-id=%016x", i, i%30, i%7, uint64(i)*0x9e3779b97f4a7c15)
	}
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `
    {
      "bom-ref": %q,
      "type": "library",
      "name": "part-%d",
      "version": "1.%d.%d",
      "licenses": [
        {
          "license": {
            "id": "Apache-2.0"
          }
        }
      ],
      "hashes": [
        {
          "alg": "SHA-256",
          "content": "%064x"
        }
      ],
      "cpe": "cpe:2.3:a:part-%d:part-%d:1.%d.%d:*:*:*:*:*:*:*",
      "purl": "pkg:npm/part-%d@1.%d.%d",
      "externalReferences": [
        {
          "url": "https://example.org/part-%d",
          "type": "website"
        }
      ],
      "properties": [
        {
          "name": "tool:package:foundBy",
          "value": "npm-cataloger"
        },
        {
          "name": "tool:package:type",
          "value": "npm"
        },
        {
          "name": "tool:location:0:path",
          "value": "/srv/app/part-%d/manifest"
        }
      ]
    }`, ref(i), i, i%30, i%7, i, i, i, i%30, i%7, i, i%30, i%7, i, i)
	}
	b.WriteString("\n  ],\n  \"dependencies\": [")
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n    {\n      \"ref\": %q,\n      \"dependsOn\": [", ref(i))
		for j := range random.IntN(4) {
			if j > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "\n        %q", ref((i+1+random.IntN(n-1))%n))
		}
		b.WriteString("\n      ]\n    }")
	}
	b.WriteString("\n  ]\n}\n")
	return []byte(b.String())
}

func BenchmarkDecodeJSON(b *testing.B) {
	for _, n := range []int{50, 5_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			text := generated(n)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				doc, err := DecodeJSON(text, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if doc.Count() != n || doc.Defects.Total() != 0 {
					b.Fatal(doc.Count(), doc.Defects.List)
				}
			}
		})
	}
}
