"""Every provider against its fixtures: replies in, the very records out."""

import json
import re
from pathlib import Path

import pytest

from generator import providers
from tests.replay import Case, outcome

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(file.parent for file in FIXTURES.glob("*/*/case.toml"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_the_replies_give_the_expected_records(folder: Path) -> None:
    found = json.loads(json.dumps(outcome(Case(folder))))
    expected = folder / "expected.json"
    if not expected.exists():
        text = json.dumps(found, indent=1, ensure_ascii=False)
        expected.write_text(text + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was missing and has been written: review and commit it")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("platform", providers.platforms())
def test_every_platform_has_fixtures(platform: str) -> None:
    assert any(folder.parent.name == platform for folder in CASES)


@pytest.mark.parametrize("platform", providers.platforms())
def test_every_platform_keeps_a_logbook(platform: str) -> None:
    source = Path(providers.__file__).with_name(f"{platform}.py").read_text(encoding="utf-8")
    logbook = source.split('"""')[1]
    for field in ("Seen at:", "History:", "Quirks:"):
        assert re.search(rf"^{field} +\S", logbook, re.MULTILINE), f"{platform} lacks {field}"


@pytest.mark.parametrize("platform", providers.platforms())
def test_a_platforms_options_are_those_that_its_logbook_tells_and_its_code_reads(
    platform: str,
) -> None:
    source = Path(providers.__file__).with_name(f"{platform}.py").read_text(encoding="utf-8")
    _, logbook, code = source.split('"""', 2)
    _, _, told = logbook.partition("Options:")
    known = providers.options(platform)
    assert tuple(re.findall(r"(?m)^ +(\w+): ", told)) == known
    read = set(re.findall(r"""options(?:\.get\(|\[)["'](\w+)["']""", code))
    assert read | ({"time_zone"} if "zone_of" in code else set()) == set(known)
