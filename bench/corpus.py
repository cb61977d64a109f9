"""An invented history of any size, in the import format and as an archive; the same every time.

Its shape is that of real ones: a few vendors have most of the incidents, an incident has three
updates of some two hundred characters, one in eight is planned work.
"""

import random
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from generator.pipeline.lines import import_lines
from generator.pipeline.places import Places

END = datetime(2026, 11, 22, tzinfo=UTC)
YEARS = 10
CATEGORIES = ("cloud", "hosting", "developer-tools", "ci-cd", "database", "email", "payments")
WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
DRESSED = {
    "markdown": ("**{}**", "More on [the map](https://map.example/now)."),
    "html": ("<strong>{}</strong>", 'More on <a href="https://map.example/now">the map</a>.'),
}
PHASES = ("investigating", "identified", "update", "monitoring", "resolved")


def vendor_slugs(vendors: int) -> list[str]:
    """The slugs of so many vendors."""
    return [f"vendor-{number:04}" for number in range(vendors)]


def lines(
    incidents: int, vendors: int, seed: int = 1, steady: bool = False, body_format: str = "text"
) -> Iterator[bytes]:
    """Lines of the import format, oldest first.

    `steady`: every vendor has as many, and each was seen as it happened, not when imported.
    `body_format`: other than `text`, the first sentence of a body is bold and a link ends it.
    """
    chance = random.Random(seed)  # noqa: S311 - the same every time is what is wanted
    slugs = vendor_slugs(vendors)
    weights = [1 / (rank + 5) for rank in range(vendors)]
    step = timedelta(days=365 * YEARS) / incidents
    for number in range(incidents):
        start = END - step * (incidents - number)
        vendor = slugs[number % vendors] if steady else chance.choices(slugs, weights)[0]
        line = _line(chance, vendor, number, start.replace(microsecond=0))
        _dress(line["updates"], body_format)
        seen = {"first_seen_at": line["ended_at"]} if steady else {}
        yield msgspec.json.encode(line | seen)


def make(
    folder: Path, incidents: int, vendors: int, steady: bool = False, body_format: str = "text"
) -> Places:
    """Write an archive of them, `outages.db`, and a file for each vendor, below a folder."""
    places = Places(folder)
    places.vendors.mkdir(parents=True, exist_ok=True)
    for number, slug in enumerate(vendor_slugs(vendors)):
        vendor = f'name = "Vendor {number}"\ncategory = "{CATEGORIES[number % len(CATEGORIES)]}"\n'
        page = f'platform = "statuspage"\nstatus_page = "https://{slug}.example"\n'
        home = f'homepage = "https://www.{slug}.example"\n'
        (places.vendors / f"{slug}.toml").write_text(vendor + home + page, encoding="utf-8")
    told = lines(incidents, vendors, steady=steady, body_format=body_format)
    import_lines(places, told, "the corpus", at=END)
    return places


def _line(chance: random.Random, vendor: str, number: int, start: datetime) -> dict[str, Any]:
    planned = chance.random() < 0.12
    subject, trouble = chance.choice(WORDS["subjects"]), chance.choice(WORDS["troubles"])
    at, updates = start, []
    phases = ("scheduled", "in_progress", "completed") if planned else _phases(chance)
    for place, phase in enumerate(phases):
        body = _body(chance, subject, trouble)
        updates.append({"key": f"{number}-{place}", "at": _text(at), "phase": phase, "body": body})
        at += timedelta(minutes=chance.randrange(4, 90))
    ended = _text(at)
    updates[-1]["at"] = ended
    return {
        "vendor": vendor,
        "key": f"k{number}",
        "title": f"{subject.capitalize()} {trouble}",
        "kind": "maintenance" if planned else "incident",
        "impact": "none" if planned else chance.choice(("minor", "minor", "major", "critical")),
        "started_at": _text(start),
        "ended_at": ended,
        "end_basis": "resolve_time",
        "url": f"https://{vendor}.example/incidents/k{number}",
        "components": sorted(chance.sample(WORDS["components"], chance.randrange(0, 4))),
        "updates": updates,
    }


def _dress(updates: list[dict[str, str]], body_format: str) -> None:
    """Bodies as Markdown or HTML."""
    if body_format == "text":
        return
    bold, link = DRESSED[body_format]
    for update in updates:
        first, full_stop, rest = update["body"].partition(". ")
        update["body"] = bold.format(first + full_stop.strip()) + f" {rest} " + link
        update["body_format"] = body_format


def _phases(chance: random.Random) -> tuple[str, ...]:
    middle = sorted(chance.sample(range(1, 4), chance.choice((0, 1, 1, 2, 3))))
    return (PHASES[0], *(PHASES[place] for place in middle), PHASES[-1])


def _body(chance: random.Random, subject: str, trouble: str) -> str:
    sentences = [
        f"Since {chance.randrange(24):02}:{chance.randrange(60):02} UTC {subject} {trouble}.",
        f"About {chance.randrange(2, 60)} in a hundred customers see it.",
        f"The cause is {chance.choice(WORDS['causes'])}.",
        f"{chance.choice(WORDS['deeds'])}.",
        f"We will tell more within {chance.randrange(15, 90)} minutes.",
    ]
    return " ".join(chance.sample(sentences, chance.randrange(2, 6)))


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
