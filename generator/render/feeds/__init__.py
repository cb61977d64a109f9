"""Feeds: which there are, what stands in them, and when it appeared.

`variants` says which feeds there are, `dates` when an entry appeared, `entries` and `events` what
it says, `choice` which entries a feed shows, `formats` how they are written, `pages` where.
"""
