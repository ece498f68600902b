"""A measurement runs in a process of its own, with the modules of the checkout that it is of."""

from pathlib import Path
from types import ModuleType

from benchmarks.checkouts import gigabytes, measure_in

WORK = """
import json, os, sys
from infrastructure import NAME
print("warming up")
print(json.dumps({"name": NAME, "arguments": sys.argv[1:], "folder": os.getcwd(), "memory": 2.5e9}))
"""


def test_it_finds_what_the_checkouts_own_code_does(tmp_path: Path) -> None:
    checkout, room, work = tmp_path / "older", tmp_path / "room", ModuleType("work")
    (checkout / "infrastructure").mkdir(parents=True)
    (checkout / "infrastructure" / "__init__.py").write_text("NAME = 'older'\n")
    room.mkdir()
    work.__file__ = str(tmp_path / "work.py")
    Path(work.__file__).write_text(WORK)

    found = measure_in(checkout, work, "whole", room / "source.yaml", room / "out")

    assert found["name"] == "older"
    assert found["arguments"] == ["whole", str(room / "source.yaml"), str(room / "out")]
    assert Path(found["folder"]).resolve() == room.resolve()
    assert gigabytes(found) == "2.50"
