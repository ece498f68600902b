"""``python -m deployment deploy|undeploy|doctor|images|ask``: the platform in a cluster, from a terminal."""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from infrastructure.command_line import FAILED, exit_code

NOBODY: Final = "somebody-new"


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and run the command; returns the exit code."""
    options = _parser().parse_args(arguments)
    return exit_code(lambda: options.command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deployment", description="The platform in a cluster.")
    commands = parser.add_subparsers(required=True)
    for command, about in (
        (_deploy, "apply an overlay, and train the first model where there is none"),
        (_undeploy, "delete all that an overlay brought"),
        (_doctor, "say what the cluster lacks, and how to get it"),
        (_images, "list the images that an overlay needs"),
    ):
        sub = commands.add_parser(command.__name__[1:], help=about)
        sub.add_argument("--overlay", type=Path, required=True, help="folder of the Kustomize overlay")
        sub.set_defaults(command=command)
    ask = commands.add_parser("ask", help="ask a service for recommendations with KServe's client")
    ask.add_argument("--address", required=True, help="URL of the service")
    ask.add_argument("--customer", default=NOBODY, help="who is asked for")
    ask.set_defaults(command=_ask)
    return parser


def _deploy(options: argparse.Namespace) -> None:
    from deployment.platform import deploy

    deploy(options.overlay, _tell)


def _undeploy(options: argparse.Namespace) -> None:
    from deployment.platform import undeploy

    undeploy(options.overlay, _tell)


def _doctor(options: argparse.Namespace) -> int:
    from deployment.doctor import examine

    findings = examine(options.overlay)
    _tell("\n".join(str(finding) for finding in findings))
    return 0 if all(finding.good or not finding.needed for finding in findings) else FAILED


def _images(options: argparse.Namespace) -> None:
    from deployment.images import images
    from deployment.kubectl import manifests

    _tell("\n".join(images(manifests(options.overlay))))


def _ask(options: argparse.Namespace) -> None:
    from deployment.asking import recommendation

    _tell(json.dumps(recommendation(options.address, options.customer)))


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
