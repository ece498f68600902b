"""How a function becomes a Kubeflow component: which image it runs in, and that nothing is installed there."""

from collections.abc import Callable
from typing import Final

from kfp import dsl
from kfp.dsl.pipeline_task import PipelineTask

IMAGE: Final = "beauty-recommender-pipeline:0.1.0"
"""The image that every step of every pipeline runs in."""


def component(function: Callable[..., object]) -> Callable[..., PipelineTask]:
    """Make ``function`` a component; its body imports what it needs, because KFP ships only its text."""
    return dsl.component(function, base_image=IMAGE, install_kfp_package=False)
