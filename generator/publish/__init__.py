"""The site in an object store: what has to be sent, and the store."""
