"""A proposal of vendor files: tried out by the code as it stands, told in harmless words."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result

from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.markdown import code, fenced
from generator.preview import FILES, Preview, Proposed, Seen, markdown
from tests.host import BOT, Host
from tests.test_cli import outages
from tests.test_commit import git

PLATFORMS = ("statuspage", "google", "hund")
NASTY = "`|` <img src=x> @everyone #1 [x](http://evil.example)\n# big"


@pytest.fixture(scope="module")
def fleet() -> Iterator[FleetServer]:
    with FleetServer(Fleet(vendors=len(PLATFORMS), incidents=90, platforms=PLATFORMS)) as server:
        yield server


@pytest.fixture
def base(fleet: FleetServer, tmp_path: Path) -> Path:
    """The program's own data folder: the fleet's vendors but the first, as git has them."""
    root = tmp_path / "base"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(root))
    fleet.fleet.write_vendor_files(root / "data" / "vendors", fleet.address)
    categories = {vendor.category for vendor in fleet.fleet.vendors("")}
    lines = [f'{name} = "{name}"' for name in sorted(categories)]
    (root / "data" / "site.toml").write_text("\n".join(["[categories]", *lines]))
    (root / "data" / "vendors" / f"{fleet.fleet.slugs[0]}.toml").unlink()
    commit(root, "begin")
    return root


@pytest.fixture
def proposal(base: Path, tmp_path: Path) -> Path:
    """A checkout to change: its last commit is what it proposes."""
    git(tmp_path, "clone", "--quiet", str(base), "proposal")
    return tmp_path / "proposal"


def commit(root: Path, message: str) -> None:
    git(root, "add", "--all")
    git(root, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", message)


def propose(proposal: Path, **files: str) -> Path:
    for name, text in files.items():
        (proposal / "data" / "vendors" / f"{name}.toml").write_text(text, encoding="utf-8")
    commit(proposal, "propose")
    return proposal


def vendor_file(page: str, name: str = "New", **facts: str) -> str:
    known = {
        "name": name,
        "homepage": "https://new.example",
        "status_page": page,
        "platform": "statuspage",
        "category": "ai",
    } | facts
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in known.items()) + "\n"


def preview(base: Path, proposal: Path, out: Path) -> tuple[Result, Preview]:
    words = ("vendor", "preview", proposal, "--out", out, "--allow-loopback")
    result = outages("--data", base / "data", *words)
    assert result.exit_code in (0, 1), result.output
    return result, msgspec.json.decode((out / "preview.json").read_bytes(), type=Preview)


def category(base: Path) -> str:
    (line, *_) = (base / "data" / "site.toml").read_text().splitlines()[1:]
    return line.split(" ")[0]


def test_a_new_vendor_is_read_told_and_drawn(
    fleet: FleetServer, base: Path, proposal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    slug = fleet.fleet.slugs[0]
    page = f"{fleet.address}/{slug}"
    propose(proposal, newcomer=vendor_file(page, category=category(base)))
    result, found = preview(base, proposal, tmp_path / "out")
    assert result.exit_code == 0, result.output
    (one,) = found.files
    assert (one.file, one.page) == ("data/vendors/newcomer.toml", page)
    listed = fleet.fleet.published(slug, fleet.at)
    assert one.incidents + one.maintenances == len(listed)
    assert one.newest[0].title == listed[0].title
    assert code(listed[0].title) in result.stdout
    assert (tmp_path / "summary.md").read_text() == result.stdout.removesuffix("\n")
    site = tmp_path / "out" / "site"
    assert (site / "newcomer" / "index.html").exists()
    assert [path.name for path in (tmp_path / "out" / "data" / "vendors").iterdir()] == [
        "newcomer.toml"
    ]
    assert git(base, "status", "--porcelain") == "", "the program's own data stay as they are"


def test_what_is_wrong_with_a_file_is_said_and_its_page_is_not_asked(
    fleet: FleetServer, base: Path, proposal: Path, tmp_path: Path
) -> None:
    propose(
        proposal,
        broken=vendor_file("https://status.new.example", platform="statuspge"),
        twice=vendor_file(f"{fleet.address}/{fleet.fleet.slugs[1]}", category=category(base)),
    )
    before = fleet.requests
    result, found = preview(base, proposal, tmp_path / "out")
    assert result.exit_code == 1
    assert [len(one.wrong) > 0 for one in found.files] == [True, True]
    assert found.files[0].wrong[0].startswith("data/vendors/broken.toml:4: platform")
    assert f"{fleet.fleet.slugs[1]}.toml" in found.files[1].wrong[0]
    assert str(tmp_path) not in result.stdout
    assert fleet.requests == before


def test_a_page_that_cannot_be_read_is_told_with_the_file_as_it_should_be(
    fleet: FleetServer, base: Path, proposal: Path, tmp_path: Path
) -> None:
    page = f"{fleet.address}/{fleet.fleet.slugs[0]}"
    propose(proposal, newcomer=vendor_file(page, platform="google", category=category(base)))
    result, found = preview(base, proposal, tmp_path / "out")
    assert result.exit_code == 1
    (one,) = found.files
    assert one.fault
    assert 'platform = "statuspage"' in one.mended
    assert one.mended in result.stdout


def test_a_proposal_that_changes_the_archive_is_told_why_not(
    base: Path, proposal: Path, tmp_path: Path
) -> None:
    (proposal / "data" / "outages.db").write_bytes(b"anything")
    propose(proposal)
    result, found = preview(base, proposal, tmp_path / "out")
    assert (result.exit_code, found.archive) == (1, True)
    assert "Only the scheduled job writes `data/outages.db`" in result.stdout


def test_only_what_the_last_commit_changed_counts(
    base: Path, proposal: Path, tmp_path: Path
) -> None:
    """The base may have moved on since: what others changed there is not of the proposal."""
    (proposal / "data" / "outages.db").write_bytes(b"the job's, merged from the base")
    commit(proposal, "archive: acme +1")
    (proposal / "README.md").write_text("words")
    commit(proposal, "propose")
    result, found = preview(base, proposal, tmp_path / "out")
    assert (result.exit_code, found) == (0, Preview([]))
    assert result.stdout == "No vendor file is changed.\n\n"


def test_a_link_in_a_proposal_is_not_followed(base: Path, proposal: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do-not-print-me")
    (proposal / "data" / "vendors" / "linked.toml").symlink_to(secret)
    propose(proposal)
    result, found = preview(base, proposal, tmp_path / "out")
    assert found.files[0].wrong == [
        "data/vendors/linked.toml: is a link. Expected a file of its own."
    ]
    assert "do-not-print-me" not in result.stdout


def test_a_vendor_that_is_taken_away_is_named_and_one_in_a_new_category_is_good(
    fleet: FleetServer, base: Path, proposal: Path, tmp_path: Path
) -> None:
    with (proposal / "data" / "site.toml").open("a") as site:
        site.write('\nspace = "Space"\n')
    (proposal / "data" / "vendors" / f"{fleet.fleet.slugs[2]}.toml").unlink()
    page = f"{fleet.address}/{fleet.fleet.slugs[0]}"
    propose(proposal, newcomer=vendor_file(page, category="space"))
    result, found = preview(base, proposal, tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert found.removed == [f"data/vendors/{fleet.fleet.slugs[2]}.toml"]


# the words


def test_text_that_is_not_ours_stands_as_code() -> None:
    seen = Seen("2026", "open", "incident", NASTY, 1, NASTY)
    text = markdown(Preview([Proposed("data/vendors/a.toml", NASTY, NASTY, newest=[seen])]))
    for line in text.splitlines():
        outside = re.sub(r"`[^`]*`", "", line)
        assert not re.search(r"[<@#\[]|http|big", outside), line
        if line.startswith("| `"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (5, 7)


@pytest.mark.parametrize("text", ["a\n```\n@b", "a\n````\n@b", "plain"])
def test_a_block_cannot_be_ended_from_within(text: str) -> None:
    fence, *inner, last = fenced(text).splitlines()
    assert fence == last
    assert all(not line.startswith(fence) for line in inner)


# the comment


def event(folder: Path, **facts: object) -> Path:
    run = {
        "id": 77,
        "event": "pull_request",
        "head_sha": "abc",
        "head_branch": "add-new",
        "head_repository": {"owner": {"login": "stranger"}},
        "pull_requests": [],
    } | facts
    file = folder / "event.json"
    file.write_text(json.dumps({"action": "completed", "workflow_run": run}))
    return file


def packed(text: str, name: str = "preview.json") -> bytes:
    """What a run left, as the host hands it out."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return held.getvalue()


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as host:
        host.answers = {
            "pulls": [{"number": 4, "head": {"sha": "old"}}, {"number": 5, "head": {"sha": "abc"}}],
            "actions/runs/77/artifacts": {"artifacts": [{"id": 9, "expired": False}]},
            "actions/artifacts/9/zip": packed('{"files": [{"file": "data/vendors/a.toml"}]}'),
        }
        yield host


