"""The calendars: what a client reads back, and when it learns of a change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from generator.decide import compared, new
from generator.model import Incident, Kept, Revision
from generator.render.ical import sequence_of
from generator.render.site import build
from generator.times import text_of
from tests.render_archive import CONFIG, PYPI, Memory, at, incident, keep, update, vendor

AS_OF = date(2026, 11, 22)
VENDORS = {
    "python": vendor("python", "Python", "package-registry"),
    "acme": vendor("acme", "Acme & Sons"),
    "beta": vendor("beta", "Beta"),
}
START = at("2026-11-20 10:00")

HARD = keep(
    "acme",
    "2026-11-20-hard",
    incident(
        "Down; or, up\\n again ☂ \u202e" + "x" * 80,
        START,
        None,
        impact="critical",
        components=("API, v2", "B; C"),
        updates=(
            update("1", START, "investigating", "<b>One</b>\nEND:VEVENT\r\nTwo, three; four"),
        ),
    ),
)
PLANNED = keep(
    "acme",
    "2026-12-24-upgrade",
    replace(
        incident("Upgrade", at("2026-12-24 10:00"), None, kind="maintenance"),
        scheduled_until=at("2026-12-24 12:00"),
    ),
)
GONE = replace(
    keep("acme", "2026-11-19-gone", incident("Gone", at("2026-11-19 10:00"))),
    withdrawn_at=at("2026-11-19 12:00"),
)


def built(out: Path, *records: Kept, **parts: bool) -> Path:
    archive = Memory()
    archive.run(*records)
    build(archive, VENDORS, replace(CONFIG, parts=parts), out, AS_OF)
    return out


def events(file: Path) -> dict[str, Any]:
    """By slug."""
    text = file.read_bytes()
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in text.split(b"\r\n")), "lines are folded"
    assert b"\n" not in text.replace(b"\r\n", b"")
    found = Calendar.from_ical(text).walk("VEVENT")
    return {str(event["UID"]).partition("@")[0].partition("/")[2]: event for event in found}


@pytest.mark.parametrize("sign", ["\\", ",", "a", "^", "é", ";\\"])
@pytest.mark.parametrize("count", [60, 61, 62, 63, 64, 200])
def test_long_lines_are_folded_and_come_out_as_they_were(
    tmp_path: Path, sign: str, count: int
) -> None:
    long = keep("acme", "2026-11-19-long", incident("a" + sign * count, at("2026-11-19 10:00")))
    (event,) = events(built(tmp_path, long) / "acme" / "calendar.ics").values()
    assert str(event["SUMMARY"]).endswith(": a" + sign * count)


def test_an_event_says_what_when_and_where_it_stands(tmp_path: Path) -> None:
    out = built(tmp_path, PYPI, HARD, PLANNED, GONE)
    (pypi,) = events(out / "python" / "calendar.ics").values()
    assert pypi["UID"] == "python/2022-07-29-pypi-mass-cdn-purge@example.org"
    assert pypi["SUMMARY"] == "Python: Notice: PyPI Mass CDN Purge"
    assert (pypi.start, pypi.end) == (PYPI.incident.started_at, PYPI.incident.ended_at)
    assert pypi["DTSTAMP"].dt == PYPI.changed_at
    assert pypi["URL"] == f"{CONFIG.address}python/2022-07-29-pypi-mass-cdn-purge.html"
    assert str(pypi["DESCRIPTION"]).startswith("Taken as over, 1 h 11 min\nAffected: PyPI.\n")
    found = events(out / "acme" / "calendar.ics")
    assert list(found) == ["2026-12-24-upgrade", "2026-11-20-hard", "2026-11-19-gone"]
    assert {slug: event["STATUS"] for slug, event in found.items()} == {
        "2026-12-24-upgrade": "CONFIRMED",
        "2026-11-20-hard": "CONFIRMED",
        "2026-11-19-gone": "CANCELLED",
    }
    assert found["2026-12-24-upgrade"].end == at("2026-12-24 12:00")
    assert all(event["TRANSP"] == "TRANSPARENT" for event in found.values())


def test_a_vendors_text_stays_text(tmp_path: Path) -> None:
    hard = events(built(tmp_path, HARD) / "acme" / "calendar.ics")["2026-11-20-hard"]
    assert hard["SUMMARY"] == "Acme & Sons: Down; or, up\\n again ☂ " + "x" * 80
    assert "Affected: API, v2, B; C." in hard["DESCRIPTION"]
    assert "One END:VEVENT Two, three; four" in hard["DESCRIPTION"]
    assert "DTEND" not in hard, "open, and nothing was said after its start"


def test_the_newest_of_each_kind_and_all_that_is_ahead(tmp_path: Path) -> None:
    many = [
        keep("acme", f"2026-01-{day:02}-{kind}-{hour}", incident(f"{kind} {day} {hour}", start))
        for kind in ("a", "b")
        for day in range(1, 21)
        for hour in (1, 2)
        for start in [datetime(2026, 1, day, hour, tzinfo=UTC)]
    ]
    planned = [
        keep("acme", f"2027-01-{n:02}-m", incident(f"M{n}", start, None, kind="maintenance"))
        for n in range(1, 29)
        for start in [datetime(2027, 1, n, tzinfo=UTC)]
    ]
    done = [
        keep("acme", f"2026-02-{n:02}-m", incident(f"D{n}", start, kind="maintenance"))
        for n in range(1, 20)
        for start in [datetime(2026, 2, n, tzinfo=UTC)]
    ]
    long_ago = keep(
        "acme", "2025-01-01-m", incident("L", at("2025-01-01 00:00"), None, kind="maintenance")
    )
    found = events(built(tmp_path, *many, *planned, *done, long_ago) / "acme" / "calendar.ics")
    assert {kept.slug for kept in planned} < found.keys()
    assert "2025-01-01-m" in found, "never said to be over"
    assert sum(slug.endswith("-m") for slug in found) == 29
    assert len(found) == 29 + 15


def test_a_category_holds_its_vendors_events_newest_first(tmp_path: Path) -> None:
    other = keep("beta", "2026-11-21-x", incident("X", at("2026-11-21 10:00")))
    out = built(tmp_path, PYPI, HARD, other)
    found = events(out / "category" / "cloud.ics")
    assert list(found) == ["2026-11-21-x", "2026-11-20-hard"]
    assert found["2026-11-20-hard"] == events(out / "acme" / "calendar.ics")["2026-11-20-hard"]
    assert list(events(out / "category" / "package-registry.ics")) == [PYPI.slug]


def test_clients_learn_a_name_an_address_and_how_often_to_ask(tmp_path: Path) -> None:
    made = Calendar.from_ical((built(tmp_path, PYPI) / "python" / "calendar.ics").read_bytes())
    assert made["X-WR-CALNAME"] == made["NAME"] == "Python: outages and maintenance"
    assert made["SOURCE"] == f"{CONFIG.address}python/calendar.ics"
    assert made["UID"] == "python/calendar.ics@example.org"
    assert made.refresh_interval == timedelta(hours=1)
    assert made["VERSION"] == "2.0"


def step(kept: Kept, hour: int, **facts: Any) -> Kept:
    """What the archive holds after a reading that says so."""
    change = compared(kept, replace(kept.incident, **facts), at(f"2026-11-20 {hour}:30"))
    assert change
    return change.after


def test_the_sequence_rises_with_every_step_of_a_life() -> None:
    what = Incident(
        "k", "Down", "incident", "minor", START, updates=(update("1", START, "investigating", "A"),)
    )
    life = [new("acme", what, START, set()).after]
    second = update("2", at("2026-11-20 11:00"), "resolved", "B")
    ended = {"ended_at": at("2026-11-20 11:00"), "end_basis": "resolve_time"}
    life.append(step(life[-1], 11, updates=(*what.updates, second), **ended))
    life.append(step(life[-1], 12, title="Down a little"))
    life.append(step(life[-1], 13, updates=what.updates))
    life.append(step(life[-1], 14, ended_at=None, end_basis=None))
    life.append(step(life[-1], 15, **ended))
    life.append(replace(life[-1], withdrawn_at=at("2026-11-20 16:30")))
    back = Revision(at("2026-11-20 17:30"), "withdrawn", text_of(at("2026-11-20 16:30")))
    life.append(replace(life[-1], withdrawn_at=None, revisions=(*life[-1].revisions, back)))
    sequence = [sequence_of(kept) for kept in life]
    assert sequence == sorted(set(sequence)), sequence


def test_a_site_can_do_without(tmp_path: Path) -> None:
    out = built(tmp_path, PYPI, calendars=False)
    assert not list(out.rglob("*.ics"))
    assert "calendar.ics" not in (out / "python" / "index.html").read_text()


@pytest.mark.parametrize("page", ["python/index.html", "category/package-registry.html"])
def test_pages_lead_to_their_calendar(tmp_path: Path, page: str) -> None:
    assert ".ics" in (built(tmp_path, PYPI) / page).read_text()
