# Two commands for everything: `make run` and `make test`. Both install what is missing.
SWIFT ?= swift
CONFIGURATION ?= release
BINARY = .build/$(CONFIGURATION)/lora-explorer
# One BLAS thread: the series run side by side instead, and results do not depend on the machine.
export OPENBLAS_NUM_THREADS = 1

.PHONY: run build test tools format lint clean

run: build
	@$(BINARY) $(ARGS)

build: tools
	@$(SWIFT) build -c $(CONFIGURATION) --product lora-explorer

# The whole suite, in release: numerical code is slow otherwise. ARGS="--filter Golden" runs a part of it.
test: tools
	@$(SWIFT) build -c $(CONFIGURATION) --product lora-explorer
	@$(SWIFT) test -c $(CONFIGURATION) $(ARGS)

tools:
	@sh scripts/install-tools

format:
	@$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint:
	@$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

clean:
	rm -rf .build
