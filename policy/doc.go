// SPDX-License-Identifier: Apache-2.0

// Package policy turns typed facts about a product into a decision: accept,
// accept with conditions, or reject, with every rule's result behind it.
//
// # Checks and packs
//
// A check is one question to the facts (checks.yaml): two CEL expressions,
// texts in plain words, a class and a default severity. A pack is a list of
// checks with severities and parameters (packs/*.yaml, or a file of the
// user's). Adding a check or a pack needs no Go. Unknown keys, unknown or
// doubled checks, unknown parameters and expressions that do not compile are
// errors that name file, line and column.
//
// The scope of a check says what its expressions are asked about: the document
// or the database once, or each component or finding. They see the variables
// document, coverage, score, database, context and params, and component or finding in
// that scope; the fields are those of the types in facts.go.
//
//	applies   false: not-applicable, or this component is left out
//	pass      must be true
//	warn      where pass is false and warn true, it is a warning only
//	assessed  where nothing fails and this is false, the rule is not-assessed
//
// In the scopes component and finding a rule fails if more than params.limit
// subjects fail, or, where params.minShare is given, if less than that share of
// them passes. Findings are counted by advisory, so that one vulnerability in
// twelve packages of one source counts once.
//
// Facts of components are small comparable values; equal ones are judged once,
// so that the cost of a check does not grow with the document. An expression
// has a cost limit; what exceeds it is an error, never a pass.
//
// # Decision
//
// A rule counts as failed if its state is fail, or not-assessed unless the pack
// says otherwise for that rule. A failed rule is of class risk (known to be
// bad) or evidence (cannot tell); one that was not assessed is always of class
// evidence.
//
//   - reject: a blocker fails, or more than maxHigh high rules fail, or the
//     worst case has a grade worse than rejectAt. The class is risk if that
//     holds for the rules of class risk, or the known score, alone; else it is
//     evidence, and the document goes back to the vendor.
//   - accept-with-conditions: some high or medium rule fails, or the grade is
//     worse than acceptAt or withheld, or a greater share than
//     maxUnassessedShare is not assessed.
//   - accept: otherwise.
//
// An unreadable or empty document is rejected for evidence whatever the pack
// says, and its other rules are not-assessed. Three rules are blockers of class
// evidence in every pack, listed or not: doc.readable, db.full (the starter
// database can never give more than "could not tell") and cov.any (not one
// component assessed).
//
// A pack helps to check, it does not certify.
package policy

// Notice is what every report says of a decision.
const Notice = "This helps you check; it does not certify."
