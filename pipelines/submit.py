"""A run of the training pipeline on a cluster, as one Job."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from deployment.jobs import finish, from_template, start, with_files
from deployment.platform import TRAINING, TRAINING_SECONDS, job_name
from recommender.data.configuration import configuration

CONFIG_FILE: Final = "parameters.json"


def submit_job(source: Path, config: Path | None, namespace: str, tell: Callable[[str], None]) -> None:
    """Run the pipeline in one pod, with the runner that a laptop uses, and follow it to its end.

    The cluster gets the data set's file and all its parameters as they are here, now.

    Raises:
        ConfigError: One of the files is missing or wrong.
        DeploymentError: The platform is not deployed there, or the run failed.
    """
    parameters = configuration(source, config).to_json()
    name = job_name(TRAINING)
    files = {source.name: source.read_text(encoding="utf-8"), CONFIG_FILE: parameters}
    start(with_files(from_template(TRAINING, name, namespace), source.name, CONFIG_FILE), files)
    tell(f"job/{name} runs in namespace {namespace}")
    finish(name, namespace, TRAINING_SECONDS, tell)
