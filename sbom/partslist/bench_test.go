// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"fmt"
	"strings"
	"testing"
)

func BenchmarkDecodeCSV(b *testing.B) {
	var list strings.Builder
	list.WriteString("Name,Version,Supplier,PURL\n")
	for i := range 20_000 {
		fmt.Fprintf(&list, "component-%d,1.%d.0,Acme Medical,pkg:npm/component-%d@1.%d.0\n", i, i, i, i)
	}
	text := []byte(list.String())
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeCSV(text, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
