// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// normalise applies the rules of the type; see the package comment.
func (u *URL) normalise() error {
	switch u.Type {
	case "npm", "golang", "composer", "git", "github", "gitlab", "bitbucket", "swift":
		// The whole path in one encoded name: pkg:npm/%40babel%2Fcore.
		if i := strings.LastIndexByte(u.Name, '/'); i >= 0 {
			if u.Namespace != "" {
				u.Namespace += "/"
			}
			u.Namespace = cleanSegments(u.Namespace+u.Name[:i], false)
			u.Name = u.Name[i+1:]
			if u.Name == "" {
				return errNoName
			}
		}
	}
	switch u.Type {
	case "alpm", "apk", "bitbucket", "brew", "composer", "deb", "github", "gitlab", "hex", "luarocks":
		u.Namespace, u.Name = lower(u.Namespace), lower(u.Name)
	case "alpine": // syft before 0.70 for apk
		u.Type, u.Namespace, u.Name = "apk", lower(u.Namespace), lower(u.Name)
		if u.Namespace == "" {
			u.Namespace = "alpine"
		}
	case "pypi":
		u.Name = foldPyPI(u.Name)
	case "qpkg", "rpm", "yocto":
		u.Namespace = lower(u.Namespace)
	case "bitnami":
		u.Name = lower(u.Name)
	case "oci":
		u.Name, u.Version = lower(u.Name), lower(u.Version)
	case "otp":
		u.Name = lower(u.Name)
		if u.Namespace != "" {
			return errNamespaced
		}
	case "pub":
		u.Name = foldPub(u.Name)
	case "huggingface":
		u.Version = lower(u.Version)
	case "mlflow":
		if strings.Contains(u.qualifier("repository_url"), "databricks") {
			u.Name = lower(u.Name)
		}
	case "vcpkg":
		if u.Namespace != "" {
			return errNamespaced
		}
	case "swift":
		if u.Namespace == "" {
			return errNamespace
		}
	case "vscode-extension":
		u.Namespace, u.Name, u.Version = lower(u.Namespace), lower(u.Name), lower(u.Version)
		if u.Namespace == "" {
			return errNamespace
		}
	case "cpan":
		if strings.Contains(u.Name, "::") || strings.ContainsFunc(u.Namespace, isLowerRune) {
			return errCPAN
		}
	case "chrome-extension":
		u.Name = lower(u.Name)
		if u.Namespace != "" || !isExtensionName(u.Name) || !isExtensionVersion(u.Version) {
			return errChrome
		}
	}
	return nil
}

func isLowerRune(r rune) bool { return r >= 'a' && r <= 'z' }

func isExtensionName(s string) bool {
	for i := range len(s) {
		if !isLower(s[i]) {
			return false
		}
	}
	return len(s) == 32
}

func isExtensionVersion(s string) bool {
	if s == "" {
		return true
	}
	parts := 0
	for part := range strings.SplitSeq(s, ".") {
		if parts++; part == "" || parts > 4 {
			return false
		}
		for i := range len(part) {
			if !isDigit(part[i]) {
				return false
			}
		}
	}
	return true
}

// FoldName gives the form under which names of an ecosystem compare equal, the
// key under which packages are filed and looked up. Only ASCII letters fold.
//
//   - PyPI: PEP 503, lower case with runs of "-", "_" and "." as one "-".
//   - NuGet, Packagist, Hex, Pub, Bitnami, Homebrew, GitHub Actions: lower case.
//   - crates.io: lower case, and "-" for "_", as crates.io lets only one of
//     such names exist.
//   - Go: lower case. Module paths have case, but trivy and others write their
//     package URLs in lower case, as the specification used to ask, and no host
//     of modules tells repositories apart by case.
//   - SwiftURL: the repository's address without scheme and ".git", in lower case.
//   - GIT: the repository's address as Repository gives it, in lower case.
//   - All others: as they are.
//
// It does not allocate when there is nothing to fold.
func FoldName(ecosystem, name string) string {
	switch ecosystem {
	case "PyPI":
		return foldPyPI(name)
	case "NuGet", "Packagist", "Hex", "Pub", "Bitnami", "Homebrew", "GitHub Actions", "Go":
		return lower(name)
	case "crates.io":
		return strings.ReplaceAll(lower(name), "_", "-")
	case "SwiftURL":
		return strings.TrimSuffix(trimScheme(lower(name)), ".git")
	case "GIT":
		if r := Repository(name); r != "" {
			return lower(r)
		}
		return lower(name)
	}
	return name
}

func trimScheme(s string) string {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		return rest
	}
	return s
}

// lower puts ASCII letters in lower case.
func lower(s string) string {
	for i := range len(s) {
		if isUpper(s[i]) {
			b := []byte(s)
			for ; i < len(b); i++ {
				if isUpper(b[i]) {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}

// foldPyPI normalises as PEP 503 does.
func foldPyPI(s string) string {
	clean := true
	for i := range len(s) {
		c := s[i]
		if isUpper(c) || c == '_' || c == '.' || c == '-' && i > 0 && s[i-1] == '-' {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '-' || c == '_' || c == '.':
			if i == 0 || s[i-1] != '-' && s[i-1] != '_' && s[i-1] != '.' {
				b = append(b, '-')
			}
		case isUpper(c):
			b = append(b, c|0x20)
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

// foldPub replaces all but letters and digits with "_", as the purl type does.
func foldPub(s string) string {
	for i := range len(s) {
		if c := s[i]; !isLower(c) && !isDigit(c) && c != '_' {
			b := []byte(lower(s))
			for i, c := range b {
				if !isLower(c) && !isDigit(c) {
					b[i] = '_'
				}
			}
			return string(b)
		}
	}
	return s
}