def comment(host: Host, folder: Path, **facts: Any) -> Result:
    return outages("vendor", "comment", "--event", event(folder, **facts), env=host.environment)


def test_a_preview_becomes_one_comment_and_is_mended_there(host: Host, tmp_path: Path) -> None:
    theirs: dict[str, Any] = {
        "id": 1,
        "user": {"type": "User"},
        "body": "<!-- outages:preview -->\nmine",
    }
    host.comments[5] = [theirs]
    assert comment(host, tmp_path).output == "Commented on #5.\n"
    assert comment(host, tmp_path).output == "The comment on #5 says it already.\n"
    host.answers["actions/artifacts/9/zip"] = packed('{"files": [], "archive": true}')
    assert comment(host, tmp_path).output == "Mended the comment on #5.\n"
    assert [row["user"]["type"] for row in host.comments[5]] == ["User", BOT["type"]]
    assert "Only the scheduled job writes" in host.comments[5][1]["body"]
    assert theirs["body"].endswith("mine")


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"files": [{"file": "x", "html": "<b>"}]}, "preview.json"),
        ({"files": [{"file": "x"}] * (FILES + 1)}, "preview.json"),
        ({"files": [{"file": "x" * 501}]}, "preview.json"),
        ("a comment, ready to post", "preview.json"),
        ({"files": []}, "../../preview.json"),
    ],
)
def test_what_a_run_left_is_data_in_bounds_or_nothing(
    host: Host, tmp_path: Path, document: object, name: str
) -> None:
    host.answers["actions/artifacts/9/zip"] = packed(json.dumps(document), name)
    result = comment(host, tmp_path)
    assert result.exit_code == 2
    assert "is not a preview" in result.output
    assert host.said == []


def test_a_run_that_left_too_much_is_not_read_to_its_end(host: Host, tmp_path: Path) -> None:
    host.answers["actions/artifacts/9/zip"] = bytes(2_000_000)
    assert "is longer than" in comment(host, tmp_path).output
    assert host.said == []


def test_without_a_pull_request_or_a_preview_nothing_is_said(host: Host, tmp_path: Path) -> None:
    assert "No open pull request" in comment(host, tmp_path, head_sha="gone").output
    host.answers["actions/runs/77/artifacts"] = {"artifacts": [{"id": 9, "expired": True}]}
    assert comment(host, tmp_path).output == "The run left no preview.\n"
    assert host.said == []


def test_a_token_that_is_not_lent_is_said(host: Host, tmp_path: Path) -> None:
    environment = host.environment | {"GITHUB_TOKEN": "another"}
    result = outages("vendor", "comment", "--event", event(tmp_path), env=environment)
    assert result.exit_code == 2
    assert "answers 401" in result.output
