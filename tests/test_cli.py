"""The command as a person meets it: words in, exit code, sentences and files out."""

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner, Result

from generator.cli import cli
from generator.exchange import schema
from tests.pages import Answer, Pages

PAGE = {"id": "abcdefghijkl", "name": "Acme", "url": "https://status.acme.example"}


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as server:
        yield server


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "vendors").mkdir(parents=True)
    return folder


def outages(*words: object, **how: Any) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], **how)


def add_vendor(data: Path, slug: str, page: str, **facts: str) -> None:
    known = {
        "name": slug.title(),
        "homepage": f"https://{slug}.example",
        "status_page": page,
        "platform": "statuspage",
        "category": "cloud",
    } | facts
    lines = [f'{key} = "{value}"' for key, value in known.items()]
    (data / "vendors" / f"{slug}.toml").write_text("\n".join(lines), encoding="utf-8")


def wire(key: str, title: str, **facts: object) -> dict[str, object]:
    return {
        "id": key,
        "name": title,
        "status": "investigating",
        "created_at": "2026-11-20T10:00:00.123Z",
        "impact": "minor",
        "incident_updates": [
            {
                "id": f"{key}-1",
                "status": "investigating",
                "body": "We look into it.",
                "display_at": "2026-11-20T02:00:00.500-08:00",
            }
        ],
    } | facts


def publish(pages: Pages, name: str, *incidents: object) -> None:
    body = {"page": PAGE, "incidents": incidents}
    pages.json(f"/{name}/api/v2/incidents.json", msgspec.json.encode(body))
    body = {"page": PAGE, "scheduled_maintenances": []}
    pages.json(f"/{name}/api/v2/scheduled-maintenances.json", msgspec.json.encode(body))


