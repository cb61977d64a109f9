"""Short ways to say incidents in tests."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from generator.model import Incident, Phase, Update, Vendor
from generator.times import read

ACME = Vendor(
    slug="acme",
    name="Acme",
    homepage="https://acme.example",
    status_page="https://status.acme.example",
    platform="statuspage",
    category="cloud",
)


def at(text: str) -> datetime:
    """`at("12:30")` of the tests' day, or a whole time."""
    return read(text if "T" in text else f"2026-11-20T{text}:00Z")


def post(key: str, when: str, body: str = "", phase: Phase = "investigating") -> Update:
    return Update(key, at(when), phase, body or f"Post {key}.", phase)


def incident(key: str = "k1", start: str = "10:00", *posts: Update, **facts: Any) -> Incident:
    known = Incident(
        key=key,
        title=f"Trouble {key}",
        kind="incident",
        impact="minor",
        impact_raw="minor",
        url=f"https://status.acme.example/incidents/{key}",
        started_at=at(start),
        components=("API",),
        updates=posts or (post(f"{key}-1", start),),
    )
    return replace(known, **facts)
