"""What the README promises is there."""

import json
import re

import pytest

from serving.protocol.v1 import decode
from tests.support.paths import ROOT

TEXT = (ROOT / "README.md").read_text()
PROJECT, _, _ = TEXT.partition("What running writes")
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_every_command_is_a_target_of_the_makefile():
    named = set(re.findall(r"`make ([a-z-]+)", TEXT)) | set(re.findall(r"^make ([a-z-]+)", TEXT, re.MULTILINE))
    assert {"run", "test", "serve", "recommend", "benchmark-quality", "drift"} <= named
    assert named <= TARGETS


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", TEXT))
def test_every_link_leads_somewhere(target):
    assert target.startswith("https://") or (ROOT / target).exists()


@pytest.mark.parametrize("folder", re.findall(r"^\| `([a-z0-9_]+/)` \|", PROJECT, re.MULTILINE))
def test_every_folder_is_there(folder):
    assert (ROOT / folder).is_dir()


def test_the_example_request_is_one_that_serving_takes():
    body = re.search(r"predict -d '(.*?)'", TEXT, re.DOTALL).group(1)
    (wish,) = decode(body.encode(), default_k=10)
    assert wish.k == json.loads(body)["instances"][0]["k"]
    assert wish.profile.avoided_ingredients == ("fragrance",)
