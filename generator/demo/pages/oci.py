"""Oracle Cloud Infrastructure: a feed of incidents, and what each region's services report.

Titles are put together from service, region and number. Posts are dated to the minute, name no
year and state start and end in their text. The region reports list an incident for as long as the
feed does, once it is over as normal performance.
"""

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

from generator.demo.names import REGIONS
from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._markup import MONTHS, by_last_post
from generator.demo.seeds import code
from generator.model import ENDING, BodyFormat, Impact, Incident, Kind, Phase, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident"})
IMPACTS: frozenset[Impact] = frozenset({"none", "major", "critical"})

FED = 25
SEVERITIES: dict[Impact, str] = {
    "none": "Informational",
    "minor": "ServiceDisruption",
    "major": "ServiceDisruption",
    "critical": "ServiceDown",
}
NORMAL = "NormalPerformance"
# The page knows no other words.
WORDS: dict[Phase, Phase] = {"postmortem": "resolved"}
EVERYWHERE = "All Regions"
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The feed, or the reports of all regions."""
    newest = by_last_post(page.incidents)[:FED]
    if path == "api/v2/incident-summary.rss":
        return _feed(page, newest)
    if path == "api/v2/components.json":
        return as_json(_reports(page, newest))
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """No title of its own, three severities, and no time to the second."""
    updates: list[Update] = []
    for update, phase in zip(incident.updates, _phases(incident), strict=True):
        at = update.at.replace(second=0)
        same = sum(post.at == at for post in updates)
        updates.append(
            replace(
                update,
                key=text_of(at) + (f"#{same + 1}" if same else ""),
                at=at,
                phase=phase,
                phase_raw=phase.capitalize(),
                body=_body(incident, update),
            )
        )
    over = incident.ended_at is not None
    impact: Impact = "major" if incident.impact == "minor" else incident.impact
    return replace(
        incident,
        key=_ocid(incident),
        title=_title(incident),
        url=_link(page, incident),
        impact="unknown" if over else impact,
        impact_raw=None if over else SEVERITIES[incident.impact],
        started_at=incident.started_at.replace(second=0),
        ended_at=incident.ended_at and incident.ended_at.replace(second=0),
        end_basis="end_field" if over else None,
        regions=tuple(_regions(incident)),
        updates=tuple(updates),
    )


def _feed(page: Page, incidents: list[Incident]) -> Answer:
    items = "".join(_item(page, incident) for incident in incidents)
    document = (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"  <title>{escape(page.vendor.name)} Status - Incident History</title>\n"
        f"  <link>{page.vendor.status_page}</link>\n  <description>Statuspage</description>\n"
        f"  <pubDate>{_rfc822(page.now)}</pubDate>\n{items}</channel>\n</rss>"
    )
    return Answer(document.encode(), "application/rss+xml")


def _item(page: Page, incident: Incident) -> str:
    posts = "".join(
        f"<p><small>{_day(update.at)} UTC</small><br><strong>{phase.capitalize()}</strong> - "
        f"{_body(incident, update)}</p>"
        for update, phase in reversed(list(zip(incident.updates, _phases(incident), strict=True)))
    )
    return (
        f"  <item>\n    <title>{escape(_title(incident))}</title>\n"
        f"    <description>{escape(posts)}</description>\n"
        f"    <link>{_link(page, incident)}</link>\n    <guid>{_ocid(incident)}</guid>\n"
        f"    <pubDate>{_rfc822(incident.updates[-1].at)}</pubDate>\n  </item>\n"
    )


def _body(incident: Incident, update: Update) -> str:
    """The text of a post, with the fields that stand at its end."""
    ended_at = incident.ended_at
    fields = [f"<b>Start Time </b>: {_date(incident.started_at)} UTC"]
    if ended_at is not None and update.at >= ended_at:
        fields.append(f"<b>End Time </b>: {_date(ended_at)} UTC")
    fields.append(f"<br><b>Reference Number:</b> {_number(incident)}")
    return f"{update.body}<br><br>{'<br>'.join(fields)}"


def _phases(incident: Incident) -> list[Phase]:
    """The word above each post: an update without news repeats the last."""
    said: list[Phase] = []
    for update in incident.updates:
        last = said[-1] if said and said[-1] not in ENDING else "investigating"
        said.append(last if update.phase == "update" else WORDS.get(update.phase, update.phase))
    return said


def _reports(page: Page, incidents: list[Incident]) -> Json:
    regions = sorted({region for one in incidents for region in _regions(one)})
    return {
        "realm": "OC1",
        "regionHealthReports": [
            {
                "geographicAreaName": "Global",
                "regionId": code(page.vendor.slug, region),
                "regionName": region,
                "regionCanonicalName": region.lower().replace(" ", "-"),
                "serviceHealthReports": [
                    _service(page, name, region, incidents) for name in page.components
                ],
            }
            for region in regions
        ],
    }


def _service(page: Page, name: str, region: str, incidents: list[Incident]) -> Json:
    here = [one for one in incidents if name in one.components and region in _regions(one)]
    ongoing = [_severity(one) for one in here if one.ended_at is None]
    return {
        "serviceId": code(page.vendor.slug, name, region),
        "serviceName": name,
        "serviceCanonicalName": name.lower().replace(" ", "-"),
        "serviceCategoryName": "Platform",
        "serviceStatus": ongoing[0] if ongoing else NORMAL,
        "incidents": [{"incidentId": _ocid(one), "severity": _severity(one)} for one in here],
    }


def _severity(incident: Incident) -> str:
    return SEVERITIES[incident.impact] if incident.ended_at is None else NORMAL


def _title(incident: Incident) -> str:
    regions = _regions(incident)
    service = incident.components[0] if len(incident.components) == 1 else "Multiple Services"
    region = regions[0] if len(regions) == 1 else "Multiple Regions"
    return f"{service} | {region} | {_number(incident)}"


def _regions(incident: Incident) -> list[str]:
    return sorted(f"{REGIONS[key]} ({key})" for key in incident.regions) or [EVERYWHERE]


def _number(incident: Incident) -> str:
    return f"CN-{code(incident.key, 'number', length=7).upper()}"


def _ocid(incident: Incident) -> str:
    return f"ocid1.oraclecloudincident.oc1.phx.{incident.key}"


def _link(page: Page, incident: Incident) -> str:
    return html.escape(f"{page.vendor.status_page}/#/incidents/{_ocid(incident)}")


def _day(moment: datetime) -> str:
    """`Oct<var data-var='date'>26</var><var data-var='time'>07:01</var>`: no year, no space."""
    return (
        f"{MONTHS[moment.month - 1][:3]}<var data-var='date'>{moment:%d}</var>"
        f"<var data-var='time'>{moment:%H:%M}</var>"
    )


def _date(moment: datetime) -> str:
    """`October 26, 2023 01:47`."""
    return f"{MONTHS[moment.month - 1]} {moment:%d, %Y %H:%M}"


def _rfc822(moment: datetime) -> str:
    """`Thu, 26 Oct 2023 07:01:03 UTC`."""
    return format_datetime(moment.astimezone(UTC)).replace("+0000", "UTC")
