// SPDX-License-Identifier: Apache-2.0

// Package budget keeps the program small and quick to start (DESIGN §5): the
// size of the binary, the cost of doing nothing, package initialisation, and
// growth with the input. Nothing here asserts wall time. The race detector has
// costs of its own, so the budgets are held without it.
package budget
