"""The compiled pipelines: the YAML that runs here and on a cluster is one and the same file."""

from pathlib import Path
from typing import Final

TRAINING: Final = Path(__file__).with_name("training.yaml")
TUNING: Final = Path(__file__).with_name("tuning.yaml")
MONITORING: Final = Path(__file__).with_name("monitoring.yaml")


def compile_all() -> list[Path]:
    """Compile every pipeline anew and return the files written."""
    from kfp.compiler import Compiler

    from pipelines.monitoring import monitoring
    from pipelines.training import training
    from pipelines.tuning import tuning

    made = ((training, TRAINING), (tuning, TUNING), (monitoring, MONITORING))
    for pipeline, file in made:
        Compiler().compile(pipeline, str(file))
    return [file for _, file in made]
