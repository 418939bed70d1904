// SPDX-License-Identifier: Apache-2.0

// Package schema holds the JSON Schema (draft 2020-12) of the documents of
// package assessment. Its descriptions say what each member means; a test of
// package report holds it against the Go types, so that neither can gain a
// member without the other.
//
// The schema describes what this program writes: it allows no further members.
// A reader of documents should pass over members it does not know, since
// version 1 may gain some.
package schema

import _ "embed"

// V1 is the schema of medsbom/assessment/v1.
//
//go:embed v1.json
var V1 string
