"""The few git commands that keep the archive: run in the repository that holds the data folder."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.errors import ANYTHING, ArchiveError
from generator.times import instant

AUTHOR = ("-c", "user.name=outages", "-c", "user.email=outages@users.noreply.github.com")

# What git says when another writer was first; anything else refused will be refused again.
OVERTAKEN = re.compile(
    r"fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value"
)
# What git says of a file by which it keeps others out, and which a killed one leaves behind.
LOCKED = re.compile(r"Unable to create '(.+\.lock)': File exists")
SEPARATOR = "\x00"
# Where an archive's closed years are, beside it.
YEARS = "archive"
# A revision that no repository has.
NOTHING = "0" * 40
# What was fetched last.
REMOTE = "FETCH_HEAD"


def require_none_lost(archive: Path) -> None:
    """ArchiveError where an archive would be begun in the place of one that git has."""
    stands = archive.exists() and archive.stat().st_size
    if not stands and Repository(archive.parent).has(archive):
        raise ArchiveError(
            f"{archive} is gone, and git has it. Take it back: git checkout HEAD -- {archive}; or "
            "begin an empty one: outages init"
        )


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the branch. `short` is its name as people write it."""

    name: str
    short: str
    at: datetime
    subject: str


class Repository:
    """A checkout. Every failure is an ArchiveError with git's own words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def committed(self, archive: Path, folder: Path, revision: str = "HEAD") -> Path | None:
        """The archive with its closed years, as of the revision, in `folder`; None: it has none.

        What the folder held before is gone.
        """
        self.export((archive, archive.with_name(YEARS)), folder, revision)
        found = folder / archive.name
        return found if found.exists() else None

    def export(self, files: Iterable[Path], folder: Path, revision: str | None) -> None:
        """Write into `folder` those of the files and folders that the revision has, as it has them.

        What the folder held before is gone. Of no revision, nothing is written.
        """
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        names = (f"./{file.name}" for file in files)
        words = ("ls-tree", "-r", "-z", "--name-only", revision or NOTHING, *names)
        # No repository, or nothing committed yet: that is none.
        listed = self._run(*words, check=False)
        for name in filter(None, listed.stdout.decode().split(SEPARATOR)):
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(self._run("show", f"{revision}:./{name}").stdout)

    def has(self, file: Path) -> bool:
        """Whether HEAD has the file; False where there is no git or repository."""
        if shutil.which("git") is None or not self._folder.is_dir():
            return False
        listed = self._run("ls-tree", "--name-only", "HEAD", f"./{file.name}", check=False)
        return bool(listed.stdout)

    def ignores(self, file: Path) -> bool:
        """Whether git is told to keep the file out; False where there is no git or repository."""
        if shutil.which("git") is None:
            return False
        return not self._run("check-ignore", "--quiet", file.name, check=False).returncode

    def differs(self, file: Path) -> bool:
        """Whether the file is another than HEAD has, or one that it has not."""
        return bool(self._run("status", "--porcelain", "--", file.name).stdout)

    def commit(self, files: Iterable[Path], message: str) -> None:
        """Commit these files alone, whatever else has changed."""
        names = [file.name for file in files]
        self._run("add", "--", *names)
        self._run(*AUTHOR, "commit", "--quiet", "--message", message, "--", *names)

    def push(self) -> bool:
        """Push the branch; False when the remote has moved on."""
        pushed = self._run("push", "--quiet", "origin", "HEAD", check=False)
        if pushed.returncode == 0:
            return True
        words = pushed.stderr.decode(errors="replace")
        if OVERTAKEN.search(words):
            return False
        raise ArchiveError(
            f"git push failed: {words.strip()}. The commit stays here: mend that, then run "
            "git push."
        )

    def is_ahead(self) -> bool:
        """Whether the branch has commits that its remote has not, as far as is known here."""
        count = self._run("rev-list", "--count", "@{upstream}..HEAD", check=False)
        return count.stdout.decode().strip() not in ("", "0")

    def commits(self, archive: Path, count: int) -> list[Commit]:
        """The last commits of the branch that changed the archive or its years, newest first."""
        form = "--format=%H%x00%h%x00%cI%x00%s"
        words = ("log", "--first-parent", f"--max-count={count}", form, "--", archive.name, YEARS)
        lines = self._run(*words).stdout.decode(errors="replace").splitlines()
        rows = (line.split(SEPARATOR, 3) for line in lines)
        return [
            Commit(name, short, instant(datetime.fromisoformat(at)), subject)
            for name, short, at, subject in rows
        ]

    def parents(self, commit: Commit) -> list[str]:
        """The commits that it follows; none for the first."""
        return self._run("log", "-1", "--format=%P", commit.name).stdout.decode().split()

    def changed_paths(self, since: str, but: Iterable[Path] = ()) -> list[str]:
        """What HEAD has otherwise than that revision: paths from the root of the checkout.

        `but`: files and folders that are not asked for.
        """
        return [name.decode(errors="replace") for name in self._changed(since, but)]

    def stands(self) -> tuple[str | None, str | None]:
        """The branch that is checked out and the address it is pushed to; None: there is none."""
        self._run("rev-parse", "--git-dir")
        branch = self._run("symbolic-ref", "--quiet", "--short", "HEAD", check=False)
        remote = self._run("remote", "get-url", "origin", check=False)
        return branch.stdout.decode().strip() or None, remote.stdout.decode().strip() or None

    def fetch(self) -> None:
        """Get the remote's branch as it is now: it is `REMOTE` then."""
        branch = self._run("rev-parse", "--abbrev-ref", "HEAD").stdout.decode().strip()
        self._run("fetch", "--quiet", "origin", branch)

    def common(self, revision: str) -> str | None:
        """The last commit from which both HEAD and that revision come; None: there is none."""
        found = self._run("merge-base", "HEAD", revision, check=False)
        return found.stdout.decode().strip() or None

    def start_from(self, revision: str, ours: Iterable[Path]) -> None:
        """Take that revision for the one to build on, with its files.

        Work files that are `ours`, and those that somebody has changed here, stay as they are.
        """
        status = ("status", "--porcelain", "--no-renames", "--untracked-files=all", "-z")
        touched = {row[3:] for row in self._run(*status).stdout.split(b"\0")}
        fresh = [path for path in self._changed(revision, ours) if path not in touched]
        if fresh:
            listed = b"\0".join(b":(top,literal)" + path for path in fresh)
            words = ("checkout", "--quiet", "--no-overlay", revision)
            self._run(*words, "--pathspec-from-file=-", "--pathspec-file-nul", told=listed)
        self._run("reset", "--quiet", "--mixed", revision)

    def _changed(self, since: str, but: Iterable[Path]) -> list[bytes]:
        apart = (f":(exclude){file.name}" for file in but)
        words = ("diff", "--name-only", "--no-renames", "-z", since, "HEAD", "--", ":/", *apart)
        return [name for name in self._run(*words).stdout.split(b"\0") if name]

    def _run(
        self, *words: str, check: bool = True, told: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(  # noqa: S603 - no word of it is a vendor's
            ("git", *words),  # noqa: S607 - the git of the path is meant
            cwd=self._folder,
            input=told,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},  # its words are read
        )
        if check and done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            if locked := LOCKED.search(said):
                raise ArchiveError(_left_behind(Path(locked[1])))
            raise ArchiveError(f"git {words[0]} failed in {self._folder}: {said}. {ANYTHING}")
        return done


def _left_behind(lock: Path) -> str:
    # Whose it is cannot be known from here, so that it is never removed unasked.
    return (
        f"{lock} keeps git out: another git is at work here, or one was killed and left it. When "
        f"no git runs here any more, remove that file (rm {lock}) and run it again. "
        "Nothing is lost: the archive holds all of this run."
    )
