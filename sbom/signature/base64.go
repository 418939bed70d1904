// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"encoding/base64"
	"strings"
)

// decodeBase64 reads Base64 in either alphabet (RFC 4648 §4, §5), with or
// without padding, since DSSE allows both and tools mix them up. Bits that stand
// for nothing must be zero: else one signature would have several spellings.
// What is decoded is appended to out.
func decodeBase64(out []byte, s string) ([]byte, bool) {
	s = strings.TrimSpace(s)
	if n := len(s) - len(strings.TrimRight(s, "=")); n > 2 {
		return nil, false
	}
	s = strings.TrimRight(s, "=")
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(s, "-_") {
		encoding = base64.RawURLEncoding
	}
	out, err := encoding.Strict().AppendDecode(out, []byte(s))
	return out, err == nil
}
