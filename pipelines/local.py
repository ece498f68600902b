"""Runs a compiled pipeline on this machine: ``python -m pipelines.local FILE``, started by ``pipelines.runner``.

The process reads the pipeline's arguments as one line of JSON from its standard input and then lives only as
long as that input stays open: when the runner ends, in whatever way, this process and every step that it
started end too.
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
    arguments = json.loads(_read_line())
    threading.Thread(target=_end_with_runner, daemon=True).start()
    # Steps run in this environment, not in the image that the pipeline names.
    warnings.filterwarnings("ignore", message="You may be attemping to run a task that uses custom")
    with tempfile.TemporaryDirectory() as scratch:
        local.init(
            local.SubprocessRunner(use_venv=False),
            pipeline_root=arguments.pop("pipeline_root"),
            workspace_root=scratch,
        )
        components.load_component_from_file(sys.argv[1])(**arguments)


def _read_line() -> bytes:
    """The first line of standard input, and no byte more; not through a buffer, whose lock a thread would keep."""
    line = b""
    while not line.endswith(b"\n"):
        line += os.read(0, 1) or b"\n"
    return line


def _end_with_runner() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
