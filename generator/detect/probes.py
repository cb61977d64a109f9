"""Which request shows which platform: a line a way to know one.

Of several that match, the first stands: what others imitate comes after its imitators.
`{host}` in a path is the page's host, `{place}` its host and path, `{name}` what it may be called
there.
"""

from typing import NamedTuple

from generator.detect.signs import Sign, holds, is_utf16_list, says


class Probe(NamedTuple):
    """A platform, a path below the page, and what its answer has to show.

    `option`: the setting that then has to be in the vendor's file, with its value: `{name}` as in
    the path, `{url}` the address that answered, `{parent}` that without its last part.
    """

    platform: str
    path: str
    sign: Sign
    option: tuple[str, str] | None = None


FRONT = ""
SUMMARY = "api/v2/summary.json"
ULID = "01[0-9A-HJKMNP-TV-Z]{24}"

# What most pages answer to: asked first, together.
COMMON = (
    Probe("incidentio", "/proxy/{place}", holds("summary.id", "summary.name")),
    Probe("incidentio", SUMMARY, holds(f"page.id~{ULID}", "status.indicator")),
    Probe("statuspage", SUMMARY, holds("page.id~[a-z0-9]{12}", "status.indicator")),
    Probe("instatus", SUMMARY, holds("page.status~[A-Z]+", "page.name")),
    Probe("statusio", FRONT, says(r"statuspage_id\s*[=:]\s*[\"']([0-9a-f]{24})", "page_id")),
    Probe(
        "upptime",
        FRONT,
        says(r"github\.com/((?!upptime/)[\w.-]+/[\w.-]+).{0,600}upptime\.js\.org", "repository"),
    ),
    Probe("uptimerobot", FRONT, says(r"\b(?:psp|events)ApiPath\s*=")),
    Probe("incidentio", FRONT, says(r"incident-io-status-page|statuspage\.incident\.io/")),
    Probe("pagerduty", FRONT, says(r"<script\b[^>]*\bid=.data.[^>]*application/json")),
)
# What one or a few platforms answer to: asked of the one suspected, then of all.
OWN = (
    Probe("incidentio", "proxy/{host}", holds("summary.id", "summary.name"), ("proxy", "{url}")),
    Probe("incidentio", "api/v2/incidents.json", holds(f"page.id~{ULID}")),
    Probe("instatus", "summary.json", holds("page.status~[A-Z]+", "page.name")),
    Probe("betterstack", "index.json", holds("data.type~status_page")),
    Probe("cstate", "index.json", holds("cStateVersion", "apiVersion")),
    Probe("statusiq", "sp/api/u/summary_details", holds("code~0", "data.statuspage_details")),
    Probe("hund", "state_feed/feed.atom", says(r"FeedNotifier::Entry|:/state_feed/")),
    Probe("hund", "feed.atom", says(r"FeedNotifier::Entry")),
    Probe("rootly", "api/v1/status.json", holds("page.name", "status.indicator", "incidents")),
    Probe("sorry", "api/v1/status", holds("page.state")),
    Probe("sorry", "api/v1/notices", holds("notices")),
    Probe("openstatus", "feed/json", holds("statusReports", "maintenances")),
    Probe("firehydrant", "data/payload.json", holds("conditions", "incidents")),
    Probe("pagerduty", "api/posts", holds("posts")),
    Probe("pagerduty", "api/services", holds("services.0.display_name")),
    Probe(
        "checkly",
        "api/status-page/{name}/unresolved-incidents",
        holds("incidents"),
        ("slug", "{name}"),
    ),
    Probe(
        "statuspal",
        "api/v2/status_pages/{name}/summary",
        holds("status_page.name"),
        ("subdomain", "{name}"),
    ),
    Probe("cachet", "api/v1/ping", holds("data~Pong!")),
    Probe("cachet", "api/v1/incidents", holds("meta.pagination", "data")),
    Probe("cachet", "api/incidents", holds("data", "links", "meta")),
    Probe("statuscast", "rss", says(r"xmlns:sc=|<guid[^>]*>\s*/\d+/\d+\s*</guid>")),
    Probe("google", "incidents.json", holds("0.external_desc", "0.begin")),
    Probe("google", "products.json", holds("products.0.title", "products.0.id")),
    Probe("slack", "api/v2.0.0/current", holds("status~ok|active", "active_incidents")),
    Probe("heroku", "api/v4/current-status", holds("status.0.system", "incidents")),
    Probe("zendesk", "api/ssp/incidents.json", holds("data", "included")),
    Probe("salesforce", "v1/incidents", holds("0.IncidentEvents"), ("api", "{parent}")),
    Probe("oci", "api/v2/components.json", holds("regionHealthReports")),
    Probe("oci", "api/v2/incident-summary.rss", says(r"<title>OCI Status")),
    Probe("meta", "data/orgs.json", holds("0.name", "0.services")),
    Probe("apple", "data/system_status_en_US.js", says(r'"services".*"serviceName"')),
    Probe(
        "apple",
        "data/developer/system_status_en_US.js",
        says(r'"services".*"serviceName"'),
        ("data", "{url}"),
    ),
    Probe("azure", "feed/", says(r"xmlns:a10=|azure\.status\.microsoft")),
    Probe("ibm", "api/notifications/feed.rss", says(r"<rss\b")),
    Probe("aws", "public/currentevents", is_utf16_list),
    Probe("statuspage", "history.json", holds("months.0.name", "months.0.year")),
)
# The same on hosts of the platform's own: asked only of a page that points there.
ABROAD = tuple(
    Probe(
        "statuspal",
        f"https://statuspal.{country}/api/v2/status_pages/{{name}}/summary",
        holds("status_page.name"),
        ("subdomain", "{name}"),
    )
    for country in ("io", "eu")
)
# What is worth asking once the platform is known: its answer gives a setting away.
SETTINGS = {
    "statuscast": ("incidents.json", holds("0.Id", "0.Status"), {"states": "incidents.json"}),
}
# Pages that do not serve what they show: their address alone tells.
KNOWN: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("salesforce", "status.salesforce.com", {}),
    (
        "apple",
        "developer.apple.com",
        {
            "data": "https://www.apple.com/support/systemstatus/data/developer/"
            "system_status_en_US.js"
        },
    ),
)
# Which platform the address or the text of a page points at, as (platform, part of either).
HOSTS = (
    ("statuspage", ".statuspage.io"),
    ("incidentio", ".incident.io"),
    ("instatus", ".instatus.com"),
    ("betterstack", ".betteruptime.com"),
    ("statusio", ".status.io"),
    ("hund", ".hund.io"),
    ("statuspal", ".statuspal."),
    ("statuscast", ".statuscast.com"),
    ("uptimerobot", ".uptimerobot.com"),
    ("openstatus", ".openstatus.dev"),
    ("checkly", ".checkly-status-page.com"),
    ("slack", "slack-status.com"),
    ("slack", "status.slack.com"),
    ("heroku", "status.heroku.com"),
    ("zendesk", "status.zendesk.com"),
    ("azure", "azure.status.microsoft"),
    ("upptime", ".github.io"),
    ("upptime", "github.com"),
    ("oci", "ocistatus.oraclecloud.com"),
    ("meta", "metastatus.com"),
    ("apple", ".apple.com"),
    ("ibm", "cloud.ibm.com"),
    ("aws", "health.aws.amazon.com"),
)
WORDS = (
    ("hund", "hund.io"),
    ("statuspal", "statuspal"),
    ("statusiq", "enc_statuspage_id"),
    ("statuscast", "sc-hero"),
    ("rootly", "powered by rootly"),
    ("instatus", "instatus.com"),
    ("betterstack", "betteruptime"),
    ("betterstack", "betterstack.com"),
    ("checkly", "checkly"),
    ("checkly", "__nuxt"),
    ("cachet", "cachethq"),
    ("cstate", "cstate"),
    ("openstatus", "openstatus.dev"),
    ("firehydrant", "firehydrant"),
    ("pagerduty", "pagerduty"),
    ("sorry", "sorryapp"),
)
