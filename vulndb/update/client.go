// SPDX-License-Identifier: Apache-2.0

package update

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tuning is what tests change.
type tuning struct {
	stall  time.Duration                              // without a byte for so long an answer is given up
	pause  time.Duration                              // before the first further attempt; doubled for each
	now    func() time.Time                           // by which a rate is judged
	wait   func(context.Context, time.Duration) error // between attempts
	writer func(path string, w io.Writer) io.Writer   // what writes files
	name   func(file string) error                    // asked before a file gets its name
	client func(*http.Client)
}

// Bounds of patience.
const (
	defaultStall = 60 * time.Second
	defaultPause = time.Second
	longestPause = 30 * time.Second
	longestAsked = 2 * time.Minute // Retry-After beyond this is not waited for
	headway      = 1 << 20         // bytes that make an attempt no failure
	maxAttempts  = 1000            // for one address, with however much headway
	slowest      = 1 << 10         // bytes a second, over every
	paceWindow   = time.Minute
)

// pace ends what goes on but comes to no end: a server that sends a byte now and
// then never stalls.
type pace struct {
	least int64 // in each window
	since time.Time
	n     int64
}

// slow counts what has come and reports whether a window has ended with too little.
func (p *pace) slow(now time.Time, n int64) bool {
	p.n += n
	if now.Sub(p.since) < paceWindow {
		return false
	}
	slow := p.n*int64(paceWindow) < p.least*int64(now.Sub(p.since))
	p.since, p.n = now, 0
	return slow
}

// naming asks whether a file may get its name.
func (t *tuning) naming(file string) error {
	if t.name == nil {
		return nil
	}
	return t.name(file)
}

func (t *tuning) defaults() {
	if t.stall == 0 {
		t.stall = defaultStall
	}
	if t.pause == 0 {
		t.pause = defaultPause
	}
	if t.now == nil {
		t.now = time.Now
	}
	if t.wait == nil {
		t.wait = func(ctx context.Context, d time.Duration) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(d):
				return nil
			}
		}
	}
}

// client fetches: with conditions, further attempts, resumption and limits.
type client struct {
	http    *http.Client
	agent   string
	retries int
	tuning
}

func newClient(o *Options) *client {
	c := &client{agent: o.UserAgent, retries: max(o.Retries, 0), tuning: o.tuning}
	if c.agent == "" {
		c.agent = "medsbom"
	}
	c.http = &http.Client{
		Transport: &http.Transport{
			Proxy:                  o.Proxy,
			DialContext:            (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:    30 * time.Second,
			MaxIdleConnsPerHost:    16,
			IdleConnTimeout:        90 * time.Second,
			ForceAttemptHTTP2:      true,
			DisableCompression:     true, // checksums and ranges are those of what is stored
			MaxResponseHeaderBytes: 1 << 20,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) >= 10 {
				return errors.New("more than 10 redirections")
			}
			if via[len(via)-1].URL.Scheme == "https" && r.URL.Scheme != "https" {
				return fmt.Errorf("%s redirects from https to %s, which anybody on the way could change", shown(via[0].URL.String()), shown(r.URL.String()))
			}
			r.Header.Del("Referer") // it has the query, which may hold a token
			return nil
		},
	}
	if o.tuning.client != nil {
		o.tuning.client(c.http)
	}
	return c
}

// body is where an answer goes; restart forgets what was written.
type body interface {
	io.Writer
	restart() error
}

// request asks for one address, perhaps only if it has changed.
type request struct {
	url            string
	limit          int64
	etag, modified string // of the copy that we have
	progress       func(done, total int64)
}

// answer is what came.
type answer struct {
	unchanged      bool
	etag, modified string
	bytes          int64
}

// statusError is an answer that is no success.
type statusError struct {
	url    string
	status int
	after  time.Duration
}

func (e *statusError) Error() string {
	return fmt.Sprintf("%s answered %d %s", e.url, e.status, http.StatusText(e.status))
}

