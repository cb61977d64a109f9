"""An incident's page: its phases, what was edited or taken away, where we have it from."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import html

from generator.exchange import update_fields
from generator.model import Incident, Kept, Origin, Phase, Revision, Update
from generator.render import words as english
from generator.render.conduct import conduct
from generator.render.env import Press
from generator.render.first import as_first_told
from generator.render.frame import row
from generator.render.incident import IncidentView, Neighbours, incident_view
from generator.render.overlaps import brief, overlap_of
from generator.render.phases import Share, phase_bar
from generator.render.site import build
from generator.render.stats import started
from generator.times import text_of
from tests.render_archive import CONFIG, PYPI, Memory, at, incident, keep, update, vendor

VENDORS = {"python": vendor("python", "Python"), "acme": vendor("acme")}
SEEN = at("2022-08-01 10:00")
Draw = Callable[[Kept], html.HtmlElement]


@pytest.fixture
def drawn(tmp_path: Path) -> Draw:
    def page(kept: Kept) -> html.HtmlElement:
        archive = Memory()
        archive.run(kept)
        build(archive, VENDORS, CONFIG, tmp_path, date(2026, 11, 22))
        return html.document_fromstring((tmp_path / kept.vendor / f"{kept.slug}.html").read_bytes())

    return page


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def changes(element: html.HtmlElement) -> list[str]:
    return [words(change) for change in element.xpath(".//p[@class='change']")]


@pytest.mark.parametrize(
    ("field", "before", "expected"),
    [
        ("title", "Notice: PyPI Purge", "Title Notice: PyPI [added: Mass CDN] Purge"),
        ("started_at", "2022-07-29T15:00:00Z",
         "Start [removed: 2022-07-29 15:00 UTC] [added: 2022-07-29 15:19 UTC]"),
        ("started_at", "soon", "Start [removed: soon] [added: 2022-07-29 15:19 UTC]"),
        ("impact", "major", "Impact [removed: Major] [added: Minor]"),
        ("ended_at", "", "End [removed: nothing] [added: 2022-07-29 16:30 UTC]"),
        ("end_basis", "resolve_time",
         "Basis of the end [removed: the vendor's resolve time] [added: last update]"),
        ("components", '["PyPI","Docs"]', "Components PyPI, [removed: Docs]"),
        ("components", "Docs", "Components [removed: Docs] [added: [\"PyPI\"]]"),
        ("withdrawn", "2022-07-31T08:00:00Z",
         "Withdrawn back on the vendor's page, from which it had gone on 2022-07-31 08:00 UTC"),
        ("key", "old-id", "The vendor's id [removed: old-id] [added: pypi-purge]"),
        ("mood", "blue", "mood [removed: blue] [added: nothing]"),
    ],
)  # fmt: skip
def test_a_changed_field_says_from_what_to_what(
    drawn: Draw, field: str, before: str, expected: str
) -> None:
    kept = replace(PYPI, revisions=(Revision(SEEN, field, before),))
    (edit,) = drawn(kept).xpath("//ol[@class='edits']/li")
    assert changes(edit) == [expected]
    assert words(edit.xpath("p")[0]) == "2022-08-01 10:00 UTC · 2 d 18 h after the start"


def test_several_edits_stand_in_their_order_each_against_the_next(drawn: Draw) -> None:
    later = SEEN + timedelta(days=1)
    kept = replace(
        PYPI,
        revisions=(
            Revision(SEEN, "impact", "none"),
            Revision(SEEN, "body", "The purge has been ordered.", "2"),
            Revision(SEEN, "phase", "identified", "2"),
            Revision(later, "body", "The purge was issued.", "2"),
            Revision(later, "impact", "critical"),
        ),
    )
    page = drawn(kept)
    assert changes(page.xpath("//ol[@class='edits']")[0]) == [
        "Impact [removed: No impact] [added: Critical]",
        "Impact [removed: Critical] [added: Minor]",
    ]
    first, second = page.xpath("//li[@id='u2']/details")
    assert words(first.find("summary")) == "Edited 2 d 18 h later"
    assert words(first.xpath("p")[0]) == "Seen 2022-08-01 10:00 UTC"
    assert changes(first) == [
        "Text The purge [removed: has been ordered.] [added: was issued.]",
        "Phase [removed: Identified] [added: Monitoring]",
    ]
    assert changes(second) == ["Text The purge [removed: was] [added: has been] issued."]
    assert [edit.get("open") is not None for edit in (first, second)] == [True, True]


def test_a_long_edit_is_folded_and_leaves_out_what_stayed(drawn: Draw) -> None:
    essay = " ".join(f"word{number}" for number in range(900))
    told = (replace(PYPI.incident.updates[0], body=essay), *PYPI.incident.updates[1:])
    rewritten = essay.upper()
    kept = replace(
        PYPI,
        incident=replace(PYPI.incident, updates=told),
        revisions=(
            Revision(SEEN, "body", rewritten, "1"),
            Revision(SEEN + timedelta(days=1), "body", essay.replace("word450", "W"), "1"),
        ),
    )
    first, second = drawn(kept).xpath("//li[@id='u1']/details")
    assert first.get("open") is None
    assert second.get("open") is not None
    assert "… word438" in changes(second)[0]
    assert "[removed: W] [added: word450] word451" in changes(second)[0]
    assert len(changes(second)[0]) < 400


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("<b>Well</b>.", "<i>Well</i>.", "Text only the markup changed"),
        ("See <a href='https://a.example'>it</a>.", "See <a href='https://b.example'>it</a>.",
         "Text See it [removed: (https://a.example).] [added: (https://b.example).]"),
        ("<p>One</p><p>Two</p>", "<p>One</p>", "Text One [removed: Two]"),
        ("a &lt;b&gt;", "a &lt;c&gt;", "Text a [removed: <b>] [added: <c>]"),
    ],
)  # fmt: skip
def test_markup_is_compared_as_it_reads(
    drawn: Draw, before: str, after: str, expected: str
) -> None:
    post = Update("1", PYPI.incident.started_at, "identified", after, body_format="html")
    kept = replace(
        PYPI,
        incident=replace(PYPI.incident, updates=(post,)),
        revisions=(
            Revision(SEEN, "body", before, "1"),
            Revision(SEEN, "body_format", "html", "1"),
        ),
        update_seen_at=(SEEN,),
    )
    assert changes(drawn(kept)) == [expected]


def test_what_was_taken_away_stands_where_it_stood(drawn: Draw) -> None:
    gone = Update("9", at("2022-07-29 15:50"), "identified", "We *know*.")
    kept = replace(
        PYPI,
        revisions=(
            Revision(at("2022-07-29 15:55"), "body", "We guess.", "9"),
            Revision(SEEN, "update", json.dumps(update_fields(gone)), "9"),
            Revision(SEEN, "update", "not what we wrote", "8"),
        ),
    )
    page = drawn(kept)
    posts = page.xpath("//ol[@class='timeline']/li")
    assert [post.get("id") for post in posts] == ["r2", "u4", "u3", "r1", "u2", "u1"]
    assert [post.get("class") for post in posts] == ["gone", None, None, "gone", None, None]
    assert words(posts[3]).startswith(
        "Identified 2022-07-29 15:50 UTC "
        "Taken away by the vendor Gone from its page since 2022-08-01 10:00 UTC We *know*."
    )
    assert changes(posts[3]) == ["Text We [removed: guess.] [added: *know*.]"]
    assert "not what we wrote" in words(posts[0])
    assert not page.xpath("//ol[@class='edits']")


def test_a_post_that_came_back_starts_anew(drawn: Draw) -> None:
    post = PYPI.incident.updates[1]
    kept = replace(
        PYPI,
        revisions=(
            Revision(SEEN, "body", "First.", "2"),
            Revision(SEEN, "update", json.dumps(update_fields(replace(post, body="Second."))), "2"),
            Revision(SEEN + timedelta(days=1), "body", "Third.", "2"),
        ),
    )
    page = drawn(kept)
    assert changes(page.xpath("//li[@id='r1']")[0]) == ["Text [removed: First.] [added: Second.]"]
    assert len(changes(page.xpath("//li[@id='u2']")[0])) == 1


def view_of(kept: Kept) -> IncidentView:
    return incident_view(Press(CONFIG, VENDORS).site, kept, Neighbours())


def posts(*phases: tuple[int, Phase]) -> Incident:
    """An hour from ten o'clock with posts at these minutes."""
    start = at("2022-07-29 10:00")
    told = tuple(
        update(str(number), start + timedelta(minutes=minute), phase, "")
        for number, (minute, phase) in enumerate(phases)
    )
    return incident("API", start, 60, updates=told)


