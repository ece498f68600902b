#!/usr/bin/env bash
# typer 0.29.2: `typer.prompt` does not take click's parameter types any more.
#
# Typer brings a copy of click of its own (`typer._click`) since it no longer depends on click. Its `prompt` is click's
# by name, arguments and documentation, yet a type such as `click.IntRange` is none of its copy's types: where click 8.5.1
# asks and answers 2, typer raises an AssertionError without a message, and only once the question is asked in a
# terminal. `value_proc=` works in both.
#
# Seen: click 8.5.1 gives 2; typer 0.29.2 raises AssertionError, message ''; with value_proc it gives 2.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check typer==0.29.2 click==8.5.1

cat > "$room/ask.py" <<'PYTHON'
import io
import sys

import click
import typer


def asked(prompt, **how):
    sys.stdin = io.StringIO("2\n")
    try:
        return repr(prompt("How many", **how))
    except AssertionError as error:
        return f"AssertionError, message {str(error)!r}"


print("click.prompt, click.IntRange:", asked(click.prompt, type=click.IntRange(1, 3)))
print("typer.prompt, click.IntRange:", asked(typer.prompt, type=click.IntRange(1, 3)))
print("typer.prompt, value_proc:", asked(typer.prompt, value_proc=int))
PYTHON

"$room/venv/bin/python" "$room/ask.py" | sed 's/^How many: //' | tee "$room/seen"
diff "$room/seen" - <<'SEEN'
click.prompt, click.IntRange: 2
typer.prompt, click.IntRange: AssertionError, message ''
typer.prompt, value_proc: 2
SEEN
echo "as recorded"
