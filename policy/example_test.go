// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"

	"github.com/medsbom/medsbom/policy"
)

func ExamplePack_Evaluate() {
	packs, err := policy.Load([]string{policy.Default})
	if err != nil {
		fmt.Println(err)
		return
	}
	facts := &policy.Facts{
		Document: policy.Document{Readable: true, Components: 1},
		Coverage: policy.Coverage{Components: 1, Assessed: 1, AssessedShare: 1},
		Score:    policy.Score{Known: 93.1, WorstCase: 94, KnownGrade: "F", WorstCaseGrade: "F"},
	}
	facts.AddComponent(policy.Component{HasName: true, VersionExact: true, Assessed: true}, 0)
	facts.AddFinding(policy.Finding{KEV: true, Strong: true, Severity: "critical"}, 0, 0)
	d, err := packs[0].Evaluate(facts)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Sentence)
	fmt.Println("exit", policy.Gate(d.Outcome, d.Class, policy.FailOnReject).ExitCode())
	// Output:
	// Reject: 1 vulnerability that attackers are known to use; and one more reason.
	// exit 1
}
