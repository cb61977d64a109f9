"""The pages about the archive itself."""

METHOD_DESCRIPTION = (
    "How this archive counts: ends, lengths, downtime, impact, and what it cannot know."
)
SOURCES_DESCRIPTION = (
    "Every status page that is read here: when last, its newest incident, what fails."
)
DATA_DESCRIPTION = (
    "All of the archive to take away: JSON, feeds, NDJSON and SQLite, with their schema."
)
ABOUT_DESCRIPTION = "What this archive is, how to correct it, add a service or ask for a removal."
