// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"testing"
)

func TestForms(t *testing.T) {
	for s, want := range map[string]bool{
		"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79": true, "urn:uuid:3E671687-395B-41F5-A30F-A58921A69B79": true,
		"3e671687-395b-41f5-a30f-a58921a69b79": false, "urn:uuid:3e671687395b41f5a30fa58921a69b79": false,
		"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b7g": false, "urn:uuid:3e67168-7395b-41f5-a30f-a58921a69b79": false, "": false,
		"urn:uuid:3-----------------------------------": false,
	} {
		if got := isSerial(s); got != want {
			t.Errorf("isSerial(%q) = %v", s, got)
		}
	}
	for s, want := range map[string]bool{"1": true, "42": true, "0": false, "01": false, "": false, "-1": false, "1.0": false, "1e3": false, "9999999999999999999": false} {
		if got := isRevision(s); got != want {
			t.Errorf("isRevision(%q) = %v", s, got)
		}
	}
	for s, want := range map[string]bool{"plain": false, "ünïcode ✓": false, "a\tb": true, "a\x7f": true, "\u202eabc": true, "a\u200bb": true, "\ufeffx": true, "x\u0085": true} {
		if got := invisible(s); got != want {
			t.Errorf("invisible(%q) = %v", s, got)
		}
	}
	for s, want := range map[string]string{"a": "a", " a b ": "a b", "\u00a0x\n": "x", "": "", " ": "", "é": "é"} {
		if got := trim(s); got != want {
			t.Errorf("trim(%q) = %q", s, got)
		}
	}
}