@pytest.mark.parametrize(
    ("what", "shares", "widths"),
    [
        (
            posts((6, "investigating"), (30, "identified"), (45, "monitoring"), (60, "resolved")),
            [("No word yet", "6 min"), ("Investigating", "24 min"), ("Identified", "15 min"),
             ("Monitoring", "15 min")],
            [100, 400, 250, 250],
        ),
        (
            posts((0, "investigating"), (15, "monitoring"), (30, "investigating"), (45, "update")),
            [("Investigating", "30 min"), ("Monitoring", "15 min"), ("Update", "15 min")],
            [250, 250, 250, 250],
        ),
        (
            posts((-9, "scheduled"), *((minute, "in_progress") for minute in (0, 20, 40))),
            [("In progress", "1 h")],
            [1000],
        ),
    ],
)  # fmt: skip
def test_phases_last_from_the_post_that_names_them_to_the_next(
    what: Incident, shares: list[tuple[str, str]], widths: list[int]
) -> None:
    bar = phase_bar(what)
    assert bar
    assert [(share.word, share.length) for share in bar.shares] == shares
    assert [segment.width for segment in bar.segments] == widths
    ends = [segment.x + segment.width for segment in bar.segments]
    assert [0, *ends[:-1]] == [segment.x for segment in bar.segments]
    assert ends[-1] == 1000


