"""Messages out, by Apprise: chat, pager, e-mail or webhook, whatever the address says."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from generator.errors import InputError

if TYPE_CHECKING:
    from apprise import Apprise

Tone = Literal["info", "success", "warning", "failure"]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: plain text, and how it is meant."""

    title: str
    body: str
    tone: Tone


class Sender:
    """The targets' addresses, from the environment; never printed, never kept."""

    def __init__(self, environment: Mapping[str, str], site: tuple[str, str]) -> None:
        self._environment = environment
        self._site = site
        self._posts: dict[str, Apprise] = {}

    def problem(self, target: str) -> str | None:
        """Why the target cannot be told, as a sentence; None where it can, from now on.

        InputError where nobody can be told.
        """
        variable = variable_of(target)
        address = self._environment.get(variable)
        if not address:
            return (
                f"the target {target!r} of notify.toml has no address, so it is told nothing yet: "
                f"set {variable} in the environment, or take the target out."
            )
        post = self._apprise()
        if not post.add(address):
            return (
                f"the target {target!r} of notify.toml is told nothing yet: {variable} is not an "
                "address that Apprise knows (its value is not shown here). "
                "See https://github.com/caronc/apprise/wiki for how yours is written."
            )
        self._posts[target] = post
        return None

    def _apprise(self) -> "Apprise":
        """Apprise, with no address yet."""
        try:
            from apprise import Apprise, AppriseAsset
        except ModuleNotFoundError:
            raise InputError(
                "messages are sent by Apprise, which is not installed: "
                "pip install --require-hashes --requirement .ci/requirements-notify.txt"
            ) from None
        title, home = self._site
        # Its log repeats addresses; what failed is said by our own report.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        return Apprise(asset=AppriseAsset(app_id=title, app_desc=title, app_url=home))

    def send(self, target: str, message: Message) -> bool:
        """Whether the receiver took it."""
        return bool(
            self._posts[target].notify(
                title=message.title, body=message.body, notify_type=message.tone, body_format="text"
            )
        )


def variable_of(target: str) -> str:
    """`NOTIFY_SLACK`, where the address of `slack` stands."""
    return f"NOTIFY_{target.upper()}"
