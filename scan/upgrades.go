// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"strings"
	"sync"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/purl"
)

// upgrades remembers the version to go to for what a scan has met: products
// share their components, and to find that version means to evaluate every
// advisory of the package for each of its fixes. All workers share it.
type upgrades struct {
	find func(p purl.Package, fixes []string) (string, error)

	mu    sync.RWMutex
	known map[upgradeKey]string
}

// upgradeKey is all that the answer depends on, but for the database.
type upgradeKey struct{ ecosystem, release, name, version, fixes string }

// maxUpgrades bounds the memory: what is met later is worked out each time.
const maxUpgrades = 1 << 15

func newUpgrades(m *match.Matcher) *upgrades {
	return &upgrades{find: m.Upgrade, known: make(map[upgradeKey]string)}
}

func (u *upgrades) get(p *purl.Package, fixes []string) (string, error) {
	key := upgradeKey{p.Ecosystem, p.Release, p.Name, p.Version, strings.Join(fixes, "\n")}
	u.mu.RLock()
	version, ok := u.known[key]
	u.mu.RUnlock()
	if ok {
		return version, nil
	}
	version, err := u.find(*p, fixes)
	if err != nil {
		return "", err
	}
	// Copies: what comes from a document is a view of its text.
	for _, s := range []*string{&key.ecosystem, &key.release, &key.name, &key.version, &key.fixes, &version} {
		*s = strings.Clone(*s)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.known) < maxUpgrades {
		u.known[key] = version
	}
	return version, nil
}
