"""`data/site.toml`: all that a fork edits, and what the job's environment fills in for it."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator import __version__
from generator.categories import CATEGORIES
from generator.errors import InputError
from generator.toml import read_toml
from generator.wording import perhaps

TITLE = "Outage Archive"
AUTHORITY = "outages.example"
DESCRIPTION = "What services said about their own outages: every incident, every edit, kept."
LOCAL = "http://localhost:8000/"
KNOWN = (
    "title",
    "description",
    "address",
    "contact",
    "repository",
    "authority",
    "categories",
    "parts",
)
TABLES = ("categories", "parts")
# Said here and not by `misfits`: a site that stands is told without msgspec (`pipeline.glance`).
WORDS = {dict: "a table", str: "a text, in quotes"}
SHOWN = 60
# Letters of RFC 3986, and no step of the path empty: links begin with the path, and one that begins
# with two slashes leads to another host.
ADDRESS = re.compile(
    r"https?://([a-z0-9][a-z0-9._-]*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?"
    r"(/([a-z0-9._~!$&'()*+,;=:@-]|%[0-9a-f]{2})+)*/?",
    re.IGNORECASE,
)
# Who may mint tag: URIs (RFC 4151): a domain, or an address of e-mail.
LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
MINTER = re.compile(rf"([a-z0-9._-]+@)?{LABEL}(\.{LABEL})*", re.IGNORECASE)
# What a site may do without: `name = false` below [parts].
PARTS = frozenset(
    {
        "archives",
        "updates",
        "opened-resolved",
        "maintenance",
        "major",
        "components",
        "json-feed",
        "calendars",
        "statuspage",
        "downloads",
        "sqlite",
        "badges",
    }
)


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """`address` is where the site is published and ends with a slash; it may have a path.

    `authority` owns the tag: URIs of the feeds (a domain or an address of e-mail). It goes with
    the archive and is never changed once published, so the file alone tells it: no job, and no
    move of the site.
    `categories` maps slugs to names, in the order of the home page: those that the file names, or
    else the program's; `parts` says which of PARTS
    the site has, all where it is silent.
    """

    title: str
    address: str
    contact: str
    authority: str
    description: str
    repository: str | None = None
    categories: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not ADDRESS.fullmatch(self.address):
            raise InputError(
                f"the site's address is {self.address!r}; expected one like "
                "https://example.org/archive/, with no user name, query, fragment or space. "
                "Mend it where it stands: --base-url, address in site.toml or OUTAGES_ADDRESS."
            )
        if not MINTER.fullmatch(self.authority):
            raise InputError(
                f"the authority in site.toml is {self.authority!r}; expected a domain or an "
                "address of e-mail that is yours, such as outages.example.org. "
                "It names the feeds' ids for ever (RFC 4151)."
            )
        if not self.address.endswith("/"):
            object.__setattr__(self, "address", self.address + "/")

    def has(self, part: str) -> bool:
        """Whether the site has that part of PARTS."""
        return self.parts.get(part, True)

    @property
    def base_path(self) -> str:
        """The path under which the site is served: `/` or `/repo/`."""
        return urlsplit(self.address).path

    @property
    def agent(self) -> str:
        """The User-Agent of our requests: who reads, and whom to write to."""
        return f"outage-archive/{__version__} (+{self.contact or self.repository or self.address})"


def read_site(
    file: Path, address: str | None = None, environment: Mapping[str, str] = os.environ
) -> SiteConfig:
    """The settings of `file`; where it is silent, those of the job that runs us.

    `address` (of --base-url) goes before both. InputError for a broken file.
    """
    table = _table(file)
    repository = table.get("repository") or _repository(environment)

    def told(key: str, default: str) -> str:
        return str(table.get(key) or environment.get(f"OUTAGES_{key.upper()}") or default)

    return SiteConfig(
        title=told("title", TITLE),
        description=told("description", DESCRIPTION),
        address=address or told("address", _pages(repository) or LOCAL),
        contact=told("contact", ""),
        authority=str(table.get("authority") or AUTHORITY),
        repository=repository,
        categories=_categories(file, table.get("categories", {})) or CATEGORIES,
        parts=_parts(file, table.get("parts", {})),
    )


def _table(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        _, table = read_toml(file)
    except ValueError as error:
        raise InputError(f"{file}: {error}. Mend the line, or take the file away.") from None
    for key, value in table.items():
        if key not in KNOWN:
            near = perhaps(key, KNOWN)
            raise InputError(
                f"{file}: unknown key {key!r}{near}; expected one of {', '.join(KNOWN)}."
            )
        expected = dict if key in TABLES else str
        if not isinstance(value, expected):
            raise InputError(f"{file}: {key} is {_shown(value)}; expected {WORDS[expected]}.")
    return table


def _categories(file: Path, table: dict[str, Any]) -> dict[str, str]:
    """The names of the categories; InputError for one that is no text."""
    for slug, name in table.items():
        if not isinstance(name, str):
            raise InputError(
                f"{file}: the category {slug} is {_shown(name)}; expected {WORDS[str]}."
            )
    return table


def _shown(value: object) -> str:
    """A value about as the file has it."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _parts(file: Path, table: dict[str, Any]) -> dict[str, bool]:
    """Which parts the site has; InputError for another part, or anything but true and false."""
    for name, value in table.items():
        if name not in PARTS:
            raise InputError(
                f"{file}: unknown part {name!r}{perhaps(name, PARTS)}; "
                f"expected one of {', '.join(sorted(PARTS))}."
            )
        if not isinstance(value, bool):
            raise InputError(f"{file}: {name} is {_shown(value)}; expected true or false.")
    return table


def _repository(environment: Mapping[str, str]) -> str | None:
    """The address of the repository whose job this is, on any host that tells it this way."""
    name = environment.get("GITHUB_REPOSITORY")
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    return f"{server}/{name}" if name else None


def _pages(repository: str | None) -> str | None:
    """Where GitHub publishes the pages of a repository."""
    parts = urlsplit(repository or "")
    owner, _, name = parts.path.strip("/").partition("/")
    if parts.netloc != "github.com" or not name:
        return None
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"
