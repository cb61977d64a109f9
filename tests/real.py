"""Reading real payloads as a page would serve them: each file answers at its own path."""

import json
from collections.abc import Mapping
from pathlib import Path

from generator.model import Fault
from generator.reading import Batch
from tests.replay import Case, drive


def read_real(
    folder: Path,
    platform: str,
    replies: Mapping[str, Path],
    *,
    status_page: str = "https://status.acme.example",
    options: Mapping[str, str] | None = None,
    walk: str = "recent",
) -> tuple[Batch, list[Fault]]:
    """A reading of those files, the recent one or the first of the history; `folder` takes it."""
    case = folder / platform / "real"
    case.mkdir(parents=True, exist_ok=True)
    # A JSON string is a TOML string.
    lines = [f"status_page = {json.dumps(status_page)}", f"walk = {json.dumps(walk)}", "[options]"]
    lines += [f"{name} = {json.dumps(text)}" for name, text in (options or {}).items()]
    for path, file in replies.items():
        lines += ["[[reply]]", f"path = {json.dumps(path)}", f"file = {json.dumps(str(file))}"]
    (case / "case.toml").write_text("\n".join(lines), encoding="utf-8")
    read = Case(case)
    return drive(read.reading(), read)
