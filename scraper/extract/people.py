"""Authors and editors: the layout's credits, then dataLayer and JSON-LD, then meta, then what the page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from scraper.extract.byline import is_name, parse_credit, people_of, split_names
from scraper.extract.metadata import names_of
from scraper.extract.names import is_agency, is_person, people_in
from scraper.extract.paper import Paper, read_paper
from scraper.html import among, css, prose
from scraper.records import Author
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.extract.layouts import LayoutReading
    from scraper.extract.metadata import PageMetadata
    from scraper.html import Node, Tree

_META_AUTHORS = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "cxenseparse:author", "cxense:author",
    "byl", "dc.creator", "dcterms.creator", "dc.creator.name", "citation_author", "bt:author", "content_author", "dtk:author", "authors",
    "og:article:author", "twitter:creator:name", "vr:author", "tbl-author",
)  # fmt: skip
_META_EDITORS = ("content_editor", "editor", "dtk:editor")
_META_OTHER = re.compile(
    r"(?:^|[.:_-])(?:authors?|author_?names?|written by|byline)$"
)  # "dcsext.author", "twitter:misc:written by"
_WRITTEN_BY = frozenset(
    {"written by", "verfasst von", "geschrieben von", "escrito por", "écrit par", "ditulis oleh", "door", "scritto da"}
)
_BYLINES = (
    "[rel~=author]", "[itemprop~=author] [itemprop~=name]", "[itemprop~=author]", "[class~=byline__name]", "[class*=author-name]", "[class*=author__name]",
    "[class*=authorName]", "[class*=byline-name]", "[class~=author]", "[class*=byline i]", "[class*=article-author]", "[class*=autor]",
    "[class*=author i]", "[class*=auteur]",
)  # fmt: skip
_ANY_BYLINE = "[rel~=author], [itemprop~=author], [class*=byline i], [class*=aut i]"  # what they have in common
# Links to a person's own page, whatever their classes are.
_AUTHOR_LINK = re.compile(
    r"/(?:author|autor|auteur|redakteur|redaktion/|reporter|journalist|profile?/|people/|person/|staff/|team/|contributor|columnist|by/|penulis|writer|newsteam/)"
)
_DATES = re.compile(
    r"\b\d{4}-\d\d-\d\d(?:T[\d:.+Z-]+)?|\b\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4}\b|\b\d{1,2}\.?\s[^\W\d_]{3,10}\.?,?\s\d{4}\b|\b[^\W\d_]{3,10}\.?\s\d{1,2},?\s\d{4}\b"
    r"|\b[^\W\d_]{3,10}\.?,?\s(?:19|20)\d\d\b"
    r"|\b\d{1,2}[:.]\d\d(?:\s?(?:uhr|h|am|pm|a\.m\.|p\.m\.|wib|wita|wit|[ce]e?s?t|gmt))?\b",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"(?:^|\s)(?:am|on|vom|le|el|den|at|um|[–@-])\s*\|", re.IGNORECASE)
_VISIBLE = re.compile(
    r"^(?:by|von|par|por|oleh|penulis|text|autor(?:in|a)?)\s*[:：]?\s+(?P<names>[^\W\d_][^|•·0-9]{3,80})", re.IGNORECASE
)
# One line of text: a label, or a verb with "by", and the names; without names, they stand on the next line.
_BYLINE_LINE = re.compile(
    r"(?:(?:ein |a )?(?:(?P<verb>posted|written|geschrieben|erstellt|verfasst) |(?:gast)?beitrag |artikel |text |fotos? und text |article |story )?(?:von|by|par|por|oleh)"
    r"|autor(?:in|en|in/autor)?|text|author|penulis)(?:\s*:\s*|\s+|$)(?P<names>[^|•·:!?]{3,80}?)?(?:[|•·@].*|,? (?:am|on|vom|den|at) .*)?$",
    re.IGNORECASE,
)
# How a line of _BYLINE_LINE begins: most lines are told by that, in a tenth of the time.
_BYLINE_HEADS = (
    "by", "a ", "ein ", "posted", "written", "geschrieben", "erstellt", "verfasst", "gastbeitrag", "beitrag", "artikel", "text", "foto",
    "article", "story", "von", "par", "por", "oleh", "autor", "author", "penulis",
)  # fmt: skip
_MAX_LINE = 110
_MAX_PIECES = 1000  # of a page's text
_DESK_BEHIND = re.compile(r"\s[-–|]\s")  # "NAME - detikHealth"
# Several credits in one element: "Pewarta: NAME Editor: NAME COPYRIGHT © ANTARA 2024".
_CREDITS_APART = re.compile(r"\s+(?=(?:Editor|Uploader|Redaktur|Penerjemah)\s*:|COPYRIGHT\b)", re.IGNORECASE)
_LOGIN = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)+")
_NOT_NAMES = re.compile(
    r"[:(]|^(?:foto|bild|image|photo|picture|credit|grafik)\b|\b(?:twitter|facebook|instagram|whatsapp|linkedin|youtube|telegram|share|teilen|follow|folgen|nachrichten|experte"
    r"|datum|autoren|people|uncategorized|themen)\b",
    re.IGNORECASE,
)
_AROUND_NAME = re.compile(
    r"\b(?:eingestellt|erstellt|alles|verfasst|geschrieben|gepostet|veröffentlicht|pressemitteilung|im wortlaut|posted|written|beitrag|artikel|texte?) (?:von|by|par)\s"
    r"|\s(?:alle artikel|all posts|all articles|view profile)\b.*|\s(?:am|on|vom|at)\s*$",
    re.IGNORECASE,
)
_BRACKETED_ADDRESS = re.compile(r"\((?:https?://|www\.)[^)]*\)|\([^)]*$")
_ABOUT_ARTICLE = re.compile(r"meta|byline|author|info")
_CREDIT_HEADS = frozenset(  # how a line of _CREDIT_LINE begins
    form for head in ("pen", "pew", "red", "war", "rep", "fot", "edi") for form in (head, head.title(), head.upper())
)
_CREDIT_LINE = re.compile(
    r"(?:penulis|pewarta|redaktur|wartawan|reporter|fotografer|editor|rep|red)\s*(?:&\s*reporter\s*)?(?::|$)",
    re.IGNORECASE,
)
_EDITOR_URL = re.compile(r"/(?:editor|redaktur)/", re.IGNORECASE)
_NOT_ABOVE_BYLINES = frozenset({"aside", "nav", "footer", "figure", "figcaption"})
_NO_BYLINES = frozenset({"html", "body", "article", "main"})
_AUTHOR_LINKS = "author link"
MAX_BYLINE = 160
MAX_MARKED = 2000  # elements whose names speak of an author
MAX_ENTRIES = 200  # of a list of authors
_MAX_RAW = 2000  # characters with the white space of the markup


@dataclass(slots=True)
class People:
    """What the sources say; `warned` when structured data gives the editor as author."""

    authors: list[Author] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    byline: str | None = None
    authors_from: str | None = None
    editors_from: str | None = None
    author_is_editor: bool = False


def read_people(tree: Tree, metadata: PageMetadata, reading: LayoutReading | None) -> People:
    """Run the chain: the first source that names an author ends it, and likewise for editors."""
    people = People()
    if reading is not None:
        _from_layout(people, reading)
    _from_data_layer(people, metadata)
    _editors_from_data(people, metadata)
    if not people.authors:
        _from_json_ld(people, metadata)
    if not people.authors:
        _from_meta(people, metadata)
    if reading is None:
        _from_credits(people, tree)
    if not people.authors and reading is None:
        _from_page(people, tree, metadata)
        if not people.authors:
            _from_text(people, tree)
    known = {fold(name) for name in people.editors}
    # A page may well name one person as both.
    is_credit = (people.authors_from or "").startswith(("layout:", "generic:credit"))
    if not is_credit and any(fold(author.name) in known for author in people.authors):
        people.author_is_editor = True
        people.authors = [author for author in people.authors if fold(author.name) not in known]
    if not people.authors:
        people.authors_from = None
    return people


def _from_layout(people: People, reading: LayoutReading) -> None:
    for found in reading.bylines:
        for text in _CREDITS_APART.split(found.text):
            credit = parse_credit(text)
            if credit is not None:
                _add(people, credit.authors, found.source)
                _add_editors(people, credit.editors, found.source)
            elif not people.authors or text == found.text:
                if _DESK_BEHIND.search(text):
                    everyone = [Author(name=name) for name in named(_DESK_BEHIND.split(text)[0])]
                else:
                    everyone = people_of(text)
                _add(people, everyone, found.source)
        if people.authors and people.byline is None:
            people.byline = ", ".join(author.name for author in people.authors)
    for found in reading.editors:
        credit = parse_credit(found.text)
        names = list(credit.editors) if credit is not None else split_names(found.text)
        _add_editors(people, names, found.source)
        if credit is not None:
            _add(people, credit.authors, found.source)


def _from_data_layer(people: People, metadata: PageMetadata) -> None:
    """`penulis` and `editor` of the dataLayer literal: the cleanest source where a site fills it."""
    layer = metadata.data_layer
    if not people.authors:
        for key in ("penulis", "author", "reporter", "content_author"):
            if isinstance(value := layer.get(key), str) and value.strip():
                _add(people, people_of(value), f"datalayer:{key}")
    if not people.editors:
        for key in ("editor", "content_editor"):
            if isinstance(value := layer.get(key), str) and value.strip():
                _add_editors(people, split_names(value), f"datalayer:{key}")


def _editors_from_data(people: People, metadata: PageMetadata) -> None:
    if people.editors:
        return
    for value in metadata.values("editor"):
        _add_editors(people, [name for text in names_of(value) for name in named(text)], "json-ld:editor")
    if not people.editors and (found := metadata.first(*_META_EDITORS)):
        _add_editors(people, split_names(found[0]), f"meta:{found[1]}")


def _from_json_ld(people: People, metadata: PageMetadata) -> None:
    paper = read_paper(metadata)
    persons = [node for node in metadata.nodes if "Person" in str(node.get("@type"))]
    by_id = {str(node["@id"]): node for node in persons if node.get("@id") and node.get("name")}
    for value in metadata.values("author"):
        for entry in value[:MAX_ENTRIES] if isinstance(value, list) else [value]:
            _from_json_ld_entry(people, entry, by_id, paper)
        if people.authors:
            break
    if not people.authors and len(persons) == 1 and not metadata.articles:
        _add(people, [Author(name=name) for text in names_of(persons[0]) for name in named(text)], "json-ld:Person")
    if people.authors:  # some pages name one author there and all of them in <meta>
        everyone = [
            name for value in metadata.meta.get("author", ()) for name in named(value) if not paper.is_own(name)
        ]
        if {fold(author.name) for author in people.authors} < {fold(name) for name in everyone}:
            people.authors.clear()
            people.authors_from = None
            _add(people, [Author(name=name) for name in everyone], "meta:author")


def _from_json_ld_entry(people: People, entry: Any, by_id: dict[str, Any], paper: Paper) -> None:
    if isinstance(entry, dict):  # WordPress writes the login here and the name in the Person that the @id points to
        entry = by_id.get(str(entry.get("@id")), entry)
    kind = str(entry.get("@type", "")) if isinstance(entry, dict) else ""
    texts = []
    for text in names_of(entry):
        credit = parse_credit(text)
        if credit is not None and credit.editors and not credit.authors:  # "Red: NAME"
            people.author_is_editor = True
            _add_editors(people, credit.editors, "json-ld:author")
        elif not _LOGIN.fullmatch(text):
            texts.append(text)
    names = [name for text in texts for name in named(text) if not paper.is_own(name)]
    if "Organization" in kind and not any(is_agency(name) for name in names):
        return
    if not names and "Person" in kind:  # what the paper itself calls a person, however it signs
        names = [text for text in texts if is_name(text) and not paper.is_own(text)]
    if isinstance(entry, dict) and _EDITOR_URL.search(str(entry.get("url") or "")):
        people.author_is_editor = True
        _add_editors(people, names, "json-ld:author")
    else:
        _add(people, [Author(name=name) for name in names], "json-ld:author")


def named(text: str) -> list[str]:
    """The people of a byline that may also hold a date, a place, an address or a picture's credit."""
    text = _BRACKETED_ADDRESS.sub(" ", text)
    if any(char.isdigit() for char in text):
        text = _BEFORE_DATE.sub(" | ", _DATES.sub(" | ", text))
    names = [name for name in people_in(_AROUND_NAME.sub(" ", text)) if not _NOT_NAMES.search(name)]
    whole = next((number for number, name in enumerate(names) if " " in name), len(names))
    # One word behind a whole name is where the author sits: "Anna Sleegers, Frankfurt".
    return [name for number, name in enumerate(names) if number <= whole or " " in name or is_agency(name)]


