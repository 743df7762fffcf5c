# `make` lists the targets. uv makes the environment on first use.
UV ?= $(shell command -v uv 2> /dev/null || echo python -m uv)
RUN = $(UV) run

.PHONY: help run test check lab bench bench-search bench-dashboard random sbc plans levers backtests results schema docs cases constraints clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run:  ## the main job: omolab demo
	$(RUN) omolab demo

test:  ## all tests (those that need real histories skip without them)
	$(RUN) pytest -q -n 2 --dist loadfile

check:  ## what CI checks beside the tests: lint, types, notebooks, generated files
	@UV="$(UV)" .ci/check

lab:  ## the notebooks in JupyterLab
	$(UV) run --extra notebooks jupyter lab notebooks

bench:  ## speed beside peers and floors -> results/benchmark.json, docs/performance.md (10-20 minutes)
	$(RUN) python benchmarks/bench.py

bench-search:  ## searches against a known optimum, chance, an allocator -> results/search-benchmark.json
	$(RUN) python benchmarks/search.py

bench-dashboard:  ## the dashboard in a browser: first page, key to effect -> results/dashboard.json
	$(RUN) python benchmarks/dashboard.py

random:  ## the random numbers proved -> results/random.json and docs/random-numbers.md
	$(RUN) python benchmarks/random_battery.py

sbc:  ## synthetic retailers fitted: do intervals hold the truth? -> results/sbc.json
	$(RUN) python benchmarks/sbc.py

plans:  ## the five plans simulated -> results/plans.json
	$(RUN) python benchmarks/plans.py

levers:  ## each lever of a plan moved by itself -> results/levers.json
	$(RUN) python benchmarks/levers.py

backtests:  ## accuracy on the real histories -> results/backtests/<name>/
	$(RUN) python benchmarks/backtests.py

results:  ## the page of results, docs/results.md, from what plans, levers and backtests have left
	$(RUN) python benchmarks/results_page.py

schema:  ## write the JSON schemas of plan.yaml and history.yaml, the glossary and the reference pages
	$(RUN) python .ci/generated.py

docs:  ## the site -> build/site/index.html; warnings are errors, nothing is fetched
	$(UV) run --extra docs sphinx-build -q -W --keep-going -j auto docs build/site

cases:  ## the worked cases, docs/cases/, and the tutorial's figures, from small runs kept in results/runs/case-* (an hour without them)
	$(RUN) python benchmarks/cases.py
	$(RUN) python benchmarks/tutorial.py

constraints:  ## write constraints.txt from this environment, once the tests pass in it
	$(RUN) python .ci/constraints.py

clean:  ## remove caches and build products; runs in results/runs stay
	rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis dist build
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
