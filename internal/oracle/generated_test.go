// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/vulndb"
)

var (
	full   = flag.Bool("full", false, "every package of the data, not one in twelve")
	update = flag.Bool("update", false, "write the counts of the classes that were met")
	only   = flag.String("ecosystem", "", "this ecosystem alone, counts not held (for looking into one)")
)

// sampleStep is how many packages there are for one in the sample.
const sampleStep = 12

// Sizes of the documents, in components. Those of which the engine knows no
// ecosystem cost it nothing, but have by far the most advisories each, and medsbom
// tells 250,000 findings of a document.
const (
	portionSize       = 600
	silentPortionSize = 100
)

// portions cuts the components by ecosystem.
func portions(list []component) [][]component {
	var all [][]component
	for len(list) > 0 {
		ecosystem := base(list[0].key.ecosystem)
		most := portionSize
		if engineEcosystem(list[0].purl).IsEmpty() {
			most = silentPortionSize
		}
		n := 0
		for n < len(list) && n < most && base(list[n].key.ecosystem) == ecosystem {
			n++
		}
		all = append(all, list[:n])
		list = list[n:]
	}
	return all
}

func TestGenerated(t *testing.T) {
	data, db := load(t), database(t)
	step, name := uint32(sampleStep), "sample"
	if *full {
		step, name = 1, "full"
	}
	list := data.generate(step)
	if *only != "" {
		list = slices.DeleteFunc(list, func(c component) bool { return base(c.key.ecosystem) != *only })
	}
	work := make(chan []component)
	var group sync.WaitGroup
	var mutex sync.Mutex
	total := newTally()
	for range 2 {
		dir := t.TempDir()
		e, err := newEngine(dir, data)
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			for portion := range work {
				part := newTally()
				if err := part.judge(e, dir, portion, db); err != nil {
					t.Errorf("%s %s and what follows: %v", portion[0].key.ecosystem, portion[0].name, err)
				}
				mutex.Lock()
				total.add(part)
				mutex.Unlock()
			}
		})
	}
	for _, portion := range portions(list) {
		work <- portion
	}
	close(work)
	group.Wait()
	total.report(t, "generated-"+name)
}

// judge has a portion judged by all and tallies how they agree.
func (t *tally) judge(e *engine, dir string, portion []component, db *vulndb.DB) error {
	file := filepath.Join(dir, "bom.json")
	if err := writeBOM(file, portion); err != nil {
		return err
	}
	defer os.Remove(file)
	if err := e.use(namesOf(portion)); err != nil {
		return err
	}
	theirs, err := e.scan(file, portion)
	crashed := errors.Is(err, errPanic)
	if crashed {
		theirs = make([][]string, len(portion))
		t.crashes++
	} else if err != nil {
		return fmt.Errorf("osv-scanner: %w", err)
	}
	mine, err := ours(db, file)
	if err != nil {
		return fmt.Errorf("medsbom: %w", err)
	}
	if len(mine) != len(portion) {
		return fmt.Errorf("medsbom: %d components of %d", len(mine), len(portion))
	}
	for i := range portion {
		t.component(e.data, &portion[i], &mine[i], theirs[i], crashed)
	}
	return nil
}

// namesOf gives what the engine must have to judge a portion: by the zip that it
// opens, the names.
func namesOf(portion []component) map[string][]string {
	names := map[string][]string{}
	for i := range portion {
		eco := string(engineEcosystem(portion[i].purl).Ecosystem)
		if eco == "" {
			continue
		}
		name := purl.FoldName(eco, portion[i].name)
		if list := names[eco]; len(list) == 0 || list[len(list)-1] != name {
			names[eco] = append(list, name)
		}
	}
	return names
}
