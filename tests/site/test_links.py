"""The checker of links finds what is broken, and nothing else."""

from pathlib import Path

import pytest

from tests.site.cover import cover
from tests.site.links import broken

ADDRESS = "https://site.example/base/"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "acme").mkdir()
    for name, body in (
        ("index.html", '<a href="acme/">Acme</a> <a href="https://else.example/">Else</a>'),
        ("acme/index.html", '<h1 id="top">Acme</h1> <a href="../index.html">Home</a>'),
        ("404.html", '<a href="/base/acme/index.html#top">Acme</a>'),
        ("sitemap.xml", f"<loc>{ADDRESS}acme/</loc>"),
    ):
        (tmp_path / name).write_text(f"<!DOCTYPE html>{body}", encoding="utf-8")
    return tmp_path


def test_a_whole_site_has_nothing_broken(site: Path) -> None:
    assert broken(site, ADDRESS) == []


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("a.html", '<a href="b.html">', "a.html: b.html leads to b.html, which is not there"),
        ("a.html", '<img src="x/">', "a.html: x/ leads to x/index.html, which is not there"),
        (
            "a.html",
            '<a href="acme/#gone">',
            "a.html: acme/#gone leads to #gone, which acme/index.html does not have",
        ),
        (
            "acme/a.html",
            '<a href="/acme/">',
            f"acme/a.html: /acme/ leads out of the site at {ADDRESS}",
        ),
        (
            "feed.atom",
            f'<link href="{ADDRESS}gone.html"/>',
            f"feed.atom: {ADDRESS}gone.html leads to gone.html, which is not there",
        ),
        (
            "a.html",
            f'<link rel="canonical" href="{ADDRESS}c.html">',
            f"a.html: {ADDRESS}c.html leads to c.html, which is not there",
        ),
    ],
)
def test_what_leads_nowhere_is_named(site: Path, name: str, body: str, expected: str) -> None:
    (site / name).write_text(f"<!DOCTYPE html>{body}", encoding="utf-8")
    assert broken(site, ADDRESS) == [expected]


def test_a_cover_has_every_shape_and_every_kind(tmp_path: Path) -> None:
    for vendor in ("acme", "beta"):
        (tmp_path / vendor).mkdir()
        (tmp_path / vendor / "feed.atom").write_text("", encoding="utf-8")
        for name in ("index.html", "2024.html", "2025.html", "2024-01-01-a.html"):
            (tmp_path / vendor / name).write_text("<p>x", encoding="utf-8")
    (tmp_path / "index.html").write_text("<p>x", encoding="utf-8")
    (tmp_path / "beta" / "2024-01-02-b.html").write_text('<p class="notice">x', encoding="utf-8")
    assert sorted(cover(tmp_path)) == [
        "acme/2024-01-01-a.html",
        "acme/2024.html",
        "acme/index.html",
        "beta/2024-01-02-b.html",
        "index.html",
    ]
