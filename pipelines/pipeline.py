"""How a function becomes a Kubeflow pipeline."""

from collections.abc import Callable

from kfp import dsl
from kfp.dsl.base_component import BaseComponent


def pipeline(name: str, description: str) -> Callable[[Callable[..., None]], BaseComponent]:
    """Make a function the pipeline ``name``."""

    def wrap(function: Callable[..., None]) -> BaseComponent:
        made = dsl.pipeline(function, name=name, description=description)
        if not isinstance(made, BaseComponent):
            raise TypeError(f"KFP made no pipeline of {function.__name__}.")
        return made

    return wrap
