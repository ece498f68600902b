"""What the README promises is there."""

import json
import re

import pytest

from serving.protocol.v1 import decode
from tests.support.paths import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
ROOMS = re.search(r"## Where things are\n(.*?)\n## ", TEXT, re.DOTALL).group(1)


@pytest.mark.parametrize("folder", re.findall(r"`([a-z0-9_]+)/`", ROOMS))
def test_every_room_is_there(folder):
    assert (ROOT / folder).is_dir()


def test_no_room_is_left_out():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= set(re.findall(r"`([a-z0-9_]+)/`", ROOMS))


def test_it_is_one_screen_long():
    assert len(TEXT.split()) <= 450


def test_the_example_request_is_one_that_serving_takes():
    body = re.search(r"predict -d '(.*?)'", TEXT, re.DOTALL).group(1)
    (request,) = decode(body.encode(), default_k=10)
    assert request.k == json.loads(body)["instances"][0]["k"]
    assert request.profile.avoided_ingredients == ("fragrance",)
