"""The zone of pages that write times without one: the vendor's file names it, or the page does."""

from datetime import tzinfo

from generator.errors import SourceFault
from generator.model import Vendor
from generator.times import iana_zone


def zone_of(vendor: Vendor, stated: str | None = None) -> tzinfo:
    """The option `time_zone`, or else what the page itself states; SourceFault without either."""
    name = vendor.options.get("time_zone") or stated
    if not name:
        reason = f"{vendor.status_page} writes times without a zone: name it in the vendor's file"
        raise SourceFault("not what it says", f"{reason}, as time_zone under [options]")
    zone = iana_zone(name)
    if zone is None:
        reason = f"{name!r} is not a time zone such as Europe/Paris"
        raise SourceFault("not what it says", f"{vendor.status_page}: {reason}")
    return zone