def lines(data: Path) -> list[dict[str, object]]:
    result = outages("--data", data, "export")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def snapshot(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        file.relative_to(folder).as_posix(): (
            file.stat().st_mtime_ns,
            hashlib.sha256(file.read_bytes()).hexdigest(),
        )
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_an_incident_goes_from_page_to_site(data: Path, tmp_path: Path, pages: Pages) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    publish(pages, "acme", wire("k1", "Trouble & strife"))
    report = tmp_path / "report.json"
    result = outages("--data", data, "update", "--allow-loopback", "--report", report)
    assert result.exit_code == 0, result.output
    assert "1 page read: 1 with news, 0 failed, 2 requests, " in result.stderr
    (row,) = json.loads(report.read_bytes())["rows"]
    assert (row["vendor"], row["outcome"], row["new"], row["requests"]) == ("acme", "changed", 1, 2)
    assert row["bytes"] > 100
    (line,) = lines(data)
    assert line["slug"] == "2026-11-20-trouble-strife"
    assert line["updates"] == [
        {
            "key": "k1-1",
            "at": "2026-11-20T10:00:00Z",
            "phase": "investigating",
            "phase_raw": "investigating",
            "body": "We look into it.",
            "body_format": "text",
        }
    ]
    out = tmp_path / "site"
    result = outages("--data", data, "build", "--out", out, "--as-of", "2026-11-22")
    assert result.exit_code == 0, result.output
    page = (out / "acme" / "2026-11-20-trouble-strife.html").read_text(encoding="utf-8")
    assert "Trouble &amp; strife" in page


def test_the_second_of_two_runs_over_unchanged_pages_touches_nothing(
    data: Path, tmp_path: Path, pages: Pages
) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    publish(pages, "acme", wire("k1", "Trouble"))
    out = tmp_path / "site"
    for number in (1, 2):
        assert outages("--data", data, "update", "--allow-loopback").exit_code == 0
        assert outages("--data", data, "--out", out, "build").exit_code == 0
        if number == 1:
            archive, site = (data / "outages.db").read_bytes(), snapshot(out)
    assert (data / "outages.db").read_bytes() == archive
    assert snapshot(out) == site


def test_losing_the_state_costs_a_read_and_changes_nothing(data: Path, pages: Pages) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    publish(pages, "acme", wire("k1", "Trouble"))
    outages("--data", data, "update", "--allow-loopback")
    archive = (data / "outages.db").read_bytes()
    (data / "state.db").unlink()
    outages("--data", data, "update", "--allow-loopback")
    assert (data / "outages.db").read_bytes() == archive


def test_an_older_archive_is_read_into_again_although_the_page_is_unchanged(
    data: Path, pages: Pages
) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    publish(pages, "acme", wire("k1", "Trouble"))
    outages("--data", data, "update", "--allow-loopback")
    (data / "outages.db").unlink()
    outages("--data", data, "update", "--allow-loopback")
    assert [line["key"] for line in lines(data)] == ["k1"]


def test_one_undecodable_record_costs_that_record_alone(
    data: Path, tmp_path: Path, pages: Pages
) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    good = [wire(f"k{n}", f"Trouble {n}") for n in range(49)]
    publish(pages, "acme", *good[:20], {"id": "bad", "name": 7}, *good[20:])
    report = tmp_path / "report.json"
    result = outages("--data", data, "update", "--allow-loopback", "--report", report)
    assert result.exit_code == 0
    assert len(lines(data)) == 49
    (fault,) = json.loads(report.read_bytes())["rows"][0]["faults"]
    assert fault["kind"] == "bad record"
    assert "record 21" in fault["reason"]


def test_a_bad_record_is_not_taken_for_a_withdrawal(data: Path, pages: Pages) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    old = wire("k0", "Old", created_at="2026-11-19T10:00:00Z", incident_updates=[])
    publish(pages, "acme", wire("k1", "Trouble"), old)
    outages("--data", data, "update", "--allow-loopback")
    publish(pages, "acme", wire("k1", "Trouble", name=None), old)
    outages("--data", data, "update", "--allow-loopback")
    assert [line["withdrawn_at"] for line in lines(data)] == [None, None]
    publish(pages, "acme", old)
    outages("--data", data, "update", "--allow-loopback")
    assert [line["withdrawn_at"] is None for line in lines(data)] == [True, False]


def test_an_open_incident_that_slid_off_the_list_is_still_followed(
    data: Path, pages: Pages
) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    long_one = wire("long", "Slow leak", created_at="2026-10-01T10:00:00Z")
    publish(pages, "acme", long_one)
    outages("--data", data, "update", "--allow-loopback")
    over = long_one | {"status": "resolved", "resolved_at": "2026-11-20T11:00:00Z"}
    pages.json("/acme/incidents/long.json", msgspec.json.encode(over))
    publish(pages, "acme", wire("k1", "Trouble"))
    outages("--data", data, "update", "--allow-loopback")
    ends = {line["key"]: (line["ended_at"], line["withdrawn_at"]) for line in lines(data)}
    assert ends == {"long": ("2026-11-20T11:00:00Z", None), "k1": (None, None)}


def test_a_page_without_the_usual_lists_is_read_again_from_its_summary(
    data: Path, pages: Pages
) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    summary = {"page": PAGE, "incidents": [wire("k1", "Trouble")]}
    pages.json("/acme/api/v2/summary.json", msgspec.json.encode(summary))
    outages("--data", data, "update", "--allow-loopback")
    summary = {"page": PAGE, "incidents": [wire("k1", "Worse")]}
    pages.json("/acme/api/v2/summary.json", msgspec.json.encode(summary))
    outages("--data", data, "update", "--allow-loopback")
    assert [line["title"] for line in lines(data)] == ["Worse"]


def test_one_failing_page_is_a_row_and_most_failing_is_exit_1(
    data: Path, tmp_path: Path, pages: Pages
) -> None:
    for name in ("acme", "bravo"):
        add_vendor(data, name, f"{pages.address}/{name}")
        publish(pages, name, wire("k1", "Trouble"))
    add_vendor(data, "liar", f"{pages.address}/liar")
    shell = Answer(b"<!doctype html><title>App</title>", headers={"Content-Type": "text/html"})
    pages.answers["/liar/api/v2/incidents.json"] = shell
    report = tmp_path / "report.json"
    result = outages("--data", data, "update", "--allow-loopback", "--report", report)
    assert result.exit_code == 0
    rows = {row["vendor"]: row for row in json.loads(report.read_bytes())["rows"]}
    assert rows["liar"]["outcome"] == "failed"
    assert rows["liar"]["faults"][0]["kind"] == "not what it says"
    assert {line["vendor"] for line in lines(data)} == {"acme", "bravo"}
    assert outages("--data", data, "update", "liar", "--allow-loopback").exit_code == 1


def test_this_machine_is_not_read_without_leave(data: Path, pages: Pages) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    publish(pages, "acme", wire("k1", "Trouble"))
    assert outages("--data", data, "update").exit_code == 1
    assert pages.log.total() == 0


@pytest.mark.parametrize(
    "words",
    ["build", "build --name", "verify", "export", "rollover", "notify"],
)
def test_no_archive_is_not_an_empty_one(data: Path, words: str) -> None:
    done = outages("--data", data, *words.split())
    assert done.exit_code == 2
    assert f"There is no archive at {data}/outages.db." in done.output
    assert "--data" in done.output
    assert f"There is no archive at {data}/outages.db." in outages("--data", data, "doctor").output


def test_a_site_stands_where_the_data_folder_was_mistyped(data: Path, tmp_path: Path) -> None:
    outages("--data", data, "init")
    out = tmp_path / "site"
    assert outages("--data", data, "--out", out, "build").exit_code == 0
    before = {file: file.read_bytes() for file in out.rglob("*") if file.is_file()}
    mistyped = data.with_name("dta")
    assert outages("--data", mistyped, "--out", out, "build").exit_code == 2
    done = outages("--data", mistyped, "update")
    assert f"There is no folder {mistyped}" in done.output
    assert not mistyped.exists()
    assert before == {file: file.read_bytes() for file in out.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"platform": "statuspag"},
            "acme.toml:4: platform is 'statuspag', perhaps statuspage, expected one of",
        ),
        ({"status_page": "status.acme.example"}, "acme.toml:3: status_page is"),
        ({"name": ""}, "acme.toml:1: name is '', expected a text"),
        ({"colour": "red"}, "acme.toml:6: unknown key 'colour'"),
    ],
)
def test_a_broken_vendor_file_stops_everything_before_anything(
    data: Path, facts: dict[str, str], expected: str
) -> None:
    add_vendor(data, "acme", "https://status.acme.example", **facts)
    result = outages("--data", data, "update")
    assert result.exit_code == 2
    assert expected in result.stderr
    assert not (data / "outages.db").exists()


