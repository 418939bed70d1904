// SPDX-License-Identifier: Apache-2.0

package notation

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTool(t *testing.T) {
	for value, want := range map[string][2]string{
		"syft-1.51.0-26":           {"syft", "1.51.0-26"},
		"trivy":                    {"trivy"},
		"npm/cli-11.19.1":          {"npm/cli", "11.19.1"},
		"Microsoft.SBOMTool-2.2.5": {"Microsoft.SBOMTool", "2.2.5"},
		"SPDX-Tools_v2.2.3":        {"SPDX-Tools", "v2.2.3"},
		"ko 0.12.0":                {"ko", "0.12.0"},
		"Nokia Tool - 1.0":         {"Nokia Tool", "1.0"},
		"SAG-PM Version: 1.1.7":    {"SAG-PM", "1.1.7"},
		"foo-2-bar-1.0":            {"foo-2-bar", "1.0"},
		"view-3d":                  {"view-3d"},
		"scanner-7":                {"scanner", "7"},
		"sigs.k8s.io/bom/pkg/spdx": {"sigs.k8s.io/bom/pkg/spdx"},
		"tern-723f43dcaae2f2f0a08a63e5e8de3938031a386e": {"tern", "723f43dcaae2f2f0a08a63e5e8de3938031a386e"},
		"-1.0": {"-1.0"},
	} {
		if name, version := Tool(value); name != want[0] || version != want[1] {
			t.Errorf("%q: got %q and %q, want %q", value, name, version, want)
		}
	}
}

func TestLicence(t *testing.T) {
	const id, expression, neither = 2, 1, 0
	for value, want := range map[string]int{
		"MIT":                                  id,
		"GPL-2.0+":                             id,
		"NONE":                                 id,
		"DocumentRef-a:LicenseRef-b":           id,
		"MIT OR Apache-2.0":                    expression,
		"(MIT)":                                expression,
		"A AND (B OR C)":                       expression,
		"GPL-2.0 WITH Classpath-exception-2.0": expression,
		"MIT OR":                               neither,
		"MIT or Apache-2.0":                    neither,
		"OR":                                   neither,
		"":                                     neither,
		"GPL v2":                               neither,
		"MIT/X11":                              neither,
		"(MIT":                                 neither,
		"MIT)":                                 neither,
		"()":                                   neither,
		"MIT (X11)":                            neither,
		"https://a.example/licence":            neither,
	} {
		// an identifier is the shortest expression
		if IsLicenceID(value) != (want == id) || IsLicenceExpression(value) != (want != neither) {
			t.Errorf("%q: identifier %v, expression %v", value, IsLicenceID(value), IsLicenceExpression(value))
		}
	}
}

func TestHashAlgorithm(t *testing.T) {
	for word, want := range map[string]string{
		"SHA1": "SHA-1", "SHA-1": "SHA-1", "sha256": "SHA-256", "SHA 512": "SHA-512", "sha3_384": "SHA3-384", "SHA3-256": "SHA3-256",
		"blake2b256": "BLAKE2b-256", "BLAKE2b-512": "BLAKE2b-512", "md5": "MD5", "streebog-512": "Streebog-512",
		"": "", "CRC": "", "SHA257": "", "sha256 of the archive": "", strings.Repeat("-", 100) + "md4": "MD4",
	} {
		name, digits := HashAlgorithm(word)
		if name != want {
			t.Errorf("%q: got %q, want %q", word, name, want)
		}
		if again, same := HashAlgorithm(name); again != name || same != digits {
			t.Errorf("%q: the name %q is not its own name", word, name)
		}
	}
}

func TestWords(t *testing.T) {
	for s, want := range map[string]bool{
		"NOASSERTION": true, "NoAssertion": true, "none": true, "Unknown": true, "n/a": true,
		"": false, "NON": false, "nona": false, "Unknown Worlds": false, "NOASSERTIONS": false,
	} {
		if IsUnknown(s) != want {
			t.Errorf("IsUnknown(%q) = %v", s, !want)
		}
	}
	for s, want := range map[string]string{"NOASSERTION": "", "NONE": "", "None": "None", "": "", "x": "x"} {
		if got := Stated(s); got != want {
			t.Errorf("Stated(%q) = %q", s, got)
		}
	}
	for s, want := range map[string]bool{"0": true, "09afAF": true, "": false, "g": false, "0x1": false, "@": false, "`": false, "é": false, "/": false, ":": false} {
		if IsHex(s) != want {
			t.Errorf("IsHex(%q) = %v", s, !want)
		}
	}
	for s, want := range map[string]bool{
		"git+https://a.example/x": true, "git://a.example/x": true, "GIT+ssh://a.example/x": true, "git@a.example:x.git": true, "scm:git:x": true,
		"https://a.example/x.git": false, "git+": false, "github.com/x": false, "": false,
	} {
		if IsVersionControl(s) != want {
			t.Errorf("IsVersionControl(%q) = %v", s, !want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, tt := range []struct {
		s    string
		most int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "abc…"}, {"aé", 2, "a…"}, {"éé", 1, "…"}, {"", 0, ""}, {"\x80\x80\x80", 2, "…"},
	} {
		if got := Clip(tt.s, tt.most); got != tt.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", tt.s, tt.most, got, tt.want)
		}
	}
	if s := Short(strings.Repeat("x", 99) + "éé"); len(s) > 103 || !utf8.ValidString(s) {
		t.Errorf("Short gives %q", s)
	}
}
