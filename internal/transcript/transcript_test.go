// SPDX-License-Identifier: Apache-2.0

package transcript

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/sbom"
)

func at(line, column int32) sbom.Position { return sbom.Position{Line: line, Column: column} }

func TestTranscript(t *testing.T) {
	w := New(1000)
	w.Object(at(1, 1))
	w.Key("name", at(2, 3))
	w.String("a \"b\" \\ \x01é\n", at(2, 9))
	w.Key("list", at(3, 3))
	w.Array(at(3, 9))
	w.Literal("1.50", at(4, 5))
	w.Object(at(5, 5))
	w.EndObject()
	w.EndArray()
	w.EndObject()

	const want = `{"name":"a \"b\" \\ \u0001é\u000a","list":[1.50,{}]}`
	text := string(w.Text())
	if text != want {
		t.Fatalf("want %s\n got %s", want, text)
	}
	if !json.Valid(w.Text()) {
		t.Error("no JSON")
	}
	for part, place := range map[string]sbom.Position{
		`{"name"`: at(1, 1), `"name"`: at(2, 3), `"a`: at(2, 9), `"list"`: at(3, 3), `[`: at(3, 9), `1.50`: at(4, 5), `{}`: at(5, 5),
	} {
		if got := w.At(strings.Index(text, part)); got != place {
			t.Errorf("%s: want %v, got %v", part, place, got)
		}
	}
	if got := New(0).At(7); got != at(1, 1) {
		t.Errorf("nothing written, and it stands at %v", got)
	}
}

func TestTranscriptHasAnEnd(t *testing.T) {
	w := New(100)
	w.Array(at(1, 1))
	for range 1000 {
		w.String("0123456789", at(1, 2))
		w.Object(at(1, 2))
		w.EndObject()
	}
	if !w.Over() || len(w.Text()) > 100 {
		t.Errorf("over: %v, %d bytes", w.Over(), len(w.Text()))
	}
	if len(w.marks) > 100 {
		t.Errorf("%d places are remembered of a text of 100 bytes", len(w.marks))
	}
}
