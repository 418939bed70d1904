// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const head = "id: mine\ntitle: Mine\nedition: \"1\"\n"

func TestPackErrors(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"empty", " \n", "p.yaml: the file is empty"},
		{"unknown key", head + "rulez: []\n", "line 4"},
		{"extends is not there yet", head + "extends: hospital-baseline\nrules: [{check: doc.author}]\n", "extends"},
		{"unknown key of a rule", head + "rules:\n  - {check: doc.author, sevrity: high}\n", "line 5"},
		{"key twice", head + "id: again\nrules: [{check: doc.author}]\n", "line 4"},
		{"two documents", head + "rules: [{check: doc.author}]\n---\nid: x\n", "document"},
		{"no id", "title: x\nedition: x\nrules: [{check: doc.author}]\n", "p.yaml: id, title and edition are required"},
		{"no rules", head, "p.yaml: the pack has no rules"},
		{"unknown check", head + "rules:\n  - {check: doc.author}\n  - {check: doc.auther}\n", `p.yaml:6:13: there is no check "doc.auther"`},
		{"check twice", head + "rules:\n  - check: doc.author\n  - check: doc.author\n", `p.yaml:6:12: check "doc.author" is listed twice`},
		{"severity", head + "rules:\n  - {check: doc.author, severity: grave}\n", `p.yaml:5:13: check "doc.author": severity "grave"`},
		{"unknown parameter", head + "rules:\n  - {check: doc.fresh, params: {maxAge: 3}}\n", `p.yaml:5:13: check "doc.fresh" has no parameter "maxAge"; it has: maxAgeDays`},
		{"type of a parameter", head + "rules:\n  - {check: doc.fresh, params: {maxAgeDays: soon}}\n", `p.yaml:5:13: check "doc.fresh": parameter "maxAgeDays" must be of the same type as 365`},
		{"share of a document", head + "rules:\n  - {check: doc.author, params: {minShare: 0.5}}\n", `has no parameter "minShare"; it has: none`},
		{"mandatory made light", head + "rules:\n  - {check: cov.any, severity: low}\n", `p.yaml:5:13: check "cov.any" is a blocker in every pack`},
		{"mandatory waived", head + "rules:\n  - {check: doc.readable, notAssessed: warn}\n", `is a blocker in every pack`},
		{"not assessed", head + "rules:\n  - {check: doc.author, notAssessed: pass}\n", `notAssessed "pass" is not fail or warn`},
		{"grade", head + "params: {rejectAt: G}\nrules: [{check: doc.author}]\n", `grade "G" is not A to F, or none`},
		{"negative", head + "params: {maxHigh: -1}\nrules: [{check: doc.author}]\n", "maxHigh must not be negative"},
		{"share", head + "params: {maxUnassessedShare: 25}\nrules: [{check: doc.author}]\n", "maxUnassessedShare must be between 0 and 1"},
		{"a list for a text", head + "rules:\n  - check: [doc.author]\n", "line 5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parsePack("p.yaml", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "p.yaml") {
				t.Errorf("want an error with %q, got %v", tt.want, err)
			}
		})
	}
}

// A check of the user's own, with what is to be wrong in it.
func ownCheck(key, value string) string {
	lines := []string{
		"id: own.check", "title: T", "scope: component", "class: evidence", "severity: low",
		"pass: component.hasName", "fails: f", "remedy: r",
	}
	for i, l := range lines {
		if strings.HasPrefix(l, key+":") {
			lines[i] = key + ": " + value
			key = ""
		}
	}
	if key != "" {
		lines = append(lines, key+": "+value)
	}
	return head + "rules: [{check: own.check}]\nchecks:\n  - " + strings.Join(lines, "\n    ") + "\n"
}

func TestCheckErrors(t *testing.T) {
	tests := []struct {
		name, key, value, want string
	}{
		{"undefined field", "pass", "component.hasNam", `p.yaml:11:20: check "own.check": pass: undefined field 'hasNam'`},
		{"quoted", "pass", `"!component.hasNam"`, `p.yaml:11:22: check "own.check": pass: undefined field 'hasNam'`},
		{"block", "pass", "|\n      component.hasName &&\n      component.hasNam", `p.yaml:13: check "own.check": pass: undefined field 'hasNam'`},
		{"syntax", "pass", "component.hasName &&", `p.yaml:11:31: check "own.check": pass: Syntax error`},
		{"not true or false", "pass", "document.ageDays", `pass gives int, not true or false`},
		{"other scope", "pass", "finding.kev", `pass uses finding, which scope component does not have there`},
		{"no subject in assessed", "assessed", "component.hasName", `assessed uses component, which scope component does not have there`},
		{"parameter of another check", "pass", "document.ageDays < params.maxAgeDays", `uses the parameter "maxAgeDays", which the check does not declare`},
		{"parameter of nobody", "pass", "document.ageDays < params.days", `p.yaml:11:30: check "own.check": pass: undeclared reference to 'params'`},
		{"type of a parameter", "params", "{maxAgeDays: long}", `parameter "maxAgeDays" has another type than in check "doc.fresh"`},
		{"parameter is a list", "params", "{days: [1]}", `parameter "days" is not a number, text or true/false`},
		{"placeholder", "fails", `"{conut} of them"`, `p.yaml:12:12: check "own.check": placeholder {conut} is not known here`},
		{"scope", "scope", "product", `scope "product" is not document, component, finding or database`},
		{"class", "class", "bad", `class "bad" is not risk or evidence`},
		{"owner", "owner", "nobody", `owner "nobody" is not vendor or buyer`},
		{"severity", "severity", "bad", `severity "bad" is not blocker`},
		{"id of ours", "id", "doc.author", `p.yaml:6:9: check "doc.author" is there already`},
		{"no remedy", "remedy", `""`, "title, pass, fails and remedy are required"},
		{"too deep", "pass", strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100), "recursion limit"},
		{"too long", "pass", strings.Repeat("true && ", 600) + "true", "exceeds limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parsePack("p.yaml", []byte(ownCheck(tt.key, tt.value)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("want an error with %q, got %v", tt.want, err)
			}
		})
	}
}

