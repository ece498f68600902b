"""Package: the bundle and the service that answers from it become one Bento."""

from kfp import dsl

from components.running.component import component


@component()
def package(model: dsl.Input[dsl.Model], config: str, bento: dsl.Output[dsl.Artifact]) -> None:
    """Build the Bento folder that ``bentoml serve`` and a KServe pod serve as it is.

    Args:
        model: Bundle that is deployed.
        config: Every parameter, as JSON; the Bento takes how it answers from it.
        bento: The Bento.
    """
    from components.running.step import step

    with step("package"):
        from pathlib import Path

        from serving.packaging.package import build_bento
        from settings.config import Config

        build_bento(Path(model.path), Path(bento.path), Config.from_json(config).serving)
        bento.metadata["version"] = model.metadata["version"]
