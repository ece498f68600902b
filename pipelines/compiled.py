"""The compiled pipelines: the YAML that runs here and on a cluster is one and the same file."""

from pathlib import Path
from typing import Final

TRAINING: Final = Path(__file__).with_name("training.yaml")
TUNING: Final = Path(__file__).with_name("tuning.yaml")


def compile_all() -> list[Path]:
    """Compile every pipeline anew and return the files written."""
    from kfp.compiler import Compiler

    from pipelines.training import training
    from pipelines.tuning import tuning

    for pipeline, file in ((training, TRAINING), (tuning, TUNING)):
        Compiler().compile(pipeline, str(file))
    return [TRAINING, TUNING]
