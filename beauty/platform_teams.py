"""What keeps the platform going: events, people who want to be forgotten, and the cluster that KUBECONFIG names."""

from typing import Annotated, Final

import typer

from beauty.options import LOCAL, SYNTHETIC, ConfigFile, Overlay, Source
from beauty.terminal import FAILED


def collect(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    port: Annotated[
        int,
        typer.Option(
            "--port", "-p", envvar="COLLECTOR_PORT", min=0, max=65535, metavar="PORT", help="Port that is listened on."
        ),
    ] = 3001,
) -> None:
    """Take in what customers did, `POST /v1/events`, until stopped."""
    from feedback.collector import serve
    from monitoring.metrics import MonitoringMetrics
    from settings.config import configuration, workspace_of

    workspace = workspace_of(source)
    serve(workspace, configuration(source, config).monitoring.collector, port, MonitoringMetrics(workspace))


def forget(
    customer: Annotated[str, typer.Option("--customer", metavar="ID", help="Id of the customer, as the shop has it.")],
    source: Source,
    config: ConfigFile = None,
) -> None:
    """Remove a customer's rows from everything that is kept, and report what is left; ends with 1 if any is."""
    from rich.console import Console

    from privacy.erasure import erase_customer
    from privacy.report import print_report
    from settings.config import configuration, workspace_of

    salt = configuration(source, config).serving.customer_salt
    raise typer.Exit(print_report(Console(), *erase_customer(workspace_of(source), customer, salt)))


def doctor(overlay: Overlay = LOCAL) -> None:
    """Say what the cluster lacks before an overlay can be deployed, and how to get it."""
    from deployment.doctor import examine

    findings = examine(overlay)
    _tell("\n".join(str(finding) for finding in findings))
    if any(finding.required and not finding.ok for finding in findings):
        raise typer.Exit(FAILED)


def deploy(overlay: Overlay = LOCAL) -> None:
    """Apply an overlay, train the first model where there is none, and ask for a recommendation."""
    from deployment import platform

    platform.deploy(overlay, _tell)


def undeploy(overlay: Overlay) -> None:
    """Delete all that an overlay brought, models and events included."""
    from deployment import platform

    platform.undeploy(overlay, _tell)


def images(overlay: Overlay = LOCAL) -> None:
    """List the images that an overlay needs, ours and others'."""
    from deployment.manifests import build_manifests, container_images

    _tell("\n".join(container_images(build_manifests(overlay))))


def ask(
    address: Annotated[str, typer.Option("--address", metavar="URL", help="URL of the service.")],
    customer: Annotated[str, typer.Option("--customer", metavar="ID", help="Who is asked for.")] = "somebody-new",
) -> None:
    """Ask a service for recommendations with KServe's client."""
    import json

    from deployment.sample_request import request_recommendations

    _tell(json.dumps(request_recommendations(address, customer)))


def _tell(text: str) -> None:
    print(text, flush=True)


COMMANDS: Final = (collect, forget, doctor, deploy, undeploy, images, ask)