func isStatus(err error, status ...int) bool {
	e, ok := errors.AsType[*statusError](err)
	if !ok {
		return false
	}
	return slices.Contains(status, e.status)
}

func isAbsent(err error) bool { return isStatus(err, http.StatusNotFound, http.StatusGone) }

// finalError is not tried again.
type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

// transfer is one body over all its attempts.
type transfer struct {
	request
	to        body
	n         int64 // bytes that to has
	crc       uint32
	total     int64  // -1: not said
	validator string // of what to has; "" if it cannot be resumed
	resumed   bool   // the last answer goes on where the one before was cut
	answer    answer
	want      string // x-goog-hash
}

// get fetches an address into a body.
func (c *client) get(ctx context.Context, r request, to body) (answer, error) {
	t := &transfer{request: r, to: to, total: -1}
	failures := 0
	for attempt := 1; ; attempt++ {
		before := t.n
		t.resumed = false
		err := c.attempt(ctx, t)
		if err == nil {
			return t.answer, nil
		}
		if ctx.Err() != nil {
			return answer{}, ctx.Err()
		}
		// What a server that does not resume has sent is thrown away, and so is no
		// headway.
		if t.resumed && t.n-before >= headway {
			failures = 0
		}
		failures++
		var asked time.Duration
		if e, ok := errors.AsType[*statusError](err); ok {
			asked = e.after
		}
		final := finalError{}
		switch {
		case errors.As(err, &final):
			return answer{}, final.error
		case failures > c.retries, attempt >= maxAttempts:
			if c.retries > 0 {
				err = fmt.Errorf("%w (%d attempts)", err, attempt)
			}
			return answer{}, err
		case asked > longestAsked:
			return answer{}, fmt.Errorf("%w, and asks to come back in %s", err, asked)
		}
		pause := min(c.pause<<min(failures-1, 16), longestPause)
		pause = pause/2 + rand.N(pause/2+1) //nolint:gosec // spreads clients, hides nothing
		if err := c.wait(ctx, max(pause, asked)); err != nil {
			return answer{}, err
		}
	}
}

var (
	errStalled = errors.New("nothing came any more")
	errSlow    = fmt.Errorf("less than %d bytes a second came", slowest)
)

func (c *client) attempt(parent context.Context, t *transfer) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	watch := time.AfterFunc(c.stall, func() { cancel(fmt.Errorf("%w for %s", errStalled, c.stall)) })
	defer watch.Stop()
	failed := func(err error) error {
		if cause := context.Cause(ctx); cause != nil && errors.Is(cause, errStalled) {
			err = cause
		}
		return fmt.Errorf("fetching %s: %w", shown(t.url), err)
	}

	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.url, nil)
	if err != nil {
		return finalError{failed(strip(err))}
	}
	r.Header.Set("User-Agent", c.agent)
	if t.n > 0 && t.validator == "" {
		if err := t.restart(); err != nil {
			return err
		}
	}
	conditional := t.n == 0 && (t.etag != "" || t.modified != "")
	switch {
	case t.n > 0:
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", t.n))
		r.Header.Set("If-Range", t.validator)
	case conditional:
		if t.etag != "" {
			r.Header.Set("If-None-Match", t.etag)
		}
		if t.modified != "" {
			r.Header.Set("If-Modified-Since", t.modified)
		}
	}
	response, err := c.http.Do(r) //nolint:gosec // the user or the publisher names the address
	if err != nil {
		return failed(strip(err))
	}
	defer func() { _ = response.Body.Close() }()
	if err := t.accept(response, conditional); err != nil || t.answer.unchanged {
		return err
	}
	if t.total > t.limit {
		return finalError{fmt.Errorf("%s has %d bytes, more than the limit of %d", shown(t.url), t.total, t.limit)}
	}
	buffer := make([]byte, 64<<10)
	rate := pace{least: slowest * int64(paceWindow/time.Second), since: c.now()}
	for {
		watch.Reset(c.stall)
		n, err := response.Body.Read(buffer)
		if n > 0 {
			if t.n+int64(n) > t.limit {
				return finalError{fmt.Errorf("%s has more than the limit of %d bytes", shown(t.url), t.limit)}
			}
			if _, err := t.to.Write(buffer[:n]); err != nil {
				return finalError{err}
			}
			t.n += int64(n)
			t.answer.bytes += int64(n)
			t.crc = crc32.Update(t.crc, crc32.MakeTable(crc32.Castagnoli), buffer[:n])
			if t.progress != nil {
				t.progress(t.n, max(t.total, 0))
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return failed(strip(err))
		}
		if rate.slow(c.now(), int64(n)) {
			return failed(errSlow)
		}
	}
	return t.finish()
}

