"""What a process that reads strangers' bytes gives up before it sees the first of them.

Without room for a file, no socket can be made and nothing be opened, whatever a parser is talked
into: so all that reading may ever import or look up is loaded first. It needs no rights and no
code for one kernel; what a system does not know of it stays as it was.
"""

import encodings
import pkgutil
import resource
import sys
from contextlib import suppress
from importlib import import_module
from zoneinfo import ZoneInfo, available_timezones

from generator import providers

# Imported by others, in the middle of their work.
LATER = ("_strptime", "feedparser", "xml.sax.expatreader", "generator.render.text")
# As long as somebody holds a zone, it is not looked up in files again.
ZONES: list[ZoneInfo] = []


def confine(memory: int) -> None:
    """Load what reading needs, then give up the rest: files, sockets, processes, more memory."""
    platforms = (f"{providers.__name__}.{name}" for name in providers.platforms())
    codecs = (f"encodings.{module.name}" for module in pkgutil.iter_modules(encodings.__path__))
    for name in (*platforms, *LATER, *codecs):
        with suppress(ImportError):  # codecs of other systems
            import_module(name)
    ZONES.extend(map(ZoneInfo, available_timezones()))
    # What is not imported by now does not exist, and says so: no file is looked for.
    sys.meta_path.clear()
    limits = (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    )
    for limit, most in limits:
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, most))
