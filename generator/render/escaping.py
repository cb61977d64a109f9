"""Escaping: the one function through which every printed value goes."""

from markupsafe import Markup, escape


def escaped(value: object) -> str:
    """What `markupsafe.escape` makes of a value, as plain text where nothing had to be escaped.

    A build asks some two hundred times an incident, and has something to escape once.
    """
    kind = type(value)
    if kind is str:
        assert isinstance(value, str)
        if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
            return escape(value)
        return value
    if kind is Markup:
        assert isinstance(value, Markup)
        return value
    return escape(value)
