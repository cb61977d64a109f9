"""The phases of an incident on wires that have only some of them."""

from collections.abc import Collection

from generator.model import Incident, Phase

# What a page that lacks a phase says instead.
NEAREST: dict[Phase, Phase] = {"postmortem": "resolved", "monitoring": "in_progress"}


def stages(incident: Incident, known: Collection[Phase]) -> list[Phase]:
    """The phase of each update among those `known`: an "update" repeats the one before it."""
    said: list[Phase] = []
    for update in incident.updates:
        phase: Phase = update.phase
        if phase == "update":
            phase = said[-1] if said else "investigating"
        elif phase not in known or (phase == "monitoring" and incident.kind == "maintenance"):
            phase = NEAREST.get(phase, phase)
        said.append(phase)
    return said