def test_an_unknown_vendor_is_named(data: Path) -> None:
    add_vendor(data, "acme", "https://status.acme.example")
    result = outages("--data", data, "update", "acne")
    assert result.exit_code == 2
    assert "acne.toml" in result.stderr
    assert "Is acme meant?" in result.stderr
    add_vendor(data, "aws", "https://status.aws.example", name="Amazon Web Services")
    result = outages("--data", data, "update", "amazon web services")
    assert "Is aws (Amazon Web Services) meant?" in result.stderr


def test_export_follows_its_schema_and_comes_back_the_same(
    data: Path, tmp_path: Path, pages: Pages
) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    publish(pages, "acme", wire("k1", "Trouble"), wire("k2", "More"))
    outages("--data", data, "update", "--allow-loopback")
    publish(pages, "acme", wire("k1", "Worse", impact="catastrophic"), wire("k2", "More"))
    outages("--data", data, "update", "--allow-loopback")
    for line in lines(data):
        jsonschema.validate(line, schema())
    exported = outages("--data", data, "export").stdout
    (tmp_path / "all.ndjson").write_text(exported, encoding="utf-8")
    other = tmp_path / "other"
    result = outages("--data", other, "import", tmp_path / "all.ndjson")
    assert result.exit_code == 0
    assert "all.ndjson: 2 new, 0 changed.\n" in result.stderr
    assert f"No file in {other}/vendors is of acme" in result.stderr
    assert outages("--data", other, "export").stdout == exported
    before = (other / "outages.db").read_bytes()
    assert outages("--data", other, "import", "-", input=exported).exit_code == 0
    assert (other / "outages.db").read_bytes() == before