def _from_meta(people: People, metadata: PageMetadata) -> None:
    paper = read_paper(metadata)
    for name in _META_AUTHORS:
        values = [value for value in metadata.meta.get(name, ()) if value and not value.startswith("http")]
        names = [person for value in values for person in named(value) if not paper.is_own(person)]
        if names:
            _add(people, [Author(name=person) for person in names], f"meta:{name}")
            return
    for name, values in metadata.meta.items():
        label = metadata.meta.get(name.replace("data", "label")) if name.startswith("twitter:data") else None
        if _META_OTHER.search(name) or (label and fold(label[0]) in _WRITTEN_BY):
            names = [person for value in values for person in named(value) if not paper.is_own(person)]
            if names:
                _add(people, [Author(name=person) for person in names], f"meta:{name}")
                return


def _from_page(people: People, tree: Tree, metadata: PageMetadata) -> None:
    """Elements that are marked as the byline, before or in the text; the first marking that names people."""
    paper = read_paper(metadata)
    # One walk through the page finds all that may be any of them.
    marked = [(node, node.attributes) for node in css(tree, _ANY_BYLINE)[:MAX_MARKED] if node.tag not in _NO_BYLINES]
    for selector in (*(_BYLINES if marked else ()), _AUTHOR_LINKS):
        names: list[str] = []
        source = f"generic:{selector}"
        place: int | None = None  # where the first byline stands; teasers of other articles have theirs elsewhere
        for node in among(marked, selector)[:8] if selector is not _AUTHOR_LINKS else _author_links(tree, 8):
            raw = node.text()
            text = prose(node) if len(raw) <= _MAX_RAW else ""
            if not text or len(text) > MAX_BYLINE:
                continue
            credit = parse_credit(text)
            if credit is not None and credit.authors:
                _add(people, credit.authors, source)
                _add_editors(people, credit.editors, source)
                return
            labelled = _VISIBLE.match(text)
            here = named(labelled["names"] if labelled else text)
            if not here and node.first_child is not None:  # names that only the markup keeps apart
                here = named(" | ".join(node.text(separator="\n").split("\n")))
            here = [name for name in here if not paper.is_own(name) and (" " in name or selector is not _AUTHOR_LINKS)]
            if here and (place is None or place == _place(node)) and not _is_elsewhere(node):
                place = _place(node)
                names += here
        if names:
            _add(people, [Author(name=name) for name in names[:6]], source)
            return


