"""Where pages are, and how one names another: relative, with the file's name, so that the site
works at a domain's root, below a path and opened from disk.
"""

from functools import lru_cache

HOME = "index.html"
NOT_FOUND = "404.html"
SITEMAP = "sitemap.xml"
PAGES_SITEMAP = "sitemap-pages.xml"
STATUS = "status.json"
ATOM = "feed.atom"
RSS = "feed.rss"
FEEDS = "feeds.html"
OPML = "feeds.opml"
ICON = "favicon.svg"
DAYS_FOLDER = "days"
DAYS = f"{DAYS_FOLDER}/{HOME}"
CATEGORIES_FOLDER = "category"
VENDORS = "vendors.html"
MAINTENANCE = "maintenance.html"
LISTS_SITEMAP = "sitemap-lists.xml"
PICTURE = "card.png"
COMPARE = "compare.html"
SEARCH = "search.html"
STACK = "stack.html"
VENDORS_DATA = "vendors.json"
SEARCH_YEARS = "search/years.json"
METHOD = "method.html"
SOURCES = "sources.html"
DATA = "data.html"
FILES = "downloads"
DOWNLOADS = f"{FILES}/{HOME}"
MANIFEST = f"{FILES}/manifest.json"
METADATA = f"{FILES}/metadata.json"
SQLITE = f"{FILES}/outages.db"
ABOUT = "about.html"
SCHEMA = "incident.schema.json"
# The API, and the page that describes it. Vendors' documents lie in a folder of each.
API = "api.html"
API_FOLDER = "api/v1"
OPENAPI = f"{API_FOLDER}/openapi.json"
API_INDEX = f"{API_FOLDER}/index.json"
API_VENDORS = f"{API_FOLDER}/vendors.json"
API_OPEN = f"{API_FOLDER}/open.json"
API_STATISTICS = f"{API_FOLDER}/statistics.json"
API_SOURCES = f"{API_FOLDER}/sources.json"
API_DAYS_FOLDER = f"{API_FOLDER}/days"


def vendor_page(vendor: str) -> str:
    """The overview of a vendor."""
    return f"{vendor}/{HOME}"


def incident_page(vendor: str, slug: str) -> str:
    """The page of an incident."""
    return f"{vendor}/{slug}.html"


def year_page(vendor: str, year: int) -> str:
    """A vendor's incidents that started in a year."""
    return f"{vendor}/{year:04d}.html"


def month_page(vendor: str, year: int, month: int) -> str:
    """A month of a year in which a vendor had too many for one page."""
    return f"{vendor}/{year:04d}-{month:02d}.html"


def year_data(vendor: str, year: int) -> str:
    """The same as JSON, in full."""
    return f"{API_FOLDER}/vendors/{vendor}/{year:04d}.json"


def year_feed(vendor: str, year: int) -> str:
    """The same as a part of the archive of its feed."""
    return f"{vendor}/{year:04d}.atom"


def search_words(year: int, name: str) -> str:
    """A file of the search index: the words of a year that begin alike."""
    return f"search/{year:04d}/{name}.json"


def search_entries(vendor: str, year: int) -> str:
    """A vendor's year as the search shows it."""
    return f"{vendor}/{year:04d}.list.json"


def component_page(vendor: str, slug: str) -> str:
    """A component's incidents."""
    return f"{vendor}/component/{slug}.html"


def insights_page(vendor: str) -> str:
    """How a vendor communicates."""
    return f"{vendor}/insights.html"


def vendor_data(vendor: str) -> str:
    """A vendor and its figures as JSON."""
    return f"{API_FOLDER}/vendors/{vendor}/index.json"


def statuspage(vendor: str, name: str) -> str:
    """A document of a vendor's Statuspage face."""
    return f"{vendor}/api/v2/{name}"


def badge(vendor: str, name: str, kind: str) -> str:
    """A badge of a vendor: a picture (`svg`), or what a drawer of badges asks for (`json`)."""
    return f"{vendor}/badge/{name}.{kind}"


def embedded(vendor: str) -> str:
    """A vendor's latest incidents, to be shown in other pages."""
    return f"{vendor}/embed.html"


def sharing_page(vendor: str) -> str:
    """What can be taken of a vendor: data, badges, the list for other pages."""
    return f"{vendor}/data.html"


def vendor_folders(vendor: str) -> tuple[str, ...]:
    """The folders in which nothing lies but what is a vendor's."""
    return vendor, folder_of(vendor_data(vendor))


def compare_page(category: str) -> str:
    """The figures of a category's vendors side by side."""
    return f"compare/{category}.html"


def year_of_entries(path: str) -> int | None:
    """The year of which such a file is; None for another file."""
    year, suffix = path[-14:-10], path[-10:]
    return int(year) if suffix == ".list.json" else None


def vendor_sitemap(vendor: str, year: int | None = None) -> str:
    """The list of a vendor's pages for search engines, or of a year's where they are many."""
    return f"{vendor}/{SITEMAP}" if year is None else f"{vendor}/sitemap-{year:04d}.xml"


def day_page(day: str) -> str:
    """What broke on a day (`2022-07-29`), or in a month (`2022-07`), over all vendors."""
    return f"{DAYS_FOLDER}/{day}.html"


def day_data(day: str) -> str:
    """What stands on a day as JSON."""
    return f"{API_DAYS_FOLDER}/{day}.json"


def category_page(slug: str) -> str:
    """The vendors of a category."""
    return f"{CATEGORIES_FOLDER}/{slug}.html"


def feed(vendor: str | None, name: str) -> str:
    """A vendor's feed, or the feed of all."""
    return f"{vendor}/{name}" if vendor else name


def trace(vendor: str) -> str:
    """A vendor's outages as `start,end,severity`."""
    return f"{vendor}/trace.csv"


def download(month: str, form: str) -> str:
    """A month of all vendors: `downloads/2026-11.ndjson.gz`."""
    return f"{FILES}/{month}.{form}"


def calendar(vendor: str) -> str:
    """A vendor's incidents and maintenance as iCalendar."""
    return f"{vendor}/calendar.ics"


def category_calendar(slug: str) -> str:
    """Those of a category's vendors."""
    return f"{CATEGORIES_FOLDER}/{slug}.ics"


def picture(vendor: str | None) -> str:
    """The picture that goes with links to a vendor's pages, or to all others."""
    return f"{vendor}/{PICTURE}" if vendor else PICTURE


@lru_cache(maxsize=4096)
def relative(folder: str, path: str) -> str:
    """The link from a page in `folder` ("" at the root) to `path`, both below the site's root.

    A folder that starts with a slash is a base path: the link is then absolute, for the one page
    that is served at any depth.
    """
    if folder.startswith("/"):
        return folder + path
    here = folder.split("/") if folder else []
    there = path.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:])


def absolute(address: str, path: str) -> str:
    """The public address of a page; an index is named by its folder."""
    return address + path.removesuffix(HOME)


def folder_of(path: str) -> str:
    """`github` of `github/index.html`, "" at the root."""
    return path.rpartition("/")[0]


def category_anchor(slug: str) -> str:
    """The anchor of a category on the first page."""
    return f"category-{slug}"


def letter_anchor(letter: str) -> str:
    """The anchor of a letter among all vendors."""
    return f"letter-{letter.lower()}" if letter.isalpha() else "letter-other"
