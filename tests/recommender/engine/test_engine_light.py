"""What an answer may not wait for."""

import json
import subprocess
import sys

HEAVY = ("scipy", "lightgbm", "pandas", "pyarrow", "sklearn", "jax", "implicit", "optuna")

ASKS = """
import json, sys
from pathlib import Path
from recommender.engine.engine import Engine
from recommender.contract.query import Profile, Query
engine = Engine.load(Path(sys.argv[1]))
known = Query("x", products=engine.catalogue.product_ids[:3], times=(1, 2, 3))
unknown = Query("y", profile=Profile(age=30, skin_type="dry", avoided_ingredients=("fragrance",), concerns=("acne",)))
paths = [answer.path for answer in engine.recommend([known, unknown])]
print(json.dumps({"paths": paths, "modules": [*sys.modules], "ranker": engine.hybrid.ranker is not None}))
"""


def test_the_engine_answers_without_what_only_fitting_needs(model):
    done = subprocess.run([sys.executable, "-c", ASKS, str(model)], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["paths"][0] == "personal"
    assert found["paths"][1] != "personal"
    assert found["ranker"]
    assert not {*HEAVY} & {*found["modules"]}
