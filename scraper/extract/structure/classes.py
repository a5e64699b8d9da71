"""Class and id names as evidence: which elements are page furniture, which hold the text.

Tested token by token ("l-sidebar" and "elementor-widget" mean layout, not content), so that "author" in "authority" or
"ad" in "headline" never counts. Vocabulary collected from the class names of news pages on many systems; no site is
named.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def _pairs(*pairs: str) -> tuple[str, ...]:
    """Adjacent words, with a blank before the first: "in article" is not in "main article"."""
    return tuple(f" {pair}" for pair in pairs)


# Furniture that is not text of the article however long it is: dialogs, readers' comments, notes on the author.
_APART = frozenset(
    (
        "cookie cookies consent gdpr dsgvo cookiecontent cookiebanner modal popup comments disqus commentlist commentsbox commentbox commentsarea"
        " commentform commentthread kommentare kommentarliste comentarios commentaires bio bios authorbio authorbox authorprofile"
    ).split()
)
_APART_PAIRS = _pairs(
    "author description",
    "author bio",
    "author box",
    "author info",
    "about author",
    "author profile",
    "comment list",
    "comment form",
    "comment box",
    "comment text",
    "comment body",
    "comment content",
    "comment section",
    "comment thread",
    "comment wrap",
    "user comment",
)
_APART_WHOLE = frozenset({"comment"})  # a single one by a reader
_APART_IN_FURNITURE = _APART | {"dialog"}  # on its own it is also the name of an interview
# Networks that put their own recommendations and adverts into a text, by the names of their boxes.
_ADVERTS = frozenset(
    (
        "outbrain taboola plista revcontent teads mgid geozo metube dable adskeeper adnow adsbygoogle adslot advertisement gliacloud"
        " recreativ engageya zergnet"
    ).split()
)
_ADVERT_PAIRS = _pairs("pop in", "gpt ad", "revive ad", "ad placeholder", "ads placeholder")
# Any of these words makes an element furniture.
_FURNITURE = (_APART | _ADVERTS) | frozenset(
    [
        "related",
        "relateds",
        "recommended",
        "recommend",
        "recommendation",
        "recommendations",
        "recirc",
        "recirculation",
        "outbrain",
        "taboola",
        "plista",
        "revcontent",
        "teads",
        "newsletter",
        "newsletters",
        "signup",
        "subscribe",
        "subscription",
        "promo",
        "promos",
        "promotion",
        "promoted",
        "sponsor",
        "sponsored",
        "advert",
        "adverts",
        "advertisement",
        "advertising",
        "advertorial",
        "adsbygoogle",
        "ads",
        "dfp",
        "adslot",
        "sharing",
        "social",
        "socials",
        "socialmedia",
        "sosmed",
        "addthis",
        "sharethis",
        "sharedaddy",
        "breadcrumb",
        "breadcrumbs",
        "byline",
        "bylines",
        "caption",
        "captions",
        "credit",
        "credits",
        "copyright",
        "navigation",
        "navbar",
        "pagination",
        "pager",
        "toolbar",
        "tooltip",
        "overlay",
        "lightbox",
        "trending",
        "mostread",
        "popular",
        "sidebar",
        "sidebars",
        "footer",
        "masthead",
        "hashtag",
        "hashtags",
        "keywords",
        "tagcloud",
        "taglist",
        "jetpack",
        "likes",
        "rating",
        "ratings",
        "votes",
        "disclaimer",
        "donate",
        "donation",
        "jumplist",
        "toc",
        "readmore",
        "readnext",
        "upnext",
        "nextup",
        "morefrom",
        "seealso",
        "timestamp",
        "dateline",
        "linksisip",
        "bacajuga",
        "terkait",
        "baca",
        "lihatjg",
        "correction",
        "skiplink",
        "screenreader",
        "sr",
        "offscreen",
        "printonly",
        "noprint",
        "about",
        "feedback",
        "flipboard",
        "whatsapp",
        "telegram",
        "googlenews",
        "poll",
        "quiz",
        "weather",
        "ticker",
        "marquee",
        "tweet",
        "embed",
        "player",
        "jwplayer",
        "infobox",
        "factbox",
        "faktabox",
        "faktaboks",
        "affiliate",
        "similar",
        "teaser",
        "teasers",
        "cta",
        "lwptoc",
    ]
)
# Pairs of words that mean furniture only together.
_FURNITURE_PAIRS = _APART_PAIRS + _pairs(
    "author text", "author detail", "author section", "content author", "hero author", "info author", "privacy policy", "cookie notice", "dialog scroll", "dialog text", "dialog content",
    "read more", "read also", "read next", "also read", "see also", "more on", "more from", "most read", "most popular", "tag list", "post tags", "article tags", "entry tags",
    "entry meta", "post meta", "article meta", "author card", "share bar", "share buttons", "share links", "share tools",
    "social share", "social links", "article share", "post share", "post navigation", "nav links", "in article", "sign up", "skip link", "link list", "teaser list",
    "article teaser", "story teaser", "photo credit", "image credit", "image caption", "wp caption", "baca juga", "lihat juga", "berita terkait", "artikel terkait", "key points",
    "comments area", "widget area", "article footer", "entry footer", "post footer", "story footer", "print only", "hidden print", "screen reader",
    "visually hidden", "page nav", "breaking news", "app promo", "article header", "entry header", "post header", "article tools", "story tools", "related links", "pull right",
    "fact box", "info box", "post card", "expandable box", "call to", "table of content", "jump links", "ai summary", "display card", "content after", "after content", "after article", "article after", "after post", "below content", "below article", "end of article",
    "row excerpt", "embedded article", "article embedded", "listen to", "audio player", "text to speech", "hover card", "person popover",
)  # fmt: skip
# Words that make furniture only as a whole token ("share", not "share-holder-news").
_WHOLE = frozenset(
    [
        "ad",
        "ads",
        "share",
        "shares",
        "tags",
        "tag",
        "nav",
        "menu",
        "meta",
        "comment",
        "teaser",
        "teasers",
        "author",
        "authors",
        "aside",
        "more",
        "latest",
        "search",
        "login",
        "banner",
        "social",
        "print",
        "hide",
        "hidden",
        "invisible",
        "follow",
        "outbrain",
    ]
)
# Words in a name that says what else is on the page, or how it looks: "has-sidebar", "comments-open".
_PICTURED = frozenset(
    (
        "caption image images img photo photobox photos picture pictures media figure foto gambar bild thumb thumbnail featured video gallery"
        " slide slider embed avatar author imagen attachment"
    ).split()
)
_STATES = frozenset("has no with without open closed enabled disabled accepted".split())
_LISTINGS = frozenset({"toc", "jumplist"})
_CONTENT_PAIRS = _pairs(
    "article body", "article content", "article text", "article main", "entry content", "post content", "post body", "story body", "story content", "story text", "news content",
    "news body", "body text", "body content", "body copy", "main content", "page content", "content body", "content main", "text content", "rich text", "article detail", "detail text",
    "detail content", "read content", "txt article", "post entry", "single content", "content text", "article copy", "article section", "content article", "content detail", "content inner",
)  # fmt: skip


MAX_WORDS = 4  # in a name; a longer one says more than one thing


@lru_cache(maxsize=8192)
def is_furniture(names: str) -> bool:
    """Whether an element's class and id (blank-separated) say that it is not part of the text."""
    meanings = [_meaning(token) for token in names.split()]
    return _FURNITURE_TOKEN in meanings and _TEXT_TOKEN not in meanings


