"""What holds for all tests: a property is judged by what it says, never by how long that took."""

from hypothesis import settings

settings.register_profile("outages", deadline=None)
settings.load_profile("outages")
