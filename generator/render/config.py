"""What a fork edits: the site's name, address and categories."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """`address` is where the site is published and ends with a slash; it may have a path.

    `authority` owns the tag: URIs of the feeds (a domain, never changed once published);
    `categories` maps slugs to names, in the order of the home page.
    """

    title: str
    address: str
    contact: str
    authority: str
    description: str
    repository: str | None = None
    categories: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(
                f"the site's address is {self.address!r}; expected one like https://example.org/"
            )
        if not parts.path.endswith("/"):
            object.__setattr__(self, "address", self.address + "/")

    @property
    def base_path(self) -> str:
        """The path under which the site is served: `/` or `/repo/`."""
        return urlsplit(self.address).path
