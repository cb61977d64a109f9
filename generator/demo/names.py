"""Who is in the fleet: invented vendors with what they run and where.

The first are written by hand, for the characters that trouble software; the rest are put together
from two lists, so that five thousand vendors have five thousand names.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from generator.demo.seeds import chance

CATEGORIES = (
    "cloud",
    "developer-tools",
    "ai",
    "payments",
    "communication",
    "database",
    "cdn",
    "security",
    "package-registry",
    "monitoring",
)

BY_HAND = (
    "Cumulonimbus",
    "Forge & Anvil",
    "Tess's Tarot",
    "Groschen",
    "Café Réseau",
    "Ångström DB",
    "Zażółć Gęślą Jaźń",
    "Moat <3 Drawbridge",
    "パッケージ横丁 (Package Alley)",
    "Canary Row",
    "Nimbus Nine",
    "Yak Shavers' Guild",
)
FIRST = """
Amber Brisk Copper Dapper Eager Fabled Gentle Humble Idle Jolly Keen Lucid Mellow Nimble Opal
Plucky Quiet Rusty Silver Tidy Umber Velvet Wry Young Zesty Arctic Borrowed Candid Distant
Earnest Frugal Glad Hollow Iron Jade Kindred Lunar Marble Noble Ochre Patient Quaint Rapid Solar
Teal Upbeat Violet Winter Yonder Zonal
"""
SECOND = """
Anchor Badger Cactus Dynamo Ember Ferry Gasket Harbor Inkwell Junction Kettle Lantern Magpie
Nebula Otter Pylon Quarry Relay Sprocket Teapot Umbrella Valve Walrus Xylophone Yardarm Zeppelin
Abacus Beacon Cobbler Drawer Engine Flywheel Grommet Hinge Igloo Jigsaw Kiln Ledger Mortar
Needle Orchard Piston Quill Rudder Spindle Turbine Urn Vessel Whistle Yoke
"""

COMPONENTS = {
    "cloud": ("Compute", "Object Storage", "Block Storage", "Load Balancing", "DNS", "Console"),
    "developer-tools": ("Git Operations", "Pipelines", "Webhooks", "Issues", "Code Search", "API"),
    "ai": ("Chat", "Inference API", "Fine-tuning", "Embeddings", "Image Generation", "Console"),
    "payments": ("Card Payments", "Payouts", "Ledger", "Webhooks", "Dashboard", "3-D Secure"),
    "communication": ("Messages", "Calls", "File Uploads", "Search", "Notifications", "Sign-in"),
    "database": ("Read Replicas", "Writes", "Backups", "Connection Pooler", "Metrics", "Branching"),
    "cdn": ("Edge Cache", "Purge", "TLS Certificates", "Image Resizing", "Logs", "WAF"),
    "security": ("Single Sign-On", "Directory Sync", "Push Approval", "Audit Log", "Admin Panel"),
    "package-registry": ("Downloads", "Uploads", "Search", "Mirror Sync", "Accounts", "Web Site"),
    "monitoring": ("Ingestion", "Alerting", "Dashboards", "Log Search", "Traces", "Status Checks"),
}

# What every vendor has, and what an outage reaches last.
HELP = "Support Desk"

# Id and title of each region, in the manner of the large clouds.
REGIONS = {
    "harbor-east1": "Port Amaranth",
    "harbor-west2": "Gull Point",
    "valley-central1": "Nether Valley",
    "fjord-north1": "Sørfjord",
    "delta-south1": "São Delta",
    "island-sea1": "Kurage Island",
}


@dataclass(frozen=True, slots=True)
class Persona:
    """A vendor of the fleet before it has a status page."""

    slug: str
    name: str
    category: str
    components: tuple[str, ...]
    regions: tuple[str, ...]


@lru_cache(maxsize=1)
def combinations(seed: int) -> tuple[str, ...]:
    """Every name of two words, shuffled."""
    names = [f"{first} {second}" for first in FIRST.split() for second in SECOND.split()]
    chance(seed, "names").shuffle(names)
    return tuple(names)


def persona(seed: int, index: int) -> Persona:
    """The vendor at `index` of a fleet."""
    if index < len(BY_HAND):
        name = BY_HAND[index]
    else:
        known = combinations(seed)
        round_, place = divmod(index - len(BY_HAND), len(known))
        name = known[place] if not round_ else f"{known[place]} {round_ + 1}"
    category = CATEGORIES[index % len(CATEGORIES)]
    regions = tuple(REGIONS) if category in ("cloud", "ai", "database", "cdn") else ()
    return Persona(slug_of(name), name, category, (*COMPONENTS[category], HELP), regions)


def slug_of(name: str) -> str:
    """The name in the letters of an address: `Tess's Tarot` is `tess-s-tarot`."""
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l")).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in plain.lower()).split())
