# What the README and the workflows call. Needs Go and make; nothing else.

GO      ?= go
BIN     := bin/medsbom
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
COMMIT  ?= $(shell git rev-parse --short HEAD 2>/dev/null)
# Public key and address of the database that a distributor publishes, if any: docs/database.md.
RELEASE_KEY ?=
RELEASE_URL ?=
LDFLAGS := -s -w -X github.com/medsbom/medsbom/internal/cli.version=$(VERSION) -X github.com/medsbom/medsbom/internal/cli.commit=$(COMMIT) \
  -X github.com/medsbom/medsbom/internal/cli.releaseKey=$(RELEASE_KEY) \
  -X github.com/medsbom/medsbom/internal/cli.releaseURL=$(RELEASE_URL)
TOOLS   := $(CURDIR)/bin/tools
FUZZTIME ?= 5s

# Versions of the tools, in one place; they build with the Go of go.mod.
GOFUMPT     := mvdan.cc/gofumpt@v0.12.0
GOLANGCI    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.8.0
OSVSCANNER  := github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.5.0

.PHONY: build demo test check bench fuzz lint vuln tidy oracle oracle-sample clean

build: $(BIN)

$(BIN): FORCE
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./cmd/medsbom

demo: build
	@sh testdata/demo.sh $(BIN)

test:
	$(GO) test $(TESTFLAGS) ./...

# The whole check, as CI runs it.
check: tidy lint
	$(GO) vet ./...
	CGO_ENABLED=1 $(MAKE) --no-print-directory test TESTFLAGS=-race
	$(GO) test ./internal/budget
	$(GO) test -run LoweredOracle ./sbom/spdx
	$(MAKE) --no-print-directory oracle-sample
	$(MAKE) --no-print-directory fuzz
	$(MAKE) --no-print-directory vuln

tidy:
	$(GO) mod tidy -diff
	$(GO) mod verify
	cd internal/oracle && $(GO) mod tidy -diff

lint: $(TOOLS)/gofumpt $(TOOLS)/golangci-lint
	@unformatted=$$($(TOOLS)/gofumpt -l .); test -z "$$unformatted" || { echo "not formatted by gofumpt:"; echo "$$unformatted"; exit 1; }
	$(TOOLS)/golangci-lint run ./...

# Every fuzz target for FUZZTIME. A time that runs out in the middle of an execution
# fails the target although it found nothing (golang.org/issue/75804): that is no finding,
# which is told by its words and by the input that a finding would have left behind.
fuzz:
	@set -e; out=$$(mktemp); trap 'rm -f "$$out"' EXIT; for pkg in $$($(GO) list ./...); do \
	  targets=$$($(GO) test -list '^Fuzz' $$pkg); \
	  for target in $$(echo "$$targets" | grep '^Fuzz' || true); do \
	    echo "fuzz $$pkg $$target"; \
	    if $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$pkg >"$$out" 2>&1; then \
	      tail -n 3 "$$out"; \
	    elif grep -q '^ *context deadline exceeded$$' "$$out" && ! grep -q 'Failing input written' "$$out"; then \
	      grep "^fuzz: elapsed" "$$out" | tail -n 1; echo "fuzz $$target: the time ran out in an execution; nothing was found"; \
	    else cat "$$out"; exit 1; fi; \
	  done; done

# Our own dependencies. A database that cannot be reached is said loudly: it is no pass.
vuln: $(TOOLS)/govulncheck
	@$(TOOLS)/govulncheck ./... || { code=$$?; \
	  if [ $$code -eq 3 ]; then exit 1; fi; \
	  echo "*** govulncheck could not run (exit $$code): OUR OWN DEPENDENCIES WERE NOT CHECKED FOR VULNERABILITIES ***"; }

# Matching held against osv-scanner's own engine and other judges, over all the
# data of MEDSBOM_DATA: some ten minutes. The sample is what CI runs. Both print
# what was compared, and the known differences with their counts.
oracle:
	cd internal/oracle && CGO_ENABLED=0 $(GO) test -count=1 -v -timeout 60m . -args -full
oracle-sample:
	cd internal/oracle && CGO_ENABLED=0 $(GO) test -count=1 -v -timeout 20m .

# Speed and memory beside osv-scanner, on the data of MEDSBOM_DATA; writes docs/benchmarks.md.
bench: build $(TOOLS)/osv-scanner
	MEDSBOM_BENCH_OUT=$(CURDIR)/docs/benchmarks.md OSV_SCANNER=$(TOOLS)/osv-scanner \
	  $(GO) test -run '^$$' -bench . -benchtime 1x -timeout 60m ./internal/bench

$(TOOLS)/gofumpt:
	GOBIN=$(TOOLS) CGO_ENABLED=0 $(GO) install $(GOFUMPT)
$(TOOLS)/golangci-lint:
	GOBIN=$(TOOLS) CGO_ENABLED=0 $(GO) install $(GOLANGCI)
$(TOOLS)/govulncheck:
	GOBIN=$(TOOLS) CGO_ENABLED=0 $(GO) install $(GOVULNCHECK)
$(TOOLS)/osv-scanner:
	GOBIN=$(TOOLS) CGO_ENABLED=0 $(GO) install $(OSVSCANNER)

clean:
	rm -rf bin

FORCE:
