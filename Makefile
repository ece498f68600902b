# Everything a person may want to do. `make help` lists it; `make run` and `make test` need nothing else first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SOURCE ?= sources/synthetic.yaml
CONFIG ?=
INVENTORY ?= $(wildcard ../shared/data/ingredients)
PORT ?= 3000
WORKERS ?= 2
K ?= 10
OUT ?= recs.parquet
OVERLAY ?= local
# What builds an image: anything that takes "-t NAME -f FILE CONTEXT".
IMAGE_BUILD ?= $(firstword $(foreach tool,docker podman buildah,$(and $(shell command -v $(tool)),$(tool)))) build
export PORT
export BENTOML_DO_NOT_TRACK := True
export DO_NOT_TRACK := 1

# uv does not read pip's configuration: hand over the index and certificates that pip would use,
# so that a machine behind a mirror needs no second setting.
pip_setting = $(shell $(PYTHON) -m pip config get $(1) 2>/dev/null)
export UV_DEFAULT_INDEX ?= $(or $(PIP_INDEX_URL),$(call pip_setting,global.index-url),$(call pip_setting,:env:.index-url))
ifeq ($(strip $(UV_DEFAULT_INDEX)),)
unexport UV_DEFAULT_INDEX
endif
export UV_NATIVE_TLS := true
export UV_HTTP_TIMEOUT ?= 180

config_option = $(if $(CONFIG),--config $(CONFIG))

.PHONY: help
help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-20s %s\n", $$1, $$2}'

# --- set-up -----------------------------------------------------------------------------------------

$(VENV)/.ready: requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: '$(PYTHON)' was not found (set PYTHON=...)."; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check "uv==$$(sed -n 's/^uv==//p' requirements.txt)"
	@$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python -r requirements.txt
	@$(BIN)/uv pip install -q --no-deps --python $(BIN)/python -e .
	@touch $@

.PHONY: setup
setup: $(VENV)/.ready ## install the pinned requirements into .venv

.PHONY: requirements
requirements: $(VENV)/.ready ## compile the pinned requirements anew from the ranges in pyproject.toml
	$(BIN)/uv pip compile -q --no-emit-index-url --no-emit-find-links --all-extras --group serving pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --no-emit-index-url --no-emit-find-links --group serving -c requirements.txt -o serving/requirements.txt
	$(BIN)/uv pip compile -q --no-emit-index-url --no-emit-find-links --group serving --group otlp -c serving/requirements.txt -o serving/requirements-otlp.txt
	$(BIN)/uv pip compile -q --no-emit-index-url --no-emit-find-links --group spark -c requirements.txt -o requirements-spark.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --group docs -c requirements.txt -o requirements-docs.txt

# --- the loop ---------------------------------------------------------------------------------------

.PHONY: run
run: setup ## raw data -> features -> hybrid -> gate -> Bento -> served (SOURCE=, CONFIG=, SERVE=0|1, PORT=)
	@$(BIN)/python -m pipelines run --source $(SOURCE) $(config_option) $(if $(SERVE),--serve $(SERVE))

.PHONY: serve
serve: setup ## serve the present champion of SOURCE on PORT
	@$(BIN)/python -m serving --source $(SOURCE) $(config_option)

.PHONY: recommend
recommend: setup ## fit on everything in SOURCE and write every customer's K recommendations to OUT
	@$(BIN)/python -m recommender recommend --source $(SOURCE) --out $(OUT) --k $(K) $(config_option)

.PHONY: benchmark-quality
benchmark-quality: setup ## tables of every model family and the hybrid on SOURCE (SPLIT=last|time|random|rolling|customers), of who has LEAST= products or more, over DRAWS= draws from SEED= on, settings chosen anew for each with TUNED=1 (TRIALS=)
	@$(BIN)/python -m recommender benchmark-quality --source $(SOURCE) $(config_option) \
		$(if $(SPLIT),--split $(SPLIT)) $(if $(DATE),--date $(DATE)) $(if $(LEAST),--least $(LEAST)) \
		$(if $(DRAWS),--draws $(DRAWS)) $(if $(SEED),--seed $(SEED)) $(if $(TUNED),--tuned) \
		$(if $(TRIALS),--trials $(TRIALS)) $(if $(FIGURES),--figures $(FIGURES))

.PHONY: benchmark-diversity
benchmark-diversity: setup ## what unlike products in a list cost in NDCG on SOURCE, for several values of the setting
	@$(BIN)/python -m recommender benchmark-diversity --source $(SOURCE) $(config_option)

.PHONY: benchmark-serving
benchmark-serving: setup ## our service beside the same engine in other servers, by wrk, on SOURCE's champion (ROUNDS=, FIGURES=)
	@$(BIN)/python -m benchmarks.serving --source $(SOURCE) $(config_option) \
		$(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(FIGURES),--figures $(FIGURES))

.PHONY: benchmark-engine
benchmark-engine: setup ## how long the engine alone takes for a request, at SOURCE's champion's size and at larger ones
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.engine --source $(SOURCE) $(if $(ROUNDS),--rounds $(ROUNDS)) \
		$(if $(FIGURES),--figures $(FIGURES))

.PHONY: benchmark-reasons
benchmark-reasons: setup ## how often a product's score falls without the cause that its reason names, on SOURCE's champion (FIGURES=)
	@$(BIN)/python -m benchmarks.reasons --source $(SOURCE) $(if $(FIGURES),--figures $(FIGURES))

.PHONY: benchmark-data
benchmark-data: setup ## preparation and features by number of interactions, up to ten million, beside pandas doing the same (ROUNDS=, FIGURES=)
	@$(BIN)/python -m benchmarks.data $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(FIGURES),--figures $(FIGURES))

.PHONY: benchmark-fit
benchmark-fit: setup ## how time, memory and bundle of a fit grow from a tenth of Amazon Beauty's size to ten times, and how a hundred times is refused (SIZES=, NETWORK_UP_TO=, FIGURES=)
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.fit $(if $(SIZES),--sizes $(SIZES)) \
		$(if $(NETWORK_UP_TO),--network-up-to $(NETWORK_UP_TO)) $(if $(FIGURES),--figures $(FIGURES))

.PHONY: benchmark-cleaning
benchmark-cleaning: setup ## how much of the synthetic shop's planted dirt cleaning finds, and what becomes of the rows of real SOURCES (FIGURES=)
	@$(BIN)/python -m benchmarks.cleaning --synthetic sources/synthetic.yaml $(if $(SOURCES),--sources $(SOURCES)) \
		$(if $(FIGURES),--figures $(FIGURES))

.PHONY: mlserver
mlserver: setup ## an environment for MLServer, which benchmark-serving then measures too
	@test -x var/mlserver/venv/bin/python || $(PYTHON) -m venv var/mlserver/venv
	@$(BIN)/uv pip install -q --python var/mlserver/venv/bin/python -r benchmarks/serving/mlserver.txt \
		$$(grep -E '^(mmh3|numpy|orjson|prometheus-client|psutil|pydantic|pyyaml|redis)==' serving/requirements.txt)

.PHONY: tune
tune: setup ## search for the parameters of SOURCE (TRIALS=); goes on where it was interrupted
	@$(BIN)/python -m recommender tune --source $(SOURCE) $(config_option) $(if $(TRIALS),--trials $(TRIALS))

.PHONY: collect
collect: setup ## take in what customers of SOURCE did (POST /v1/events) on COLLECTOR_PORT
	@$(BIN)/python -m monitoring collect --source $(SOURCE) $(config_option)

.PHONY: benchmark-collector
benchmark-collector: setup ## how many events a second the collector takes, beside plain inserts by the same driver
	@$(BIN)/python -m monitoring load --figures docs/figures

.PHONY: monitor
monitor: setup ## one round of monitoring for SOURCE: drift, performance, and a retraining if they call for it (DRY=1: decide only)
	@$(BIN)/python -m monitoring monitor --source $(SOURCE) $(config_option) $(if $(DRY),--dry-run)

.PHONY: status
status: setup ## one page that says how the recommender of SOURCE is doing, for who has no Grafana
	@$(BIN)/python -m monitoring status --source $(SOURCE) $(config_option)

