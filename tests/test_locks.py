"""The locks: all that is needed, by its hashes, from wherever it comes."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
NEEDED = {
    "requirements.txt": ["setuptools", *PROJECT["dependencies"]],
    "requirements-notify.txt": [*PROJECT["dependencies"], *EXTRAS["notify"]],
    "requirements-publish.txt": [*PROJECT["dependencies"], *EXTRAS["publish"]],
    "requirements-dev.txt": ["setuptools", *PROJECT["dependencies"], *EXTRAS["dev"]],
    "requirements-site.txt": PYPROJECT["dependency-groups"]["site"],
    "requirements-store.txt": PYPROJECT["dependency-groups"]["store"],
    "requirements-audit.txt": ["pip-audit"],
}


def pins(name: str) -> dict[str, str]:
    """The versions that a lock of pip holds."""
    text = (ROOT / ".ci" / name).read_text(encoding="utf-8")
    lines = re.findall(r"(?m)^([\w.-]+)==([\w.]+)", text)
    return {canonicalize_name(package): version for package, version in lines}


def test_every_lock_is_looked_at() -> None:
    assert {file.name for file in (ROOT / ".ci").glob("*.txt")} == NEEDED.keys()


@pytest.mark.parametrize("name", NEEDED)
def test_a_lock_holds_all_that_is_needed_by_its_hashes(name: str) -> None:
    text = (ROOT / ".ci" / name).read_text(encoding="utf-8")
    assert "://" not in text, "an address in a lock"
    assert "--index" not in text
    locked = pins(name)
    for entry in re.split(r"\n(?=\S)", text.strip()):
        line, *hashes = (part.strip() for part in entry.split("\\\n"))
        assert hashes, line
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes), line
        assert re.fullmatch(r"[\w.-]+==[\w.]+(?: ; .+)?", line), line
    for text in NEEDED[name]:
        wanted = Requirement(text)
        version = locked.get(canonicalize_name(wanted.name))
        assert version, f"{name} lacks {wanted}: run .ci/lock"
        assert wanted.specifier.contains(version), f"{wanted} is {version} in {name}: run .ci/lock"


def test_what_is_installed_side_by_side_is_of_the_same_versions() -> None:
    ours, beside = pins("requirements-dev.txt"), pins("requirements-site.txt")
    assert {name: ours.get(name, version) for name, version in beside.items()} == beside


def test_npms_lock_holds_every_package_by_its_hash_from_wherever_it_comes() -> None:
    lock = json.loads((ROOT / "tests/site/package-lock.json").read_text(encoding="utf-8"))
    meant = json.loads((ROOT / "tests/site/package.json").read_text(encoding="utf-8"))
    packages = lock["packages"]
    assert packages.pop("")["devDependencies"] == meant["devDependencies"]
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name
