"""Templates to files, only what changed."""
