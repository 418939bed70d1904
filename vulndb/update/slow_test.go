// SPDX-License-Identifier: Apache-2.0

package update

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a time that goes on only when it is told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// drip is a body of n bytes, each read of which takes so long and gives so many.
type drip struct {
	clock *clock
	left  int
	piece int
	takes time.Duration
}

func (d *drip) Read(b []byte) (int, error) {
	if d.left == 0 {
		return 0, io.EOF
	}
	d.clock.pass(d.takes)
	n := min(d.piece, d.left, len(b))
	d.left -= n
	copy(b, bytes.Repeat([]byte("x"), n))
	return n, nil
}

func (d *drip) Close() error { return nil }

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// patient makes a client that waits for nothing and asks f.
func patient(retries int, c *clock, f roundTrip) *client {
	t := tuning{
		now: c.time, wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		client: func(h *http.Client) { h.Transport = f },
	}
	t.defaults()
	return newClient(&Options{Retries: retries, tuning: t})
}

// TestSlowServers: a byte every 20 seconds never stalls and never ends.
func TestSlowServers(t *testing.T) {
	for name, test := range map[string]struct {
		left, piece int
		takes       time.Duration
		want        string
	}{
		"a byte every 20 seconds":                   {50_000, 1, 20 * time.Second, "less than 1024 bytes a second came (3 attempts)"},
		"900 bytes a second":                        {500_000, 900, time.Second, "less than 1024 bytes a second came (3 attempts)"},
		"slow, but not too slow":                    {500_000, 1100, time.Second, ""},
		"a short body may take its time":            {2, 1, 25 * time.Second, ""},
		"a pause in a good rate":                    {5 << 20, 64 << 10, 50 * time.Second, ""},
		"the rate counts when a long pause is over": {5 << 20, 30 << 10, 59 * time.Second, "less than 1024"},
	} {
		t.Run(name, func(t *testing.T) {
			c := &clock{}
			attempts := 0
			client := patient(2, c, func(r *http.Request) (*http.Response, error) {
				attempts++
				return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: int64(test.left), Body: &drip{c, test.left, test.piece, test.takes}, Request: r}, nil
			})
			var to memory
			_, err := client.get(t.Context(), request{url: "http://x/", limit: 1 << 30}, &to)
			if test.want == "" {
				if err != nil || to.Len() != test.left {
					t.Errorf("%d bytes, %v", to.Len(), err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || attempts != 3 {
				t.Errorf("%d attempts, got %v", attempts, err)
			}
		})
	}
}

// TestEndlessAttempts: a server that begins anew each time makes no headway,
// however much it sends, and one that resumes for ever comes to an end too.
func TestEndlessAttempts(t *testing.T) {
	cutOff := errors.New("cut off")
	for name, test := range map[string]struct {
		resumes bool
		want    int
	}{
		"begins anew":      {false, 5},
		"resumes for ever": {true, maxAttempts},
	} {
		t.Run(name, func(t *testing.T) {
			attempts := 0
			client := patient(4, &clock{}, func(r *http.Request) (*http.Response, error) {
				attempts++
				head := http.Header{"Etag": {`"x"`}}
				size := headway + 1 // now more, now less than the time before
				if attempts%2 == 0 && !test.resumes {
					size = 3 * headway
				}
				answer := &http.Response{StatusCode: 200, Header: head, ContentLength: 1 << 40, Request: r, Body: io.NopCloser(io.MultiReader(bytes.NewReader(make([]byte, size)), &broken{cutOff}))}
				var from int64
				if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil && test.resumes {
					answer.StatusCode = 206
					head.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, int64(1<<40)-1, int64(1<<40)))
				}
				return answer, nil
			})
			_, err := client.get(t.Context(), request{url: "http://x/", limit: 1 << 41}, nothing{})
			if !errors.Is(err, cutOff) || attempts != test.want || !strings.Contains(err.Error(), fmt.Sprintf("(%d attempts)", test.want)) {
				t.Errorf("%d attempts, want %d; got %v", attempts, test.want, err)
			}
		})
	}
}

type broken struct{ err error }

func (b *broken) Read([]byte) (int, error) { return 0, b.err }

type nothing struct{}

func (nothing) Write(b []byte) (int, error) { return len(b), nil }
func (nothing) restart() error              { return nil }

// TestSlowRecords: records that come one by one and too slowly are given up for
// the zip.
func TestSlowRecords(t *testing.T) {
	s := newSite(t)
	s.server.publish("npm", npm(100, 100))
	s.must("kev updated, osv/npm updated")
	b := npm(100, 100)
	c := &clock{}
	s.tuning.now = c.time
	for i := range 20 {
		id := fmt.Sprintf("GHSA-0000-0000-%04d", i)
		b[id] = b[id].Add(time.Hour)
		s.server.fault("/npm/"+id+".json", func(http.ResponseWriter, *http.Request, []byte) bool {
			c.pass(5 * time.Second)
			return false
		})
	}
	s.server.publish("npm", b)
	s.server.asked()
	s.words(s.must("kev unchanged, osv/npm updated"), "osv/npm", "less than 60 records a minute came: the whole zip is fetched")
	if !slices.Contains(s.server.asked(), "/npm/all.zip") {
		t.Error("the zip was not asked for")
	}
}
