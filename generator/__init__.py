"""The outage archive: reads status pages, keeps every word, renders a site."""

__version__ = "0.1.0"
