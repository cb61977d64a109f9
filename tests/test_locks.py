"""The locks: all that is needed, by its hashes, from wherever it comes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
NEEDED = {
    "requirements.txt": ["setuptools", *PROJECT["dependencies"]],
    "requirements-notify.txt": [*PROJECT["dependencies"], *EXTRAS["notify"]],
    "requirements-publish.txt": [*PROJECT["dependencies"], *EXTRAS["publish"]],
    "requirements-dev.txt": ["setuptools", *PROJECT["dependencies"], *EXTRAS["dev"]],
    "requirements-audit.txt": ["pip-audit"],
}


def test_every_lock_is_looked_at() -> None:
    assert {file.name for file in (ROOT / ".ci").glob("*.txt")} == NEEDED.keys()


@pytest.mark.parametrize("name", NEEDED)
def test_a_lock_holds_all_that_is_needed_by_its_hashes(name: str) -> None:
    text = (ROOT / ".ci" / name).read_text(encoding="utf-8")
    assert "://" not in text, "an address in a lock"
    assert "--index" not in text
    locked = {}
    for entry in re.split(r"\n(?=\S)", text.strip()):
        line, *hashes = (part.strip() for part in entry.split("\\\n"))
        assert hashes, line
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes), line
        pinned = re.fullmatch(r"([\w.-]+)==([\w.]+)(?: ; .+)?", line)
        assert pinned, line
        locked[canonicalize_name(pinned[1])] = pinned[2]
    for text in NEEDED[name]:
        wanted = Requirement(text)
        version = locked.get(canonicalize_name(wanted.name))
        assert version, f"{name} lacks {wanted}: run .ci/lock"
        assert wanted.specifier.contains(version), f"{wanted} is {version} in {name}: run .ci/lock"