def _from_credits(people: People, tree: Tree) -> None:
    """Lines of an Indonesian page that are nothing but a labelled credit ("Editor : NAME", "Rep: X/ Red: Y"), of each kind the first."""
    lines = tree.pieces()
    has_author, has_editor = bool(people.authors), bool(people.editors)
    for number, line in enumerate(lines):
        if line[:3] not in _CREDIT_HEADS or len(line) > _MAX_LINE or not _CREDIT_LINE.match(line):
            continue
        after = lines[number + 1] if number + 1 < len(lines) else ""
        whole = f"{line} {after}" if line.endswith(":") else f"{line}{after}" if after.startswith(":") else line
        credit = parse_credit(whole) if len(whole) <= _MAX_LINE else None
        if credit is None:
            continue
        if {fold(each.name) for each in credit.authors} & {fold(each.name) for each in people.authors}:
            people.authors_from = "generic:credit"  # what else names them is borne out
        elif not has_author and not people.authors:
            _add(people, [each for each in credit.authors if is_person(each.name)], "generic:credit")
        if not has_editor and not people.editors:
            _add_editors(people, [name for name in credit.editors if is_person(name)], "generic:credit")


def _author_links(tree: Tree, most: int) -> list[Node]:
    found = (node for node in tree.tagged("a") if _AUTHOR_LINK.search(node.attributes.get("href") or ""))
    return list(islice(found, most))


