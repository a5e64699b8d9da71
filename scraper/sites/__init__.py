"""The form of a site definition: data only, one TOML file for each network in catalogue/ and the same for a user's own."""

from __future__ import annotations

import re  # noqa: TC003  (the types of fields are asked for when a file is read)
from datetime import date  # noqa: TC003
from typing import Literal, get_args

from scraper.records import PageKind  # noqa: TC001
from scraper.typed import Data
from scraper.urls import NO_RULES, UrlRules

Confidence = Literal["seen", "corroborated", "reported", "inferred"]
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)  # the best first


class Portal(Data, frozen=True, kw_only=True):
    """One paper of a network. `zone` is the IANA zone in which its dates are printed; `hosts` are all its host names.

    "*.example.com" stands for every sub-domain that no other portal names; the first host is where its lists are, so a
    portal with only such a pattern is crawled by URL. With `path` ("/jatim") the portal is what is below that path on
    its hosts.
    """

    slug: str
    brand: str
    hosts: tuple[str, ...]
    path: str = ""
    zone: str = "Asia/Jakarta"
    province: str | None = None


class Embedded(Data, frozen=True, kw_only=True):
    """Where a page keeps its article, or its list of articles, as data instead of markup.

    `selector` is the element whose text is the data, or "div#app@data-page" for an attribute. With `after`, the data is
    the JavaScript literal after the first match of that pattern in any such element; without it, the whole text is
    JSON. `root` is the path of the article in it ("props.pageProps.article").
    """

    selector: str
    after: re.Pattern[str] | None = None
    root: str = ""


class DayIndex(Data, frozen=True, kw_only=True):
    """A list of the articles of one day; or of a year or a month, newest first, if its address names no day.

    `url` has `{host}`, `{year} {month} {day} {page}` (not padded), `{month:02d}` forms and `{month_name}` (English);
    its pages are walked until one is empty or a repetition. `{page}` begins with `first_page` and grows by `page_step`:
    an index that counts articles instead of pages has 0 and 20. It is used for the days from `since` to `until` (None:
    open). `source` and `checked` say how it is known, `note` which limits it has.
    """

    url: str
    first_page: int = 1
    page_step: int = 1
    since: date | None = None
    until: date | None = None
    source: str = ""
    checked: date | None = None
    note: str = ""

    def holds(self, day: date) -> bool:
        """Whether it can be used for a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Discovery(Data, frozen=True, kw_only=True):
    """Where a portal's links are. `{host}` stands for the portal's first host, with its path if it has one.

    `by_date` are the address formats of its index by date, the best known first: if one has nothing for a day, or lists
    other days, the next is tried.

    An index page that keeps its articles as data has them at `embedded`, and `link` is the address of each, with paths
    into the data: "https://{host}/{category.slug}/{article_id}/{slug}".
    """

    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    by_date: tuple[DayIndex, ...] = ()
    embedded: Embedded | None = None
    link: str | None = None


class Layout(Data, frozen=True, kw_only=True):
    """Selectors for one design of a site, tried in order within each field.

    `since` and `until` are when the design was in use as far as known (None = open). If `signature` names any elements
    (which only this design has), one of them must be there; `headline` and `body` (the container) must match for the
    layout to be chosen. "selector@attribute" reads an attribute instead of the text. `pages` are the links to the pages
    of an article, whose numbers are in "?page=2" or in what the first group of `page_path` matches in their path;
    `parts` are the elements that each hold one page of an article that is here with all its pages; `related` and `drop`
    are looked for inside the body. With `embedded`, "data:PATH" takes the place of a selector and reads from there; in
    a path, names and list positions are joined by dots, and "*" means each of them ("data:authors.*.name").
    `wrong_offset` says that the offset of its dates is not that of the clock they show (WordPress left at UTC prints
    local time as +00:00): it is removed, and the paper's zone applies. `kind` is what its pages are, if their address
    and metadata do not say it. `dateline` is a separate element for the place; if the lede begins with its text, that
    is removed there. `confidence`, `source` and `checked` say how the facts are known; `scrapers` that agree were in
    use in `years`.
    """

    name: str
    body: tuple[str, ...]
    headline: tuple[str, ...] = ("h1",)
    signature: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    kicker: tuple[str, ...] = ()
    lede: tuple[str, ...] = ()
    dateline: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    source_credit: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    next_page: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    page_path: re.Pattern[str] | None = None
    drop: tuple[str, ...] = ()
    embedded: Embedded | None = None
    wrong_offset: bool = False
    kind: PageKind | None = None
    confidence: Confidence = "seen"
    scrapers: int = 0
    years: tuple[int, int] | None = None
    source: str = ""
    checked: date | None = None


class Site(Data, frozen=True, kw_only=True):
    """A publisher network: its portals, where its links are, and how each of its designs is read.

    `article_path` is searched for in the URL's path; what matches `other_path`, and what is on one of `other_hosts`
    (for videos, forums, files), is never an article. `urls` says what is special about its addresses.

    What its texts contain besides the story, wherever they are read, is described by the names with which it signs:
    `credit_names` in credits, captions and sign-offs ("Laporan Wartawan NAME", "(NAME/ist)"), `dateline_names` before a
    place, if they are not a host name ("CNN Indonesia"). "*" at the end of a name is the rest of the word, " *" a
    capitalised word. `sign_offs` end its texts verbatim. `lines` are patterns, in lower case, for whole lines that it
    puts into its own texts.
    """

    name: str
    title: str
    portals: tuple[Portal, ...]
    article_path: re.Pattern[str]
    other_path: re.Pattern[str] | None = None
    other_hosts: tuple[str, ...] = ()
    discovery: Discovery = Discovery()
    layouts: tuple[Layout, ...] = ()
    urls: UrlRules = NO_RULES
    credit_names: tuple[str, ...] = ()
    dateline_names: tuple[str, ...] = ()
    sign_offs: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    note: str = ""