def test_the_bar_is_told_in_words(drawn: Draw) -> None:
    (bar,) = drawn(PYPI).xpath("//div[@class='phases']")
    assert [words(share) for share in bar.xpath("ul/li")] == ["Monitoring 1 h 11 min"]
    assert bar.xpath("svg/path[@class]/@d") == ["M0 13h1000V24H0z"]
    (posts,) = bar.xpath("svg/path[not(@class)]/@d")
    assert posts.count("M") == 4


@pytest.mark.parametrize(
    "what",
    [
        posts((0, "resolved")),
        incident("API", at("2022-07-29 10:00"), 0),
        incident("API", at("2022-07-29 10:00"), -5),
        incident("API", at("2022-07-29 10:00"), None),
        posts((0, "investigating"), (70, "resolved")),
        posts((0, "investigating"), (60, "resolved")),
    ],
)
def test_a_course_of_one_step_has_no_bar(what: Incident) -> None:
    assert phase_bar(what) is None


def test_how_we_know_and_how_to_cite(drawn: Draw) -> None:
    page = drawn(replace(PYPI, changed_at=SEEN))
    (known,) = page.xpath("//h2[@id='source']/following-sibling::ul[1]")
    assert [words(line) for line in known] == [
        "Python's own page",
        "First seen here 2022-07-29 15:24 UTC",
        "Last changed 2022-08-01 10:00 UTC",
    ]
    address = "https://example.org/archive/python/2022-07-29-pypi-mass-cdn-purge.html"
    assert words(page.xpath("//p[@class='cite']")[0]) == (
        f"Python: “Notice: PyPI Mass CDN Purge”, 2022-07-29 15:19 UTC. Outage Archive, {address}"
    )
    (data,) = page.xpath("//h2[@id='cite']/following-sibling::p//a/@href")
    assert data == "../api/v1/vendors/python/2022.json"


@pytest.mark.parametrize(
    ("first_post", "expected"),
    [
        (None, "as the vendor's page has it"),
        ("2022-07-29 10:00", "the time of the first post"),
        ("2022-07-29 10:12", "stated by the vendor, 12 min before its first post"),
        ("2022-07-28 10:00", "as announced"),
    ],
)
def test_where_the_start_comes_from(first_post: str | None, expected: str) -> None:
    what = incident("API", at("2022-07-29 10:00"))
    told = () if first_post is None else (update("1", at(first_post), "update", ""),)
    view = view_of(keep("acme", "2022-07-29-api", replace(what, updates=told)))
    assert view.start_basis == expected


def test_a_length_says_for_how_long_of_it_the_incident_was_over(drawn: Draw) -> None:
    start, hour = PYPI.incident.started_at, timedelta(hours=1)
    first, seen = start + hour, start + 3 * hour
    edits = (Revision(seen, "ended_at", text_of(first)), Revision(seen + 2 * hour, "ended_at", ""))
    what = replace(PYPI.incident, ended_at=start + 5 * hour)
    kept = replace(PYPI, incident=what, revisions=edits, first_seen_at=start)
    found = words(drawn(kept).xpath("//dl/div[dt='Duration']")[0])
    assert found == "Duration5 h300 minincluding 2 h when it was over"


