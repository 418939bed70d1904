// SPDX-License-Identifier: Apache-2.0

package xmlpull

import "testing"

func TestToUTF8(t *testing.T) {
	tests := []struct{ name, declaration, in, want string }{
		{"none", "", "é", "é"},
		{"UTF-8", `<?xml version="1.0" encoding="utf-8"?>`, "é", "é"},
		{"UTF-16, transcoded before", `<?xml version="1.0" encoding="UTF-16"?>`, "é", "é"},
		{"ISO 8859-1", `<?xml version="1.0" encoding="ISO-8859-1"?>`, "\xe9", "é"},
		{"ISO 8859-1, plain", `<?xml version="1.0" encoding="ISO-8859-1"?>`, "e", "e"},
		{"ISO 8859-15", `<?xml version='1.0' encoding='iso-8859-15'?>`, "\xa4\xa5", "€¥"},
		{"Windows-1252", `<?xml version="1.0" encoding = "windows-1252" standalone="yes"?>`, "\x80\x81\x99", "€\u0081™"},
		{"not closed", `<?xml version="1.0" encoding="ISO-8859-1"`, "\xe9", "\xe9"},
		{"no name", `<?xml version="1.0" encoding=?>`, "\xe9", "\xe9"},
	}
	for _, tt := range tests {
		got, err := ToUTF8([]byte(tt.declaration + tt.in))
		if err != nil || string(got) != tt.declaration+tt.want {
			t.Errorf("%s: %q, error %v", tt.name, got, err)
		}
	}
	if _, err := ToUTF8([]byte(`<?xml version="1.0" encoding="EBCDIC"?><a/>`)); err == nil || err.Error() != `the document declares the encoding "EBCDIC", which is not read` {
		t.Errorf("error %v", err)
	}
}
