"""The web page in front of a platform's data: a title, and what tells programs where to look."""

import html

from generator.demo.pages import Answer, Page


def front(page: Page, head: str = "", body: str = "") -> Answer:
    """The page itself, with `head` and `body` as HTML; the rest is drawn by a script."""
    name = html.escape(page.vendor.name)
    document = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{name} Status</title>\n{head}\n</head>\n"
        f"<body>\n<h1>{name} Status</h1>\n{body}\n</body>\n</html>\n"
    )
    return Answer(document.encode(), "text/html; charset=utf-8")


def leads_to(page: Page, path: str, kind: str = "atom") -> str:
    """The link in the head of a page to its feed."""
    address = page.address(path)
    return f'<link rel="alternate" type="application/{kind}+xml" href="{address}">'