@lru_cache(maxsize=8192)
def is_no_text(names: str, words: frozenset[str]) -> bool:
    """Whether an element's class and id name it furniture, or contain one of the words (or pairs of words, separated by
    a blank) that mean "no text" in some language, and none that means "text".
    """
    if is_furniture(names):
        return True
    for token in names.split():
        parts = _split(token)[0]
        if len(parts) > MAX_WORDS or "and" in parts or not _STATES.isdisjoint(parts):
            continue
        if not words.isdisjoint(parts) or any(f"{one} {two}" in words for one, two in pairwise(parts)):
            return not holds_text(names)
    return False


def furniture_word(names: str) -> str | None:
    """The word or words in an element's class and id that make it furniture; None if there are none."""
    token = next((token for token in names.split() if _meaning(token) == _FURNITURE_TOKEN), None)
    if token is None or not is_furniture(names):
        return None
    words, joined = _split(token)
    if "".join(words) in _WHOLE:
        return "".join(words)
    pairs = (pair.strip() for pair in _FURNITURE_PAIRS if pair in joined)
    return next((word for word in words if word in _FURNITURE), None) or next(pairs, None)


def is_listing(name: str) -> bool:
    """Whether a class refers to a table of contents: for a heading it means that it is listed there."""
    return not _LISTINGS.isdisjoint(_split(name)[0])


@lru_cache(maxsize=8192)
def is_pictured(name: str) -> bool:
    """Whether a class or id says that an element shows a picture or the text below it."""
    return not _PICTURED.isdisjoint(_split(name)[0])


@lru_cache(maxsize=8192)
def holds_text(names: str) -> bool:
    """Whether an element's class and id name it the place of the article's text."""
    return any(_meaning(token) == _TEXT_TOKEN for token in names.split())


@lru_cache(maxsize=8192)
def is_advert(names: str) -> bool:
    """Whether an element's class and id name a network of adverts and recommendations."""
    parts = (_split(token) for token in names.split())
    return any(
        not _ADVERTS.isdisjoint(words) or any(pair in joined for pair in _ADVERT_PAIRS) for words, joined in parts
    )


@lru_cache(maxsize=8192)
def is_apart(names: str) -> bool:
    """Whether an element's class and id name it a dialog, readers' comments or a note on the author."""
    for words, joined in map(_split, names.split()):
        is_named = (
            not _APART_IN_FURNITURE.isdisjoint(words)
            or "".join(words) in _APART_WHOLE
            or any(pair in joined for pair in _APART_PAIRS)
        )
        if is_named and len(words) <= MAX_WORDS and _STATES.isdisjoint(words):
            return True
    return False


_NO_TOKEN, _FURNITURE_TOKEN, _TEXT_TOKEN = range(3)


@lru_cache(maxsize=32768)  # sites share few whole names, but most of their tokens
def _meaning(token: str) -> int:
    """What one class or id says about its element."""
    words, joined = _split(token)
    if len(words) > 1:
        for pair in _CONTENT_PAIRS:
            if pair in joined:
                return _TEXT_TOKEN
    if len(words) > 1 and not _STATES.isdisjoint(words):
        return _NO_TOKEN
    if "and" in words[1:-1] and _FURNITURE.isdisjoint(words[: words.index("and")]):
        return _NO_TOKEN  # "map-and-related" is more than just related
    if "".join(words) in _WHOLE or (len(words) <= MAX_WORDS and not _FURNITURE.isdisjoint(words)):
        return _FURNITURE_TOKEN
    if 1 < len(words) <= 5:
        for pair in _FURNITURE_PAIRS:
            if pair in joined:
                return _FURNITURE_TOKEN
    return _NO_TOKEN


def _split(token: str) -> tuple[list[str], str]:
    """(the words in a class or id, the same in one string with a blank before each)."""
    words = [word.lower() for word in _WORDS.findall(token)]
    return words, " " + " ".join(words)
