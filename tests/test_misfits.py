"""What a person wrote wrong is said in the words of the file, whichever file it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from generator.alerts.rules import read_rules
from generator.errors import InputError, LineError
from generator.exchange import read_lines
from generator.settings import read_site

IMPACTS = "none, minor, major, critical, unknown"
LINE: dict[str, Any] = {
    "vendor": "acme",
    "key": "k",
    "title": "Down",
    "kind": "incident",
    "impact": "minor",
    "started_at": "2026-11-20T10:00:00Z",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[hook]\n[chat]\nvendor = 'acme'\n",
            (
                "unknown key 'vendor' in [chat], perhaps vendors; "
                "expected one of vendors, categories, impact, events"
            ),
        ),
        ("[hook]\nimpact = 'huge'\n", f"impact of [hook] is 'huge'; expected one of {IMPACTS}"),
        ("[hook]\nimpact = 3\n", f"impact of [hook] is a number; expected one of {IMPACTS}"),
        (
            "[hook]\nevents = ['new', 'over']\n",
            (
                "events[1] of [hook] is 'over'; "
                "expected one of new, escalated, resolved, reopened, withdrawn"
            ),
        ),
        ("[hook]\nvendors = 'acme'\n", "vendors of [hook] is a text; expected a list"),
        ("hook = 1\n", "[hook] is a number; expected a table"),
    ],
)
def test_a_rule_for_alerts_names_its_target(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "notify.toml"
    file.write_text(text)
    with pytest.raises(InputError) as raised:
        read_rules(file, {}, {})
    assert str(raised.value) == f"{file}: {said}. The README shows how it is written."


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"impact": "awful"}, f"impact of the line is 'awful'; expected one of {IMPACTS}"),
        ({"status": 3}, "status of the line is a number; expected one of open, resolved"),
        ({"title": None}, "title of the line is null; expected a text"),
        ({"ended_at": True}, "ended_at of the line is true or false; expected a text or null"),
        ({"updates": {}}, "updates of the line is an object; expected a list"),
        ({"updates": [{"at": "", "body": ""}]}, "key is missing in updates[0] of the line"),
        (
            {"revisions": [{"body": ""}]},
            (
                "unknown key 'body' in revisions[0] of the line; "
                "expected one of seen_at, field, update_key, before"
            ),
        ),
        ({"kind": "a` - at `$.key`"}, "kind of the line is 'a` - at `$.key`'; expected one of"),
        ({"key": ""}, "key of the line is too short; expected at least 1 letter"),
        ({"vendor": "a" * 81}, "vendor of the line is too long; expected at most 80 letters"),
        ({"kind": "a" * 500}, f"kind of the line is '{'a' * 59}…; expected one of"),
    ],
)
def test_a_line_of_an_import_names_its_key(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(LineError) as raised:
        list(read_lines([json.dumps({**LINE, **fields}).encode()], "lines"))
    assert str(raised.value).startswith(f"lines:1: {said}")
    assert str(raised.value).endswith(". See the format in the README.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"3", "the line is a number; expected an object"),
        (b"{", "the line is not JSON: "),
        (b'{"vendor":"\xff"}', "the line is not JSON: "),
    ],
)
def test_a_line_that_is_no_object_is_said_to_be_none(line: bytes, said: str) -> None:
    with pytest.raises(LineError, match=f"^lines:1: {said}"):
        list(read_lines([line], "lines"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = 5\n", "title is 5; expected a text, in quotes"),
        ("contact = true\n", "contact is true; expected a text, in quotes"),
        ("categories = 'ai'\n", 'categories is "ai"; expected a table'),
        ("[categories]\nai = 1\n", "the category ai is 1; expected a text, in quotes"),
        ("[parts]\nbadges = 'no'\n", 'badges is "no"; expected true or false'),
        (
            "adress = 'https://me.example/'\n",
            (
                "unknown key 'adress', perhaps address; expected one of title, description, "
                "address, contact, repository, authority, categories, parts"
            ),
        ),
    ],
)
def test_a_setting_is_called_as_the_file_calls_it(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "site.toml"
    file.write_text(text)
    with pytest.raises(InputError) as raised:
        read_site(file, None, {})
    assert str(raised.value) == f"{file}: {said}."
