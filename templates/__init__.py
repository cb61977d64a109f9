"""Jinja templates, the style sheet and the icons; a package only so that they install."""
