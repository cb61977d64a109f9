"""The few git commands that keep the archive: run in the repository that holds the data folder."""

import subprocess
from pathlib import Path

from generator.errors import ArchiveError

AUTHOR = ("-c", "user.name=outages", "-c", "user.email=outages@users.noreply.github.com")


class Repository:
    """A checkout. Every failure is an ArchiveError with git's own words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def committed(self, file: Path, target: Path) -> bool:
        """Write the file as HEAD has it to `target`; False when HEAD has none."""
        shown = self._run("show", f"HEAD:./{file.name}", check=False)
        if shown.returncode:
            return False
        target.write_bytes(shown.stdout)
        return True

    def commit(self, file: Path, message: str) -> None:
        """Commit this file alone, whatever else has changed."""
        self._run("add", "--", file.name)
        self._run(*AUTHOR, "commit", "--quiet", "--message", message, "--", file.name)

    def push(self) -> bool:
        """Push the branch; False when the remote has moved on."""
        pushed = self._run("push", "--quiet", "origin", "HEAD", check=False)
        if pushed.returncode == 0:
            return True
        words = pushed.stderr.decode(errors="replace")
        if "rejected" in words or "fetch first" in words or "cannot lock ref" in words:
            return False
        raise ArchiveError(f"git push failed: {words.strip()}")

    def start_from_remote(self) -> None:
        """Take the remote's branch as it is now for the one to build on; work files stay."""
        branch = self._run("rev-parse", "--abbrev-ref", "HEAD").stdout.decode().strip()
        self._run("fetch", "--quiet", "origin", branch)
        self._run("reset", "--quiet", "--mixed", "FETCH_HEAD")

    def _run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(  # noqa: S603 - no word of it is a vendor's
            ("git", *words),  # noqa: S607 - the git of the path is meant
            cwd=self._folder,
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise ArchiveError(f"git {words[0]} failed in {self._folder}: {said}")
        return done
