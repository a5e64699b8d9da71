"""What a site definition is: data only, one TOML file for each network in catalogue/ and the same for a user's own."""

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
    """One paper of a network. `zone` is the IANA zone its dates are printed in; `hosts` are all its host names.

    "*.example.com" stands for every sub-domain that no other portal names; the first host is where its lists are, so
    a portal that has only such a one is crawled by URL. With `path` ("/jatim") the portal is what lies below it on
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

    `selector` is the element whose text is the data, or "div#app@data-page" for
    an attribute. With `after`, the data is the JavaScript literal behind the
    first match of that pattern in any such element; without, the whole is JSON.
    `root` is the path of the article in it ("props.pageProps.article").
    """

    selector: str
    after: re.Pattern[str] | None = None
    root: str = ""


class DayIndex(Data, frozen=True, kw_only=True):
    """A list of the articles of one day; of a year or a month, newest first, where its address names no day.

    `url` has `{host}`, `{year} {month} {day} {page}` (un-padded), `{month:02d}`
    forms and `{month_name}` (English); its pages are walked until one is empty
    or repeats. `{page}` begins with `first_page` and grows by `page_step`: an
    index that counts articles instead of pages has 0 and 20. It is asked for the
    days from `since` to `until` (None: open). `source` and `checked` say how it is
    known, `note` what limits it has.
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
        """Whether it can be asked for a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Discovery(Data, frozen=True, kw_only=True):
    """Where a portal's links are. `{host}` stands for the portal's first host, with its path if it has one.

    `by_date` are the forms of its index by date, the best known first: a day
    that one of them has nothing for, or lists other days for, is asked of the next.

    An index page that keeps its articles as data has them at `embedded`, and
    `link` is the address of each, with paths into it:
    "https://{host}/{category.slug}/{article_id}/{slug}".
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

    `since` and `until` are when the design was in use as far as known (None =
    open). One of `signature` (elements that only this design has) must be
    there, if it names any; `headline` and `body` (the container) must match for the layout to
    be taken. "selector@attribute" reads an attribute instead of the text.
    `pages` are the links to the pages of an article, whose numbers are in "?page=2" or what the first group of
    `page_path` matches in their path; `parts` are the
    elements that each hold one page of an article that is here with all its pages; `related` and `drop` are
    looked for inside the body. With `embedded`, "data:PATH" stands for a selector and reads from there; in
    a path, names and list positions are joined by dots, and "*" is each of them ("data:authors.*.name").
    `wrong_offset` says that the offset of its dates is not that of the clock they show (WordPress left at UTC
    prints local time as +00:00): it is cut off, and the paper's zone holds. `kind` is what its pages are, where
    their address and metadata do not say it.
    `dateline` is an element of its own for the place; what of it opens the lede is taken off there.
    `confidence`, `source` and `checked` say how the facts are known; `scrapers` that agree were in use in `years`.
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
    """A publisher network: its portals, where its links are, and how each design of it reads.

    `article_path` is searched in the URL's path; what matches `other_path`, and what is on one of `other_hosts`
    (of videos, forums, files), is never an article. `urls` is what its addresses mean beyond what all do.

    What its texts hold beside the story, wherever they are read, is said by the names that it signs with:
    `credit_names` in credits, captions and sign-offs ("Laporan Wartawan NAME", "(NAME/ist)"), `dateline_names`
    before a place, where they are not a host name ("CNN Indonesia"). "*" at the end of one is the rest of the word, " *" a word
    with a capital. `sign_offs` close its texts as they are. `lines` are patterns, in lower case, for
    whole lines that it sets into its own texts.
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