@pytest.mark.parametrize(
    ("phase", "why"),
    [("resolved", "told only when it was over"), ("update", "start and end are one moment")],
)
def test_what_is_told_at_one_moment_has_no_length(drawn: Draw, phase: Phase, why: str) -> None:
    start = PYPI.incident.started_at
    told = (update("1", start, phase, "It was down."),)
    what = replace(PYPI.incident, ended_at=start, updates=told)
    kept = replace(PYPI, incident=what, update_seen_at=(PYPI.first_seen_at,))
    page = drawn(kept)
    assert words(page.xpath("//dl/div[dt='Duration']")[0]) == f"DurationNot known{why}"
    assert "0 min" not in words(page.xpath("//article")[0])
    assert row(kept, "").length == "length unknown"
    assert not started([kept] * 5).lengths.n


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(71 * 60, "Duration1 h 11 min71 min"), (20 * 60 + 52, "Duration20 min 52 s")],
)
def test_a_length_is_told_once(drawn: Draw, seconds: int, expected: str) -> None:
    ended = PYPI.incident.started_at + timedelta(seconds=seconds)
    page = drawn(replace(PYPI, incident=replace(PYPI.incident, ended_at=ended)))
    assert words(page.xpath("//dl/div[dt='Duration']")[0]) == expected


def test_at_the_same_time_others_are_named_without_a_claim() -> None:
    other = keep("acme", "2022-07-29-api", incident("API \u202e", at("2022-07-29 16:00")))
    overlaps = (overlap_of(brief(PYPI), brief(other)),)
    press = Press(CONFIG, VENDORS)
    view = incident_view(press.site, PYPI, Neighbours(), overlaps)
    page = html.document_fromstring(press.page("incident.html", view))
    others, claim = page.xpath("//h2[@id='meanwhile']/following-sibling::*")
    assert words(others) == "Acme API Minorboth for 30 min"
    assert others.xpath(".//a/@href") == ["../acme/2022-07-29-api.html"]
    assert words(claim) == "Reported by others while this went on. No cause is claimed."


def test_every_phase_has_a_word_and_a_height() -> None:
    bar = phase_bar(posts(*[(number, phase) for number, phase in enumerate(english.PHASE)]))
    assert bar
    assert bar.shares[0] == Share("investigating", "Investigating", "1 min")
    assert len(bar.shares) == len(english.PHASE)


def test_the_page_names_the_reply_behind_its_last_change(drawn: Draw) -> None:
    url = "https://status.python.org/api/v2/incidents.json?a=1&b=2"
    page = drawn(replace(PYPI, origin=Origin(url, SEEN, bytes(range(32)))))
    (line,) = page.xpath("//li[contains(., 'SHA-256')]")
    assert words(line) == f"Read from this reply, SHA-256 {bytes(range(32)).hex()}"
    assert line.xpath("a/@href") == [url]


def test_no_reader_is_sent_where_no_page_is(drawn: Draw) -> None:
    origin = Origin("javascript:alert(1)", SEEN, bytes(32))
    assert "SHA-256" not in words(drawn(replace(PYPI, origin=origin)))


def test_a_first_post_that_is_dated_back_later_was_no_word_sooner() -> None:
    start, hour = at("2026-11-20 10:00"), timedelta(hours=1)
    posts = (
        update("1", start + hour / 4, "investigating", "We look."),
        update("2", start + 2 * hour, "monitoring", "Better."),
    )
    edit = Revision(start + 3 * hour, "at", text_of(start + hour), "1")
    what = incident("API", start, 180, updates=posts)
    seen = (start + hour, start + 2 * hour)
    kept = replace(keep("acme", "2026-11-20-api", what, (edit,)), update_seen_at=seen)
    found = view_of(kept).phases
    assert found
    assert [(each.word, each.length) for each in found.shares] == [
        ("No word yet", "1 h"),
        ("Investigating", "1 h"),
        ("Monitoring", "1 h"),
    ]
    for slip in (start + timedelta(days=365), start - timedelta(days=365)):
        dated = replace(kept, revisions=(replace(edit, before=text_of(slip)),))
        assert as_first_told(dated) == posts, "a slip that was mended"
    assert conduct([kept] * 5, date(2026, 11, 22)).first_post.value == hour


def test_a_post_that_is_written_over_was_a_word_when_it_was_first_posted() -> None:
    start, hour = at("2026-11-20 10:00"), timedelta(hours=1)
    now = update("1", start + 4 * hour, "resolved", "All is well.")
    seen = start + 5 * hour
    edits = (
        Revision(seen, "at", text_of(start + hour), "1"),
        Revision(seen, "phase", "investigating", "1"),
    )
    what = replace(incident("API", start, 240), updates=(now,))
    kept = keep("acme", "2026-11-20-api", what, edits)
    found = view_of(replace(kept, update_seen_at=(start + hour,)))
    assert found.phases
    assert [(each.word, each.length) for each in found.phases.shares] == [
        ("No word yet", "1 h"),
        ("Investigating", "3 h"),
    ]
    assert "1 h before" in found.start_basis
    (post,) = found.updates
    assert [edit.later for edit in post.edits] == ["4 h"], "after what was edited"
