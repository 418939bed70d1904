// SPDX-License-Identifier: Apache-2.0

// Package device compares products: the one that a scan is about with those
// that an advisory about devices names, by vendor, product and version. All
// three are free text on both sides, so that the answer is a degree, never more
// than the texts carry.
//
// # Names
//
// A name is its words: runs of letters and digits, in lower case and without
// accents ("Dräger" is "Draeger"). Of a vendor
// the legal form is dropped ("Inc.", "GmbH & Co. KG", "and Company"), then what
// the trade adds ("Healthcare", "Medical Systems", "International"); never the
// last word left. Vendors are Same if these words are equal, or if one is
// the short name that the other gives in brackets, as in "Becton, Dickinson and
// Company (BD)". They are Alike if one is part of a joint name ("Hillrom and
// ELI, Baxter"), if one begins with the other ("B. Braun Melsungen"), or if they
// differ in a doubled letter only ("Phillips").
//
// Products are Same if their words are equal, without the vendor's name before
// them and without regard to spaces. They are Alike if they differ in what stands
// in brackets, or if all words of one stand in the other, in order and side by
// side, and are not all such as any device may bear ("monitor", "server"); or, in
// any order, if all that tell stand there and two of three of the rest.
//
// # Versions
//
// See Judge.
package device
