"""What feeds say of themselves and of an incident."""


def feed_title(name: str) -> str:
    """The title of a feed."""
    return f"{name}: incidents"


def feed_description(name: str) -> str:
    """What a feed brings; without a name, the feed of all."""
    whose = f"that {name} reports" if name else "of all services"
    return f"Every incident {whose}, with all its updates. An entry changes when the incident does."


def entry_times(started: str, ended: str, length: str, state: str) -> str:
    """When an entry's incident was; `ended` may be empty, then `state` says how it stands."""
    ending = f", ended {ended} ({length})" if ended else f". {state}"
    return f"Started {started}{ending}."


def affected(components: str) -> str:
    """What an entry's incident affected."""
    return f"Affected: {components}."
