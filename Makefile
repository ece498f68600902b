# Set-up, checks, and the commands that need nothing before them: `make run` and `make test`. `make help` lists all;
# whatever else the platform does is a command of `.venv/bin/beauty`.
.DEFAULT_GOAL := help
export BENTOML_DO_NOT_TRACK := True
export DO_NOT_TRACK := 1

# What is typed on make's command line reaches programs in their environment, letter by letter: make does not expand it,
# and no recipe puts it into a shell's command. Commands read BEAUTY_NAME for each NAME here. What recipes are made of
# is overridden after that, as it does reach a shell.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(eval override $(name) := $$(value $(name)))$(eval export $(name))))
override SHELL := /bin/bash
override VENV := .venv
override BIN := $(VENV)/bin
override NAMES := SOURCE CONFIG PORT SERVE OUT K OVERLAY SPLIT DATE LEAST DRAWS SEED TUNED TRIALS ROUNDS SIZES \
	NETWORK_UP_TO SOURCES FIGURES
override READERS := run serve recommend build-images mirror cluster-up benchmark-%
$(foreach name,$(NAMES),$(if $(value $(name)),$(eval $(READERS): export BEAUTY_$(name) := $$(value $(name)))))
override quoted = '$(subst ','\'',$(1))'
unexport quoted version instead

.PHONY: help
help: ## list what can be done
	@grep -hE '^[a-z%-]+:.*## ' Makefile | sort | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'
	@echo "  $(BIN)/beauty init FOLDER writes the source file of your own shop; beauty --help lists every other command"

# --- set-up -----------------------------------------------------------------------------------------

# An environment of another version than the one that PYTHON names is made anew; without PYTHON it stays.
override version = $(shell $(1) -c 'import sys; print(sys.version_info[:2])' 2>/dev/null)
override OTHER_VERSION :=
ifneq ($(value PYTHON),)
ifneq ($(call version,$(call quoted,$(value PYTHON))),$(call version,$(BIN)/python))
override OTHER_VERSION := other-version
.PHONY: $(OTHER_VERSION)
$(OTHER_VERSION):
endif
endif

$(VENV)/.ready: requirements.txt pyproject.toml $(OTHER_VERSION)
	@test -z "$(OTHER_VERSION)" && $(BIN)/python -c '' 2>/dev/null || { \
		python=$$(.ci/python) && echo "Setting up $(VENV) with $$python (once, about a minute) ..." && \
		"$$python" -m venv --clear $(VENV); }
	@$(BIN)/python -m pip install -q --disable-pip-version-check "uv==$$(sed -n 's/^uv==//p' requirements.txt)"
	@.ci/uv pip install -q --compile-bytecode --python $(BIN)/python -r requirements.txt
	@.ci/uv pip install -q --no-deps --python $(BIN)/python -e .
	@touch $@

.PHONY: setup
setup: $(VENV)/.ready ## install the pinned requirements into .venv, with the newest Python that is there (PYTHON=)

override compile := .ci/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links

.PHONY: requirements
requirements: setup ## compile the pinned requirements anew from the ranges in pyproject.toml
	$(compile) --all-extras --group serving pyproject.toml -o requirements.txt
	$(compile) --group serving -c requirements.txt -o serving/requirements.txt
	$(compile) --group serving --group otlp -c serving/requirements.txt -o serving/requirements-otlp.txt
	$(compile) --group spark -c requirements.txt -o requirements-spark.txt
	$(compile) --group docs -c requirements.txt -o requirements-docs.txt

# --- commands ---------------------------------------------------------------------------------------

.PHONY: run serve recommend
run: setup ## raw data -> features -> hybrid -> gate -> Bento -> served (SOURCE=, CONFIG=, SERVE=0|1, PORT=)
serve: setup ## serve the present champion of SOURCE (CONFIG=, PORT=)
recommend: setup ## fit on everything in SOURCE and write every customer's K recommendations to OUT (CONFIG=)
run serve recommend:
	@$(BIN)/beauty $@

benchmark-%: setup ## measure, simulate or demonstrate: quality, serving, drift-demo ... (.venv/bin/python -m benchmarks --help)
	@$(BIN)/python -m benchmarks $(call quoted,$*)

.PHONY: mlserver
mlserver: setup ## an environment for MLServer, which benchmark-serving then measures too
	@test -x var/mlserver/venv/bin/python || $(BIN)/python -m venv var/mlserver/venv
	@.ci/uv pip install -q --python var/mlserver/venv/bin/python -r benchmarks/serving/mlserver.txt \
		$$(grep -E '^(cachetools|mmh3|numpy|orjson|prometheus-client|psutil|pydantic|pyyaml|redis)==' serving/requirements.txt)

# Commands that are easily looked for here.
override ELSEWHERE := init tune collect monitor status forget experiment power survey survey-report config \
	validate-knowledge quarantine compile images doctor deploy submit undeploy experiments simulate alarms drift
$(ELSEWHERE): override instead = $(BIN)/beauty $@
experiments: override instead = make benchmark-experiments
simulate: override instead = make benchmark-simulated-year
alarms: override instead = make benchmark-drift-alarms
drift: override instead = make benchmark-drift-demo