.PHONY: forget
forget: setup ## remove CUSTOMER= from raw data, features, online store, logs and the next model of SOURCE, and prove it
	@$(BIN)/python -m monitoring forget --source $(SOURCE) $(config_option) --customer $(CUSTOMER)

.PHONY: simulate
simulate: setup ## a year of a synthetic shop: never retraining, every week, and by the trigger; tables and a picture
	@$(BIN)/python -m monitoring simulate --figures docs/figures

.PHONY: alarms
alarms: setup ## how often drift is told where there is none, and where there is, by simulation
	@$(BIN)/python -m monitoring alarms --figures docs/figures

.PHONY: experiment
experiment: setup ## what the experiment with the challenger has shown so far, as a report
	@$(BIN)/python -m monitoring experiment --source $(SOURCE) $(config_option)

.PHONY: power
power: setup ## how many customers an experiment needs, from the log of SOURCE or from RATE= (ANSWERS= a customer)
	@$(BIN)/python -m monitoring power --source $(SOURCE) $(config_option) \
		$(if $(RATE),--rate $(RATE)) $(if $(ANSWERS),--answers $(ANSWERS))

.PHONY: survey
survey: setup ## hand out a user test: lists of the champion and the challenger (or AGAINST= a version), blinded
	@$(BIN)/python -m monitoring survey --source $(SOURCE) $(config_option) $(if $(AGAINST),--against $(AGAINST))

.PHONY: survey-report
survey-report: setup ## take in a filled sheet of the user test (RATINGS=), and tell what all ratings say (SURVEY=)
	@$(BIN)/python -m monitoring survey-report --source $(SOURCE) $(config_option) \
		$(if $(RATINGS),--ratings $(RATINGS)) $(if $(SURVEY),--survey $(SURVEY))

.PHONY: experiments
experiments: setup ## simulate experiments that are looked at daily, and write how often the verdict is right
	@$(BIN)/python -m monitoring experiments --figures docs/figures

.PHONY: drift
drift: setup ## inject drift into the synthetic shop, send traffic and watch the loop close by itself
	@$(BIN)/python -m monitoring drift $(config_option)

.PHONY: config
config: setup ## print every parameter of SOURCE with its value and meaning
	@$(BIN)/python -m recommender config --source $(SOURCE) $(config_option)

.PHONY: validate-knowledge
validate-knowledge: setup ## check the knowledge of ingredients against SOURCE's labels and an inventory (INVENTORY=, FIGURES=)
	@$(BIN)/python -m recommender validate-knowledge --source $(SOURCE) \
		$(if $(INVENTORY),--inventory $(INVENTORY)) $(if $(FIGURES),--figures $(FIGURES))

.PHONY: quarantine
quarantine: setup ## what cleaning rejects and empties in SOURCE as it is now, by rule, with EXAMPLES of each
	@$(BIN)/python -m recommender quarantine --source $(SOURCE) $(config_option) $(if $(EXAMPLES),--examples $(EXAMPLES))

.PHONY: compile
compile: setup ## compile the pipelines to YAML anew
	@$(BIN)/python -m pipelines compile

# --- the cluster that KUBECONFIG names ---------------------------------------------------------------

.PHONY: images
images: setup ## list every image that OVERLAY needs, ours and others'
	@$(BIN)/python -m deployment images --overlay k8s/overlays/$(OVERLAY)

.PHONY: build-images
build-images: setup ## build our own images (IMAGE_BUILD="docker build")
	@for name in serving pipeline; do \
		image=$$($(BIN)/python -m deployment images --overlay k8s/overlays/$(OVERLAY) | grep "beauty-recommender-$$name:"); \
		case $$name in serving) where="serving/Containerfile serving" ;; *) where="pipelines/Containerfile ." ;; esac; \
		$(IMAGE_BUILD) -t $$image -f $$where || exit 1; \
	done

.PHONY: mirror
mirror: setup ## copy every image that OVERLAY needs to REGISTRY, with skopeo
	@for image in $$($(BIN)/python -m deployment images --overlay k8s/overlays/$(OVERLAY)); do \
		skopeo copy --all docker://$$image docker://$(REGISTRY)/$${image##*/} || exit 1; \
	done