// strip takes the address off an error of net/http, which may hold a password.
func strip(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// accept judges the head of an answer.
func (t *transfer) accept(r *http.Response, conditional bool) error {
	status := &statusError{url: shown(t.url), status: r.StatusCode}
	switch {
	case r.StatusCode == http.StatusOK:
		if err := t.restart(); err != nil {
			return err
		}
		t.total = r.ContentLength
	case r.StatusCode == http.StatusPartialContent && t.n > 0:
		var from, to, total int64
		if _, err := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &total); err != nil || from != t.n || (t.total >= 0 && total != t.total) {
			t.validator = "" // begin anew
			return fmt.Errorf("%s resumes at the wrong place (%q)", shown(t.url), r.Header.Get("Content-Range"))
		}
		t.total, t.resumed = total, true
		return nil
	case r.StatusCode == http.StatusNotModified && conditional:
		t.answer = answer{unchanged: true}
		return nil
	case r.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		t.validator = ""
		return status
	case r.StatusCode == http.StatusTooManyRequests, r.StatusCode == http.StatusRequestTimeout, r.StatusCode >= 500:
		status.after = retryAfter(r.Header.Get("Retry-After"))
		return status
	default:
		return finalError{status}
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return finalError{fmt.Errorf("%s is sent as %.20q, which was not asked for", shown(t.url), coding)}
	}
	t.answer.etag, t.answer.modified = r.Header.Get("ETag"), r.Header.Get("Last-Modified")
	t.want = strings.Join(r.Header.Values("X-Goog-Hash"), ",")
	t.validator = ""
	if r.Header.Get("Accept-Ranges") != "none" {
		// Only a strong validator says that the bytes are the same (RFC 9110 §13.1.5).
		if t.answer.etag != "" && !strings.HasPrefix(t.answer.etag, "W/") {
			t.validator = t.answer.etag
		}
	}
	return nil
}

func (t *transfer) restart() error {
	t.n, t.crc, t.total, t.validator = 0, 0, -1, ""
	if err := t.to.restart(); err != nil {
		return finalError{err}
	}
	return nil
}

// finish compares a body that has ended with what was said of it.
func (t *transfer) finish() error {
	if t.total >= 0 && t.n != t.total {
		t.validator = ""
		return fmt.Errorf("%s ends after %d of %d bytes", shown(t.url), t.n, t.total)
	}
	for part := range strings.SplitSeq(t.want, ",") {
		text, ok := strings.CutPrefix(strings.TrimSpace(part), "crc32c=")
		if !ok {
			continue
		}
		sum, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(sum) != 4 || binary.BigEndian.Uint32(sum) != t.crc {
			t.validator = ""
			return fmt.Errorf("%s did not arrive as it was sent: its checksum (CRC32C) differs", shown(t.url))
		}
	}
	return nil
}

// retryAfter reads seconds or a date.
func retryAfter(s string) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 {
		return time.Duration(min(n, 1<<30)) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(time.Until(t), 0)
	}
	return 0
}
