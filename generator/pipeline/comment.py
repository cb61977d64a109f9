"""A preview becomes a comment: the second stage, which runs no code of the proposal.

It starts when the job of the proposal has ended, with rights that job does not have. What it takes
over from there is the preview's data, and nothing else.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

import msgspec

from generator.errors import InputError
from generator.forge import Forge
from generator.preview import Preview, markdown

MARKER = "<!-- outages:preview -->"
ARTIFACT = "preview-data"
FILE = "preview.json"
LARGEST = 1_000_000
LONGEST = 60_000  # of a comment


class Owner(msgspec.Struct):
    """Whose repository."""

    login: str


class Head(msgspec.Struct):
    """The repository that a proposal comes from."""

    owner: Owner


class WorkflowRun(msgspec.Struct):
    """The run whose end started ours."""

    id: int
    event: str
    head_sha: str
    head_branch: str
    head_repository: Head


class Event(msgspec.Struct):
    """What the host tells the job that it starts then."""

    workflow_run: WorkflowRun


def comment(event: Path, forge: Forge) -> str:
    """Write the run's preview below its pull request, or mend what stands there; says what it did.

    InputError when the event, or what the run left, is not what it should be.
    """
    run = _run(event)
    number = _pull_request(run, forge)
    if number is None:
        return "No open pull request has this commit at its head."
    preview = _preview(run, forge)
    if preview is None:
        return "The run left no preview."
    body = f"{MARKER}\n{markdown(preview)}"
    if len(body) > LONGEST:
        body = f"{MARKER}\nThe preview is too long for a comment: see the summary of the job.\n"
    standing = _standing(number, forge)
    if standing is None:
        forge.post(f"issues/{number}/comments", body=body)
        return f"Commented on #{number}."
    if standing["body"] != body:
        forge.patch(f"issues/comments/{standing['id']}", body=body)
        return f"Mended the comment on #{number}."
    return f"The comment on #{number} says it already."


def _run(event: Path) -> WorkflowRun:
    try:
        return msgspec.json.decode(event.read_bytes(), type=Event).workflow_run
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(f"{event}: {error}. Expected the event of a workflow_run.") from None


def _pull_request(run: WorkflowRun, forge: Forge) -> int | None:
    """The open one whose head the run saw; asked of the host, for a run could say anything."""
    head = f"{run.head_repository.owner.login}:{run.head_branch}"
    for row in forge.pages("pulls", state="open", head=head):
        if row["head"]["sha"] == run.head_sha:
            return int(row["number"])
    return None


def _preview(run: WorkflowRun, forge: Forge) -> Preview | None:
    answer = forge.get(f"actions/runs/{run.id}/artifacts", name=ARTIFACT) or {}
    rows = [row for row in answer.get("artifacts", ()) if not row.get("expired")]
    if not rows:
        return None
    packed = forge.download(f"actions/artifacts/{int(rows[0]['id'])}/zip", LARGEST)
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive, archive.open(FILE) as file:
            text = file.read(LARGEST + 1)
        return msgspec.json.decode(text[:LARGEST], type=Preview)
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError) as error:
        raise InputError(f"the run's {ARTIFACT} is not a preview: {error}.") from None


def _standing(number: int, forge: Forge) -> dict[str, Any] | None:
    """Our comment from last time; a person's that holds the marker is not ours."""
    for row in forge.pages(f"issues/{number}/comments"):
        if row["user"]["type"] == "Bot" and row["body"].startswith(MARKER):
            return row
    return None