.PHONY: cluster-up
cluster-up: setup ## a cluster in Docker (kind) with KServe and the images that OVERLAY needs, as far as they were built
	@k8s/kind/up $$($(BIN)/python -m deployment images --overlay k8s/overlays/$(OVERLAY))

.PHONY: cluster-down
cluster-down: ## delete the cluster that cluster-up made
	@k8s/kind/down

.PHONY: doctor
doctor: setup ## say what the cluster lacks before OVERLAY can be deployed, and how to get it
	@$(BIN)/python -m deployment doctor --overlay k8s/overlays/$(OVERLAY)

.PHONY: deploy
deploy: setup ## apply the manifests of OVERLAY, train the first model where there is none, ask for a recommendation
	@$(BIN)/python -m deployment deploy --overlay k8s/overlays/$(OVERLAY)

.PHONY: submit
submit: setup ## run PIPELINE=training|monitoring|tuning for SOURCE on the cluster: RUNNER=job, or kfp at KFP_ENDPOINT
	@$(BIN)/python -m pipelines submit --source $(SOURCE) $(config_option) \
		$(if $(PIPELINE),--pipeline $(PIPELINE)) $(if $(RUNNER),--runner $(RUNNER)) $(if $(SCHEDULE),--schedule "$(SCHEDULE)")

.PHONY: undeploy
undeploy: setup ## delete all that OVERLAY brought, models and events included
	@$(BIN)/python -m deployment undeploy --overlay k8s/overlays/$(OVERLAY)

# --- checks -----------------------------------------------------------------------------------------

.PHONY: test
test: setup lint ## lint, types, import rules and all tests (WORKERS=2 at once)
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --ignore tests/drills
	@$(BIN)/python -m pytest tests/drills

.PHONY: test-spark
test-spark: var/spark/.ready ## clean tables, features and joins by DuckDB beside Spark (needs Java; pyspark goes into var/spark, not into .venv)
	@PYTHONPATH=var/spark $(BIN)/python -m pytest tests/recommender/features/test_engines.py tests/recommender/data/test_prepare_engines.py tests/feature_repo -rA

var/spark/.ready: $(VENV)/.ready requirements-spark.txt
	@$(BIN)/uv pip install -q --no-deps --python $(BIN)/python --target var/spark -r requirements-spark.txt
	@touch $@

.PHONY: reference
reference: setup ## write the reference pages that follow from the code (columns, source file keys, cleaning rules)
	@$(BIN)/python -m recommender.reports.reference docs/figures

.PHONY: site
site: var/zensical/.ready ## build the site from docs/ into var/site; a broken link fails it
	@PYTHONPATH=var/zensical $(BIN)/python -m zensical build --strict --clean

var/zensical/.ready: $(VENV)/.ready requirements-docs.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --target var/zensical -r requirements-docs.txt
	@touch $@

.PHONY: fuzz
fuzz: setup ## 10,000 requests drawn from the OpenAPI document and around it: none may end in an error of ours
	@OPENAPI_REQUESTS=10000 $(BIN)/python -m pytest tests/serving/test_openapi.py --timeout 7200

.PHONY: drills
drills: setup ## break what serving rests on while customers ask; figures of errors, p99, recovery (FIGURES=)
	@OUTAGE_SECONDS=20 $(BIN)/python -m pytest tests/drills $(if $(FIGURES),--drill-figures $(FIGURES))

.PHONY: audit
audit: setup ## known faults in the pinned packages, where the advisory service can be reached
	@.ci/audit

.PHONY: sbom
sbom: setup ## bill of materials of the serving image's Python packages (CycloneDX): var/sbom.json
	@mkdir -p var
	@$(BIN)/uv tool run -q --from cyclonedx-bom==7.5.0 cyclonedx-py requirements serving/requirements.txt \
		--of JSON --output-reproducible -o var/sbom.json
	@echo "wrote var/sbom.json"

.PHONY: test-cluster
test-cluster: setup ## the platform on the cluster that KUBECONFIG names, in namespaces of its own, which are deleted (TESTS=)
	@TEST_CLUSTER=1 $(BIN)/python -m pytest $(or $(TESTS),tests/cluster) -p no:xdist -rA

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