def _from_text(people: People, tree: Tree) -> None:
    """The last resort: a line of the page's text that is nothing but "By NAME" or "Autor: NAME"."""
    texts = tree.pieces()[:_MAX_PIECES]
    for line, after in pairwise([*texts, ""]):
        if len(line) > _MAX_LINE or not line.lower().startswith(_BYLINE_HEADS):
            continue
        match = _BYLINE_LINE.match(line)
        if match is None:
            continue
        text = match["names"] or (after if len(after) <= _MAX_LINE else "")
        is_signed = match["verb"] is not None
        names = [name for name in named(text) if (is_signed or " " in name) and not name.islower()]
        names = names if text[:1].isupper() else []
        if names:
            _add(people, [Author(name=name) for name in names[:4]], "generic:text")
            return


def _place(node: Node) -> int:
    """The element two levels up: bylines of one article are neighbours."""
    parent = node.parent
    above = parent.parent if parent is not None else None
    return above.mem_id if above is not None else 0


def _is_elsewhere(node: Node) -> bool:
    """Whether an element belongs to a reader's comment, a picture, an aside or a list of teasers."""
    parent: Node | None = node
    for _ in range(8):
        if parent is None:
            return False
        names = f"{parent.attributes.get('class') or ''} {parent.attributes.get('id') or ''}".lower()
        if parent.tag == "aside" and _ABOUT_ARTICLE.search(names):
            return False
        if parent.tag in _NOT_ABOVE_BYLINES or any(word in names for word in ("comment", "related", "recommend")):
            return True
        parent = parent.parent
    return False


def _add(people: People, authors: Iterable[Author], source: str) -> None:
    known = {fold(author.name) for author in people.authors}
    for author in authors:
        if fold(author.name) not in known and is_name(author.name):
            known.add(fold(author.name))
            people.authors.append(author)
            people.authors_from = people.authors_from or source


def _add_editors(people: People, names: Iterable[str], source: str) -> None:
    known = {fold(name) for name in people.editors}
    for name in names:
        if fold(name) not in known:
            known.add(fold(name))
            people.editors.append(name)
            people.editors_from = people.editors_from or source