func TestOwnCheckAndOwnPack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(file, []byte(ownCheck("severity", "blocker")), 0o600); err != nil {
		t.Fatal(err)
	}
	packs, err := Load([]string{Default, file})
	if err != nil {
		t.Fatal(err)
	}
	if packs[1].ID != "mine" || len(packs[1].Rules) != 4 {
		t.Fatalf("want the pack mine with the mandatory rules and its own, got %+v", packs[1])
	}
	f := goodFacts()
	f.AddComponent(Component{}, 9)
	d := evaluate(t, packs[1], f)
	if d.Outcome != Reject || d.Class != ClassEvidence || d.Rules[3].Subjects[0] != 9 {
		t.Errorf("want reject/evidence for component 9, got %+v", d)
	}
	if _, err := Load([]string{file, file}); err == nil {
		t.Error("one id twice: want an error")
	}
}

// TestDefectsOf holds that a policy can ask for defects of one code.
func TestDefectsOf(t *testing.T) {
	text := strings.Replace(ownCheck("scope", "document"), "pass: component.hasName", `pass: '!("id-duplicate" in document.defectsOf)'`, 1)
	pack, err := parsePack("p.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for want, counts := range map[State]map[string]int{
		Pass: nil, Fail: {"id-duplicate": 2, "key-twice": 1},
	} {
		f := goodFacts()
		f.Document.DefectsOf = counts
		d := evaluate(t, pack, f)
		if got := d.Rules[len(d.Rules)-1].State; got != want {
			t.Errorf("%v: want %v, got %v", counts, want, got)
		}
	}
}

func TestLoad(t *testing.T) {
	if diff := cmp.Diff([]string{Default}, List()); diff != "" {
		t.Errorf("packs (-want +got):\n%s", diff)
	}
	for _, name := range List() {
		p := loadOne(t, name)
		if p.ID != name || p.Question == "" || len(p.Digest) != 64 || p.Effective == "" {
			t.Errorf("pack %s is not complete: %+v", name, p)
		}
	}
	for name, want := range map[string]string{
		"hospital":        "built in are hospital-baseline",
		"no/such.yaml":    "no such file",
		t.TempDir() + "/": "not a file",
	} {
		if _, err := Load([]string{name}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want an error with %q, got %v", name, want, err)
		}
	}
}

// An expression that is too dear is stopped, and is no pass.
func TestCostLimit(t *testing.T) {
	list := "[" + strings.Repeat("1,", 60) + "1]"
	dear := list + ".all(a, " + list + ".all(b, " + list + ".all(c, a + b + c > 0)))"
	p, err := parsePack("p.yaml", []byte(ownCheck("pass", `"`+dear+`"`)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Evaluate(goodFacts())
	if err == nil || !strings.Contains(err.Error(), "cost limit exceeded") || !strings.Contains(err.Error(), "own.check") {
		t.Errorf("want an error that names the check and the cost limit, got %v", err)
	}
}

func TestDigestCoversPack(t *testing.T) {
	a, b := digest([]byte("a")), digest([]byte("b"))
	if a == b || a != digest([]byte("a")) {
		t.Errorf("digests %s and %s", a, b)
	}
}

func FuzzPack(f *testing.F) {
	f.Add(head + "rules:\n  - {check: doc.fresh, params: {maxAgeDays: 3}}\n")
	f.Add(ownCheck("pass", "component.hasName && size([1,2].filter(x, x > 1)) == 1"))
	f.Add(ownCheck("warn", `"params.limit > 1.0"`))
	text, err := packFiles.ReadFile("packs/hospital-baseline.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePack("p.yaml", []byte(text))
		if err != nil {
			return
		}
		facts := goodFacts()
		facts.AddFinding(Finding{KEV: true, Strong: true}, 0, 0)
		if d, err := p.Evaluate(facts); err == nil && d.Outcome == "" {
			t.Errorf("no outcome: %+v", d)
		}
		// Whatever a pack says, an unreadable document is rejected.
		if d, err := p.Evaluate(&Facts{}); err == nil && (d.Outcome != Reject || d.Class != ClassEvidence) {
			t.Errorf("an unreadable document got %s/%s", d.Outcome, d.Class)
		}
	})
}
