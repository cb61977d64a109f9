"""What holds for all tests, and what they tell of themselves in the end."""

from collections import Counter

import pytest
from hypothesis import settings

# What they assert for other modules says, too, what came instead.
for _name in ("breaking", "crashing", "hostile_site", "replay", "starter"):
    pytest.register_assert_rewrite(f"tests.{_name}")
# A property is judged by what it says, never by how long that took.
settings.register_profile("outages", deadline=None)
settings.load_profile("outages")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much was tried, by tests that say so: `record_property("tried", [what, number])`."""
    tried: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "tried" and report.when == "call":
                    what, number = value
                    tried[what] += number
    if tried:
        terminalreporter.section("tried", "-")
        for what, number in sorted(tried.items()):
            terminalreporter.write_line(f"{number:>9,} {what}")