def test_the_published_schema_is_that_of_the_code() -> None:
    file = Path(__file__).parents[1] / "data" / "incident.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))


def test_an_import_says_only_what_it_knows_and_edits_become_revisions(data: Path) -> None:
    line = {
        "vendor": "acme",
        "key": "k1",
        "title": "By hand",
        "kind": "incident",
        "impact": "none",
        "started_at": "2020-01-01T00:00:00Z",
        "updates": [],
    }
    assert outages("--data", data, "import", "-", input=json.dumps(line)).exit_code == 0
    edited = json.dumps(line | {"title": "By another hand"})
    assert outages("--data", data, "import", "-", input=edited).exit_code == 0
    (kept,) = lines(data)
    assert (kept["slug"], kept["status"]) == ("2020-01-01-by-hand", "open")
    assert [item["before"] for item in kept["revisions"]] == ["By hand"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "-:2: "),
        ('{"vendor": "../x"}', "-:2: "),
        (json.dumps({"vendor": "acme", "key": "k"}), "title is missing in the line"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_kept(data: Path, text: str, expected: str) -> None:
    good = json.dumps(
        {
            "vendor": "acme",
            "key": "k1",
            "title": "Fine",
            "kind": "incident",
            "impact": "none",
            "started_at": "2020-01-01T00:00:00Z",
        }
    )
    result = outages("--data", data, "import", "-", input=f"{good}\n{text}\n")
    assert result.exit_code == 2
    assert expected in result.stderr
    assert not (data / "outages.db").exists()


def test_ctrl_c_leaves_the_archive_whole(data: Path, pages: Pages) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    publish(pages, "acme", wire("k1", "Trouble"))
    command = [sys.executable, "-m", "generator", "--data", str(data), "update", "--allow-loopback"]
    first = subprocess.run(command, capture_output=True, timeout=60, check=True)
    assert first.returncode == 0
    # What a shell starts in the background ignores Ctrl-C, and so would all that this test starts.
    heeded = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=heeded)

    def interrupt(_: object) -> Answer:
        process.send_signal(signal.SIGINT)
        return Answer(b"{}")

    pages.answers["/acme/api/v2/incidents.json"] = interrupt
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert b"Archive and site are whole" in said
    assert [line["key"] for line in lines(data)] == ["k1"]


def test_sources_tells_how_each_page_fares(data: Path, pages: Pages) -> None:
    add_vendor(data, "acme", f"{pages.address}/acme")
    add_vendor(data, "gone", f"{pages.address}/gone", platform="google")
    publish(pages, "acme", wire("k1", "Trouble"))
    outages("--data", data, "update", "--allow-loopback")
    result = outages("--data", data, "sources")
    rows = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()}
    assert rows["acme"][0] == "statuspage"
    assert rows["acme"][2:] == ["2026-11-20T10:00:00Z", "·", "·"]
    assert rows["gone"][1:3] == ["·", "·"]
    assert rows["gone"][4] == "gone"
    only = outages("--data", data, "sources", "--failing").stdout
    assert "gone" in only
    assert "acme" not in only


def test_a_site_that_is_not_there_is_not_served(tmp_path: Path) -> None:
    result = outages("serve", "--out", tmp_path)
    assert result.exit_code == 2
    assert "outages build" in result.stderr


def test_a_broken_archive_says_how_to_get_it_back(data: Path, tmp_path: Path) -> None:
    (data / "outages.db").write_bytes(b"rubbish " * 1000)
    for words in (("update",), ("build", "--out", tmp_path / "site"), ("export",)):
        result = outages("--data", data, *words)
        assert result.exit_code == 2
        assert "git checkout HEAD -- " in result.stderr
    assert not (tmp_path / "site" / "index.html").exists()


def test_a_port_that_was_asked_for_and_is_taken_is_told(tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    with Pages() as pages:
        port = pages.address.rpartition(":")[2]
        result = outages("--out", tmp_path, "serve", "--port", port)
    assert result.exit_code == 2
    assert f"port {port}: Address already in use. Choose another with --port" in result.output
