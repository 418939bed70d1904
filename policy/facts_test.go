// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// goodComponent and goodFacts are what a good SBOM alone gives.
var goodComponent = Component{
	Support: "supported", SupportSure: true, SupportStated: true,
	HasName: true, HasVersion: true, VersionExact: true, HasProducer: true, HasProducerContact: true,
	HasIdentifier: true, IdentifierValid: true, HasHash: true, StrongHash: true, HasLicence: true, Assessed: true,
}

func goodFacts() *Facts {
	f := &Facts{
		Document: Document{
			Readable: true, Format: "CycloneDX", SpecVersion: "1.6", Encoding: "json",
			HasAuthor: true, HasAuthorContact: true, HasTimestamp: true, AgeDays: 20, HasTool: true, HasToolVersion: true,
			HasLifecycle: true, HasIdentity: true, Signed: true, HasSubjectName: true, HasSubjectVersion: true,
			Components: 3, DependencyEdges: 2, SubjectHasDependencies: true, DependenciesComplete: true,
			CompletenessStated: true, Complete: true,
		},
		Coverage: Coverage{Components: 3, Assessed: 3, AssessedShare: 1},
		Context:  Context{AdvisoriesLoaded: true},
		Score:    Score{Known: 5, WorstCase: 12, KnownGrade: "A", WorstCaseGrade: "A"},
	}
	for i := range 3 {
		f.AddComponent(goodComponent, i)
	}
	return f
}

func TestAddGroups(t *testing.T) {
	f := new(Facts)
	for i := range 100 {
		f.AddComponent(Component{HasName: i%2 == 0}, i)
	}
	if len(f.components.groups) != 2 {
		t.Fatalf("want 2 groups, got %d", len(f.components.groups))
	}
	g := f.components.groups[1]
	want := []int{1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39}
	if g.count != 50 || g.facts.HasName {
		t.Errorf("want 50 components without a name, got %+v", g)
	}
	if diff := cmp.Diff(want, g.refs); diff != "" {
		t.Errorf("refs (-want +got):\n%s", diff)
	}
}
