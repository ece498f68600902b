"""Runs a compiled pipeline on this machine: ``python -m pipelines.local FILE``, started by ``pipelines.runner``.

The process reads the pipeline's arguments as one line of JSON from its standard input and then lives only as
long as that input stays open: when the runner is gone, however it went, this process and every step it
started go too.
"""

import json
import os
import signal
import sys
import tempfile
import threading
import warnings

from kfp import components, local


def main() -> None:
    """Run the pipeline file named on the command line; a failing step ends this with an error."""
    arguments = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_die_with_the_runner, daemon=True).start()
    # Steps run in this environment, not in the image that the pipeline names.
    warnings.filterwarnings("ignore", message="You may be attemping to run a task that uses custom")
    with tempfile.TemporaryDirectory() as scratch:
        local.init(
            local.SubprocessRunner(use_venv=False),
            pipeline_root=arguments.pop("pipeline_root"),
            workspace_root=scratch,
        )
        components.load_component_from_file(sys.argv[1])(**arguments)


def _die_with_the_runner() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
