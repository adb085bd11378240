# Two commands for everything: `make run` and `make test`. Both install what is missing.
SWIFT ?= swift
CONFIGURATION ?= release
BINARY = .build/$(CONFIGURATION)/lora-explorer
# One BLAS thread: the series run side by side instead, and results do not depend on the machine.
export OPENBLAS_NUM_THREADS = 1

PREFIX ?= /usr/local

.PHONY: run build install test bench bench-ui bench-allocations bench-instructions bench-memory bench-run bench-profile \
	tools format lint clean

run: build
	@$(BINARY) $(ARGS)

build: tools
	@$(SWIFT) build -c $(CONFIGURATION) --product lora-explorer

# The program, its manual page and the completions of three shells; PREFIX=~/.local without root.
install: build
	@install -d $(DESTDIR)$(PREFIX)/bin
	@install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/lora-explorer
	@scripts/install-texts $(BINARY) $(DESTDIR)$(PREFIX)/share

# The whole suite, in release: numerical code is slow otherwise. ARGS="--filter Golden" runs a part of it.
test: tools
	@$(SWIFT) build -c $(CONFIGURATION) --product lora-explorer
	@$(SWIFT) test -c $(CONFIGURATION) $(ARGS)

# The program's mathematics beside NumPy's, PyTorch's and JAX's on the same work; PEERS=numpy for one of them.
bench: tools
	@Benchmarks/bench $(PEERS)

# Bytes and time of the screen on a pseudo-terminal, with the goal beside each number; ARGS=keys for a part.
bench-ui: build
	@python3 Benchmarks/ui/bench-ui $(BINARY) $(ARGS)

# Counts the allocations of every variant's step, which are to be none; needs valgrind.
bench-allocations: tools
	@Benchmarks/allocations

# Compares the instructions of ten runs with those kept in Benchmarks/instructions.csv; ARGS=--update keeps
# new ones. Needs valgrind.
bench-instructions: tools
	@Benchmarks/instructions $(ARGS)

# The memory of ten million recorded steps; takes some minutes.
bench-memory: tools
	@Benchmarks/memory $(ARGS)

# The default run from start to exit beside its steps alone; needs valgrind.
bench-run: tools
	@Benchmarks/run

# What the time of a step goes into; needs perf. ARGS="1024 1024 16 100" for another size.
bench-profile: tools
	@Benchmarks/profile $(ARGS)

tools:
	@sh scripts/install-tools

format:
	@$(SWIFT) format --in-place --recursive Package.swift Sources Tests Benchmarks/Package.swift \
		Benchmarks/Sources/LoRABenchmark

lint:
	@$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift \
		Benchmarks/Sources/LoRABenchmark

clean:
	rm -rf .build
