// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// A schema is the part of a JSON schema that is looked at.
type schema struct {
	Properties map[string]schema
	Items      *schema
	Enum       []string
}

// at goes down by the names of properties; lists are entered.
func (s schema) at(path string) schema {
	for name := range strings.FieldsSeq(path) {
		if s = s.Properties[name]; s.Items != nil {
			s = *s.Items
		}
	}
	return s
}

// TestSchema holds every key and every enumeration of the SPDX project's JSON
// schemas against what the decoder knows.
func TestSchema(t *testing.T) {
	read := 0
	eachFile(t, "schemas-spdx", func(t *testing.T, name string, text []byte) {
		if !strings.Contains(name, "spdx-schema-v2") {
			return
		}
		read++
		var whole schema
		if err := json.Unmarshal(text, &whole); err != nil {
			t.Fatal(err)
		}
		for path, known := range map[string][]string{
			"":                           documentKeys,
			"creationInfo":               creationKeys,
			"packages":                   packageKeys,
			"packages externalRefs":      referenceKeys,
			"packages checksums":         checksumKeys,
			"packages annotations":       annotationKeys,
			"files":                      fileKeys,
			"snippets":                   snippetKeys,
			"snippets ranges":            rangeKeys,
			"relationships":              relationshipKeys,
			"annotations":                annotationKeys,
			"externalDocumentRefs":       externalKeys,
			"hasExtractedLicensingInfos": extractedKeys,
			"revieweds":                  reviewKeys,

			"packages packageVerificationCode": verificationKeys,
			"snippets ranges startPointer":     pointerKeys,
		} {
			part := whole.at(path)
			if len(part.Properties) == 0 {
				t.Errorf("the schema has no %q", path)
			}
			for key := range part.Properties {
				if !slices.Contains(known, key) {
					t.Errorf("%q: the key %s is not known", path, key)
				}
			}
		}
		for path, known := range map[string]func(string) bool{
			"relationships relationshipType":          func(s string) bool { _, _, exact := relationship(s); return exact },
			"packages checksums algorithm":            func(s string) bool { _, _, ok := hashAlgorithm(s); return ok },
			"files checksums algorithm":               func(s string) bool { _, _, ok := hashAlgorithm(s); return ok },
			"packages externalRefs referenceCategory": isCategory,
			"packages primaryPackagePurpose":          func(s string) bool { _, ok := purpose(s); return ok },
			"files fileTypes":                         isFileType,
			"annotations annotationType":              isAnnotationType,
		} {
			words := whole.at(path).Enum
			if len(words) == 0 && !strings.Contains(name, "v2.2") {
				t.Errorf("the schema enumerates nothing under %q", path)
			}
			for _, word := range words {
				if !known(word) {
					t.Errorf("%q: the word %s is not known", path, word)
				}
			}
		}
	})
	if read != 2 {
		t.Errorf("%d schemas were read", read)
	}
}