.PHONY: $(ELSEWHERE)
$(ELSEWHERE):
	@echo "Error: make $@ is no target; the command is: $(instead)" >&2; exit 2

# --- images and a cluster ---------------------------------------------------------------------------

.PHONY: build-images
build-images: setup ## build our own images that OVERLAY needs (IMAGE_BUILD=, what takes "-t NAME -f FILE FOLDER")
	@set -f; build=$${IMAGE_BUILD:-$$(command -v docker podman buildah | head -n 1) build}; \
	for name in serving pipeline; do \
		image=$$($(BIN)/beauty images | grep "beauty-recommender-$$name:"); \
		case $$name in serving) where="serving/Containerfile serving" ;; *) where="pipelines/Containerfile ." ;; esac; \
		$$build -t "$$image" -f $$where || exit 1; \
	done

.PHONY: mirror
mirror: setup ## copy every image that OVERLAY needs to REGISTRY, with skopeo
	@for image in $$($(BIN)/beauty images); do \
		skopeo copy --all "docker://$$image" "docker://$$REGISTRY/$${image##*/}" || exit 1; \
	done

.PHONY: cluster-up
cluster-up: setup ## a cluster in Docker (kind) with KServe and the images that OVERLAY needs, as far as they were built
	@k8s/kind/up $$($(BIN)/beauty images)

.PHONY: cluster-down
cluster-down: ## delete the cluster that cluster-up made
	@k8s/kind/down

# --- checks -----------------------------------------------------------------------------------------

.PHONY: test
test: setup lint ## lint, types, import rules and the tests of all that is installed (WORKERS=2 at once)
	@$(BIN)/python -m pytest --numprocesses "$${WORKERS:-2}" --dist loadfile --ignore tests/drills --ignore tests/benchmarks

.PHONY: test-benchmarks
test-benchmarks: setup ## tests of what measures, simulates and demonstrates, then the drills
	@$(BIN)/python -m pytest --numprocesses "$${WORKERS:-2}" --dist loadfile tests/benchmarks
	@$(BIN)/python -m pytest tests/drills

.PHONY: test-spark
test-spark: var/spark/.ready ## clean tables, features and joins by DuckDB beside Spark (needs Java; pyspark goes into var/spark, not into .venv)
	@PYTHONPATH=var/spark $(BIN)/python -m pytest tests/recommender/features/test_engines.py tests/recommender/data/cleaning/test_prepare_engines.py tests/feature_repo -rA

var/spark/.ready: $(VENV)/.ready requirements-spark.txt
	@.ci/uv pip install -q --no-deps --python $(BIN)/python --target var/spark -r requirements-spark.txt
	@touch $@

.PHONY: reference
reference: setup ## write the reference pages that follow from the code (columns, source file keys, cleaning rules)
	@$(BIN)/python -m recommender.reports.reference docs/figures

.PHONY: site
site: var/zensical/.ready ## build the site from docs/ into var/site; a broken link fails it
	@PYTHONPATH=var/zensical $(BIN)/python -m zensical build --strict --clean

var/zensical/.ready: $(VENV)/.ready requirements-docs.txt
	@.ci/uv pip install -q --python $(BIN)/python --target var/zensical -r requirements-docs.txt
	@touch $@

.PHONY: fuzz
fuzz: setup ## 10,000 requests drawn from the OpenAPI document and around it: none may end in an error of ours
	@OPENAPI_REQUESTS=10000 $(BIN)/python -m pytest tests/serving/protocol/test_openapi.py --timeout 7200

.PHONY: drills
drills: setup ## break what serving rests on while customers ask; figures of errors, p99, recovery (FIGURES=)
	@OUTAGE_SECONDS=20 $(BIN)/python -m pytest tests/drills $${FIGURES:+--drill-figures "$$FIGURES"}

.PHONY: audit
audit: setup ## known faults in the pinned packages, where the advisory service can be reached
	@.ci/audit

.PHONY: sbom
sbom: setup ## bill of materials of the serving image's Python packages (CycloneDX): var/sbom.json
	@mkdir -p var
	@.ci/uv tool run -q --from cyclonedx-bom==7.5.0 cyclonedx-py requirements serving/requirements.txt \
		--of JSON --output-reproducible -o var/sbom.json
	@echo "wrote var/sbom.json"

.PHONY: test-cluster
test-cluster: setup ## the platform on the cluster that KUBECONFIG names, in namespaces of its own, which are deleted (TESTS=)
	@set -f; TEST_CLUSTER=1 $(BIN)/python -m pytest $${TESTS:-tests/cluster} -p no:xdist -rA

.PHONY: test-kfp
test-kfp: setup ## the pipelines on the Kubeflow Pipelines at KFP_ENDPOINT, with a very small shop of their own
	@$(BIN)/python -m pytest tests/kfp -p no:xdist -rA

.PHONY: schemas
schemas: setup ## take the schemas that the manifests are held against from the cluster that KUBECONFIG names
	@PYTHONPATH=.:tests $(BIN)/python tests/k8s/fetch_schemas.py

.PHONY: lint
lint: setup ## ruff, pyright and import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-cache

.PHONY: format
format: setup ## let ruff format and mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: clean
clean: ## remove everything that running wrote (models, stores, reports, caches), not the environment
	rm -rf var recs.parquet .pytest_cache .hypothesis .ruff_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
