"""What a status page tells of its vendor: name, homepage, and of what kind it is."""

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import urljoin, urlsplit

from generator.detect.signs import at, document_of, text_of
from generator.reading import Reply

# Where the platforms write the page's name and the vendor's address, best first.
NAMES = (
    "page.name",
    "summary.name",
    "data.attributes.company_name",
    "data.statuspage_details.displayname",
    "page_title",
    "title",
)
HOMEPAGES = ("data.attributes.company_url", "page.company_url", "page.website")
TITLE = re.compile(
    r"<title[^>]*>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</title>", re.IGNORECASE | re.DOTALL
)
LINK = re.compile(r"""<a\b[^>]*\bhref\s*=\s*["'](https?://[^"'#?]+)["']""", re.IGNORECASE)
# What stands around a name in the title of a page or feed.
AROUND = re.compile(
    r"^\s*(?:status\s+(?:of|page\s+for)\s+)|"
    r"\s*(?:[-–—|:·]\s*)?\b(?:incident\s+history|(?:system|service|platform|current)?\s*"
    r"status(?:\s*page)?|rss\s+feed|uptime|history)\s*$",
    re.IGNORECASE,
)
GENERIC = ("", "home", "status page", "system", "service")
# Labels of a host that name no vendor.
NOT_NAMES = ("www", "status", "statuspage", "health", "uptime", "co", "com", "github")
# Words of a page that place its vendor in a category, in the order in which they are tried.
KINDS = (
    ("package-registry", r"package registr|registry mirror|\bpackages?\b.*\bdownloads?\b"),
    ("ci-cd", r"\bci/cd\b|\bpipelines?\b|\bbuild (?:agents|minutes)\b|\bdeployments\b"),
    ("database", r"\bdatabases?\b|\bpostgres|\bclusters\b.*\breplicas?\b"),
    ("cdn", r"\bcdn\b|\bedge (?:network|cache)\b|\bpoints of presence\b"),
    ("dns", r"\bdns\b|\bdomain (?:names|registration)\b"),
    ("payments", r"\bpayments?\b|\bpayouts?\b|\bcheckout\b|\bcard transactions\b"),
    ("email", r"\b(?:transactional )?e-?mail (?:sending|delivery)\b|\bsmtp\b"),
    ("identity", r"\bsingle sign-on\b|\boidc\b|\bidentity\b|\bauthentication api\b"),
    ("security", r"\bthreat\b|\bvulnerabilit|\bfirewall\b|\bantivirus\b"),
    ("ai", r"\binference\b|\bmodels?\b.*\bapi\b|\bllm\b|\bembeddings\b"),
    ("monitoring", r"\balerting\b|\bmetrics\b.*\bingest|\bdashboards\b|\bobservability\b"),
    ("communication", r"\bvoice\b.*\bsms\b|\bmessaging\b|\bmeetings\b|\bphone calls\b"),
    ("support", r"\bhelp ?desk\b|\bticketing\b|\bcrm\b"),
    ("hosting", r"\bweb hosting\b|\bvps\b|\bdata ?centers?\b|\bshared hosting\b"),
    ("cloud", r"\bcompute\b|\bobject storage\b|\bkubernetes\b|\bload balanc"),
    ("developer-tools", r"\bgit\b|\bapi\b|\bwebhooks\b|\bsdk\b"),
)


def name_of(replies: Iterable[Reply]) -> str | None:
    """The vendor's name: as a document has it, or the title of the page without its "status"."""
    replies = list(replies)
    documents = [document_of(reply) for reply in replies]
    told = [at(document, place) for place in NAMES for document in documents]
    titles = [TITLE.search(text_of(reply)) for reply in replies if not reply.absent]
    for text in (*told, *(title[1] for title in titles if title)):
        name = _bare(text) if isinstance(text, str) else ""
        if name.lower() not in GENERIC:
            return name
    return None


def name_in(page: str) -> str:
    """What the address calls the vendor: `status.acme.co.uk` is Acme."""
    parts = urlsplit(page)
    labels = (parts.hostname or "").split(".")[:-1]
    own = [label for label in labels if label not in NOT_NAMES and not label.isdecimal()]
    name = max(own or [parts.path.rstrip("/").rpartition("/")[2]], key=len)
    return name.replace("-status", "").replace("status-", "").replace("-", " ").title()


def homepage_of(page: str, replies: Iterable[Reply]) -> str | None:
    """The vendor's site: as a document has it, or where the page links to beside itself.

    Without either, the site whose `status.` the page is.
    """
    replies = list(replies)
    for reply in replies:
        for place in HOMEPAGES:
            address = at(document_of(reply), place)
            if isinstance(address, str) and urlsplit(address).hostname:
                return address
    host = urlsplit(page).hostname or ""
    label, _, rest = host.partition(".")
    if label not in ("status", "statuspage", "health", "uptime", "stats") or "." not in rest:
        return None
    links = [link for reply in replies if reply.is_html for link in LINK.findall(text_of(reply))]
    near = [link for link in links if urlsplit(link).hostname in (rest, f"www.{rest}")]
    best = min(near, key=len, default=f"https://{rest}")
    return urljoin(unescape(best), "/").rstrip("/")


def categories_of(replies: Iterable[Reply]) -> tuple[str, ...]:
    """The categories whose words the page uses, the likeliest first."""
    said = " ".join(re.sub(r"<[^>]*>", " ", text_of(reply)) for reply in replies).lower()
    return tuple(category for category, words in KINDS if re.search(words, said))


def _bare(title: str) -> str:
    """`Acme Status - Incident History` is Acme."""
    name = " ".join(unescape(unescape(title)).split())
    while (shorter := AROUND.sub("", name).strip(" -–—|:·")) != name:
        name = shorter
    return name
