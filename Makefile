# Sàn Tỉnh. `make run` serves the demo province, `make test` runs every test.
# Both install what they need from Debian; see scripts/setup.sh.

.PHONY: run test bench bench-search reset lint sqlx
SHELL := /bin/bash
CARGO ?= cargo
export SQLX_OFFLINE ?= true
TARGET := $(or $(CARGO_TARGET_DIR),target)

run:            ## set up, build and serve on http://127.0.0.1:8080
	@scripts/setup.sh run
	$(CARGO) build --release --bin santinh
	@exec $(TARGET)/release/santinh serve --demo

test:           ## formatting, lints, unit, property, architecture, migration, journey, contract and browser tests
	@scripts/setup.sh test
	@scripts/test.sh

bench:          ## measure the release build beside its baselines; LISTINGS=path uses real listings
	@scripts/setup.sh run
	@scripts/bench.sh

bench-search:   ## how right and how fast the search is; LISTINGS, QUERIES, QRELS: tables of one's own
	@scripts/setup.sh run
	@scripts/bench-search.sh

reset:          ## forget the local province: database, files, mails
	@scripts/reset.sh

lint:           ## what `make test` checks before it runs anything
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

sqlx:           ## write .sqlx anew after a query changed
	@scripts/prepare-sqlx.sh
