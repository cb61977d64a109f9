"""Everything that can go wrong and has a sentence for it.

OutagesError
├── InputError        a file or word of ours is wrong; exit 2, nothing written
│   ├── VendorFileError
│   └── LineError         a line of an import
├── ArchiveError      the database cannot be trusted or read; exit 2, untouched
├── DiskError         what a page answers cannot be kept; exit 2
├── BuildError        the site cannot be written as asked; exit 2
├── StoreError        the object store refuses or does not answer; exit 2
├── HostError         the host of the repository refuses or does not answer; exit 2
└── SourceFault       one status page misbehaved; a row in the report, the run goes on
"""

import errno
from typing import Literal

FaultKind = Literal[
    "unreachable",  # no connection, no such host, connection lost
    "refused",  # we refuse: the address is not public, the scheme is wrong
    "slow",  # the deadline passed before the reply was whole
    "too large",  # more bytes than a status page has
    "too heavy",  # reading its reply took more time or memory than any page needs
    "blocked",  # 401, 403, 429 or a challenge page
    "gone",  # 404 or 410 where the platform always answers
    "server error",  # 5xx
    "moved",  # redirects to another host
    "not what it says",  # a reply, but not the document the platform serves
    "platform changed",  # another platform answers at this address
    "unparseable",  # the right document, broken
    "bad record",  # one record of a good document
    "implausible",  # decodes, but cannot be true
]


class OutagesError(Exception):
    """Base of all errors that the command turns into one sentence."""


class InputError(OutagesError):
    """Something a person wrote is wrong: says where, what was expected and how to mend it."""


class VendorFileError(InputError):
    """A vendor file is broken."""


class LineError(InputError):
    """A line of an import is broken."""


class ArchiveError(OutagesError):
    """The database is corrupt, newer than this program, or busy."""


class DiskError(OutagesError):
    """What a page answers cannot be kept on this disk, whoever is asked next."""

    def __init__(self, what: str, error: OSError) -> None:
        super().__init__(f"{what}: {error.strerror}. What was kept before stands. {remedy(error)}")


class BuildError(OutagesError):
    """The site cannot be written as asked."""


class StoreError(OutagesError):
    """The object store that the site is published to refuses, or does not answer."""


class HostError(OutagesError):
    """The API of the repository's host refuses, or does not answer. `status`: of HTTP, if any."""

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


class SourceFault(OutagesError):  # noqa: N818 - a fault is what the report calls it
    """One status page, or one record of it, could not be read."""

    def __init__(self, kind: FaultKind, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind: FaultKind = kind
        self.reason = reason


ROOM = "Make room on its disk, then run it again."
RIGHTS = "Let this user write to it and to its folder, then run it again."
ANYTHING = "Mend that, then run it again."
DEFECT = "That is a defect of this program: please report it, with these words."
DISK = "Its disk fails: see what the system says of it, then run it again."
REMEDIES = {
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.EFBIG: ROOM,
    errno.EACCES: RIGHTS,
    errno.EPERM: RIGHTS,
    errno.EROFS: RIGHTS,
    errno.EIO: DISK,
}


def remedy(error: OSError) -> str:
    """What to do about a file that could not be written or read."""
    return REMEDIES.get(error.errno or 0, ANYTHING)
