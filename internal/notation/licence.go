// SPDX-License-Identifier: Apache-2.0

package notation

import "strings"

// IsLicenceID reports whether s is one identifier: of the licence list, with
// or without '+', or a LicenseRef, or NONE or NOASSERTION. No list is asked.
func IsLicenceID(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '.' && c != '-' && c != '+' && c != ':' && c-'0' > 9 && (c|0x20)-'a' > 25 {
			return false
		}
	}
	return s != "" && s != "AND" && s != "OR" && s != "WITH"
}

// IsLicenceExpression checks the grammar of a licence expression (SPDX 2.3,
// annex D; SPDX 3.0, annex B), not the identifiers: operands and operators by
// turns, parentheses in pairs.
func IsLicenceExpression(s string) bool {
	depth, operand := 0, false // operand: one stands before this place
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		if s == "" {
			return operand && depth == 0
		}
		if s[0] == '(' || s[0] == ')' {
			if s[0] == '(' == operand {
				return false
			}
			if s[0] == '(' {
				depth++
			} else if depth--; depth < 0 {
				return false
			}
			s = s[1:]
			continue
		}
		end := strings.IndexAny(s, "() \t\r\n")
		if end < 0 {
			end = len(s)
		}
		word := s[:end]
		s = s[end:]
		switch word {
		case "AND", "OR", "WITH":
			if !operand {
				return false
			}
			operand = false
		default:
			if operand || !IsLicenceID(word) {
				return false
			}
			operand = true
		}
	}
}
