// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"errors"
	"fmt"
)

// SupportPoints are the points of components by what is known of their support.
type SupportPoints struct {
	Ended    Weight `yaml:"ended"`
	Unknown  Weight `yaml:"unknown"`
	Extended Weight `yaml:"extended"`
	Soon     []Soon `yaml:"soon"`
}

// Weight are points for a system (an operating system, firmware, a platform, a
// library of cryptography) and for any other component.
type Weight struct {
	System float64 `yaml:"system"`
	Other  float64 `yaml:"other"`
}

// Soon holds for an end of support in less than so many months.
type Soon struct {
	Below  int     `yaml:"below"`
	System float64 `yaml:"system"`
	Other  float64 `yaml:"other"`
}

func (w Weight) of(system bool) float64 {
	if system {
		return w.System
	}
	return w.Other
}

// validate holds the points against P4: nothing that can be known of a component
// may cost more than not knowing it.
func (s *SupportPoints) validate() error {
	most := s.Unknown
	list := []Weight{s.Unknown, s.Ended, s.Extended}
	for i, soon := range s.Soon {
		if soon.Below <= 0 || i > 0 && soon.Below <= s.Soon[i-1].Below {
			return errors.New("support.soon: bounds must grow")
		}
		list = append(list, Weight{soon.System, soon.Other})
	}
	for _, w := range list {
		for _, points := range [...]float64{w.System, w.Other} {
			if !(points >= 0 && points <= 100) {
				return errors.New("support: points are not between 0 and 100")
			}
		}
		if w.System > most.System || w.Other > most.Other {
			return errors.New("support: unknown must cost as much as the worst that can be known")
		}
	}
	return nil
}

// Support is what the points of a component's support depend on.
type Support struct {
	Ended    bool // past its end, or abandoned
	Extended bool // goes on only for those who pay or ask for it
	Dated    bool // Months holds
	Months   int  // whole months to its end
	System   bool
}

// Support returns the points of a component whose level of support is known, and
// how they came about.
func (m *Model) Support(v Support) (points float64, rule string) {
	kind := "component"
	if v.System {
		kind = "system or cryptography"
	}
	p := &m.SupportPoints
	switch {
	case v.Ended:
		points = p.Ended.of(v.System)
		return points, fmt.Sprintf("%g for a %s whose support has ended", points, kind)
	case v.Extended:
		points = p.Extended.of(v.System)
		return points, fmt.Sprintf("%g for a %s in extended support", points, kind)
	case v.Dated:
		for _, soon := range p.Soon {
			if v.Months < soon.Below {
				points = Weight{soon.System, soon.Other}.of(v.System)
				return points, fmt.Sprintf("%g for a %s whose support ends in less than %d months", points, kind, soon.Below)
			}
		}
	}
	return 0, "0: supported"
}

// RuleSupport is the evidence rule of components whose support is not known.
const RuleSupport = "support-unknown"

// SupportUnknown is the issue of a product with components whose support is not
// known, one for all of them; system says that one of them is a system.
func (m *Model) SupportUnknown(system bool) Issue {
	points, kind := m.SupportPoints.Unknown.of(system), "component"
	if system {
		kind = "system or cryptography"
	}
	return Issue{
		ID: evidencePrefix + RuleSupport, Title: "Components whose end of support nobody states", Class: ClassEvidence, Points: points,
		Rule:   fmt.Sprintf("%g for a %s of unknown support, as if it had ended", points, kind),
		Action: "Ask for the level and the end of support of each component, or why there is none",
	}
}
