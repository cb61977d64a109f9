"""Escaping: the one function through which every printed value goes."""

from markupsafe import Markup, escape


def escaped(value: object) -> str:
    """What `markupsafe.escape` makes of a value, as plain text where nothing had to be escaped.

    A build asks some two hundred times an incident, and has something to escape once.
    """
    if type(value) is str:
        if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
            return escape(value)
        return value
    return value if type(value) is Markup else escape(value)
