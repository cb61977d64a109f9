"""GitHub's issues and their comments, which are one list for a whole repository."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from generator.reading import UNDECODED, Get, Reply

T = TypeVar("T")

# As many as GitHub gives at once; and of all comments so many pages are read at a time.
PAGE = 100
COMMENT_PAGES = 3


class WireLabel(msgspec.Struct):
    name: str


class WireUser(msgspec.Struct):
    type: str = "User"


class WireIssue(msgspec.Struct):
    number: int
    title: str
    created_at: str
    html_url: str | None = None
    state: str | None = None
    updated_at: str | None = None
    closed_at: str | None = None
    body: str | None = None
    labels: list[WireLabel] = []
    comments: int = 0
    pull_request: dict[str, object] | None = None


class WireComment(msgspec.Struct):
    id: int
    issue_url: str
    created_at: str
    body: str | None = None
    author_association: str | None = None
    user: WireUser | None = None


@dataclass
class Listed:
    """One reply's issues. `is_cut`: the list may go on behind them."""

    reply: Reply
    issues: list[WireIssue]
    is_cut: bool


@dataclass
class Comments:
    """What has been read of the list of all comments. `go_on`: there may be more."""

    pages: int = 0
    go_on: bool = True
    by_issue: dict[str, dict[int, WireComment]] = field(default_factory=dict)

    def add(self, page: Reply) -> None:
        """Take in the next page."""
        rows = page.json(list[msgspec.Raw])
        for comment in _decoded(page, rows, WireComment):
            issue = comment.issue_url.rpartition("/")[2]
            self.by_issue.setdefault(issue, {})[comment.id] = comment
        self.pages += 1
        self.go_on = len(rows) >= PAGE

    def of(self, issue: WireIssue) -> list[WireComment]:
        """The comments of one issue, in the order of their making."""
        return [comment for _, comment in sorted(self.by_issue.get(str(issue.number), {}).items())]

    def lack(self, issue: WireIssue) -> bool:
        """Whether the issue has more comments than have been read."""
        return len(self.of(issue)) < issue.comments


def listed(reply: Reply, size: int = PAGE) -> Listed:
    """The issues of a list of so many at a time, which has pull requests too."""
    rows = reply.json(list[msgspec.Raw])
    issues = [one for one in _decoded(reply, rows, WireIssue) if one.pull_request is None]
    reply.told |= {str(issue.number) for issue in issues}
    return Listed(reply, issues, len(rows) >= size)


def alone(reply: Reply) -> Listed:
    """An issue by itself."""
    issues = [*_decoded(reply, [msgspec.Raw(reply.body)], WireIssue)]
    reply.told |= {str(issue.number) for issue in issues}
    return Listed(reply, issues, is_cut=False)


def needed(
    path: str, comments: Comments, issues: Iterable[WireIssue]
) -> Generator[list[Get], list[Reply], None]:
    """Read the pages of comments that the issues still need, within reason."""
    wanting = [issue for issue in issues if comments.lack(issue)]
    while wanting and comments.go_on and comments.pages < COMMENT_PAGES:
        (reply,) = yield [Get(f"{path}&page={comments.pages + 1}")]
        comments.add(reply)
        wanting = [issue for issue in wanting if comments.lack(issue)]


def _decoded(reply: Reply, rows: Iterable[msgspec.Raw], shape: type[T]) -> Iterable[T]:
    for number, row in enumerate(rows, start=1):
        try:
            yield msgspec.json.decode(row, type=shape)
        except UNDECODED as error:
            reply.skip(f"record {number}", error)
