// SPDX-License-Identifier: Apache-2.0

package notation

// HashAlgorithm returns the algorithm that a word means in whatever spelling
// ("sha256", "SHA-256", "sha3_256") as IANA and CycloneDX spell it, and the
// number of hexadecimal digits of its digests, 0 if that varies. The name is ""
// for a word that means none.
func HashAlgorithm(word string) (name string, digits int) {
	var buf [len("streebog256")]byte
	plain := buf[:0]
	for i := range len(word) {
		c := word[i]
		if c == '-' || c == '_' || c == ' ' {
			continue
		}
		if len(plain) == len(buf) {
			return "", 0
		}
		if c-'A' < 26 {
			c |= 0x20
		}
		plain = append(plain, c)
	}
	switch string(plain) {
	case "sha1":
		return "SHA-1", 40
	case "sha224":
		return "SHA-224", 56
	case "sha256":
		return "SHA-256", 64
	case "sha384":
		return "SHA-384", 96
	case "sha512":
		return "SHA-512", 128
	case "sha3224":
		return "SHA3-224", 56
	case "sha3256":
		return "SHA3-256", 64
	case "sha3384":
		return "SHA3-384", 96
	case "sha3512":
		return "SHA3-512", 128
	case "blake2b256":
		return "BLAKE2b-256", 64
	case "blake2b384":
		return "BLAKE2b-384", 96
	case "blake2b512":
		return "BLAKE2b-512", 128
	case "blake3":
		return "BLAKE3", 0
	case "streebog256":
		return "Streebog-256", 64
	case "streebog512":
		return "Streebog-512", 128
	case "md2":
		return "MD2", 32
	case "md4":
		return "MD4", 32
	case "md5":
		return "MD5", 32
	case "md6":
		return "MD6", 0
	case "adler32":
		return "ADLER32", 0
	}
	return "", 0
}
