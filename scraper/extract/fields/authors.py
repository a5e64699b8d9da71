"""Authors and editors: the layout's credits, then dataLayer and JSON-LD, then meta, then what the page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.extract.fields.byline_choice import RankedByline, rank_bylines
from scraper.extract.fields.byline_lines import is_signed_below_headline
from scraper.extract.fields.credit_lines import credit_lines
from scraper.extract.fields.marked_bylines import MAX_LINE, PrintedPeople, marked_texts
from scraper.extract.fields.signed import read_signature
from scraper.extract.sources.metadata import jsonld_names
from scraper.extract.sources.paper import Paper, read_paper
from scraper.extract.text.credits import is_name, parse_credit, people_of, split_names
from scraper.extract.text.people import (
    collective,
    is_agency,
    is_desk,
    is_login,
    is_nobody,
    is_pen_name,
    is_person,
    people_named,
    unlabelled,
)
from scraper.records import Author
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Tree
    from scraper.language import Vocabulary

_META_AUTHORS = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "cxenseparse:author", "cxense:author",
    "byl", "dc.creator", "dcterms.creator", "dc.creator.name", "citation_author", "bt:author", "content_author", "dtk:author", "authors",
    "og:article:author", "twitter:creator:name", "vr:author", "tbl-author",
)  # fmt: skip
_META_EDITORS = ("content_editor", "editor", "dtk:editor", "article:editor", "article_editor")
_LAYER_AUTHORS = ("penulis", "author", "reporter", "content_author", "pagePostAuthor")
_DESK_KEY = "datalayer:editors"  # in some systems this is whoever has the page open
_LAYER_EDITORS = ("editor", "content_editor")
_LAYER_PARTS = ("article", "content", "page", "news")  # keys under which a layer may hold its article's values
_META_OTHER = re.compile(
    r"(?:^|[.:_-]|article)(?:authors?|author_?names?|written by|byline)$"
)  # "dcsext.author", "articleauthor", "twitter:misc:written by"
_DESK_BEHIND = re.compile(r"\s[-–|]\s")  # "NAME - detikHealth"
# Several credits in one element: "Pewarta: NAME Editor: NAME COPYRIGHT © ANTARA 2024".
_CREDITS_APART = re.compile(r"(?<!\s)\s++(?=(?:Editor|Uploader|Redaktur|Penerjemah)\s*+:|COPYRIGHT\b)", re.IGNORECASE)
_LOGIN = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)+")
_EDITOR_URL = re.compile(r"/(?:editor|redaktur)/", re.IGNORECASE)
_ACCOUNT_URL = re.compile(
    r"/author/(?:w?p?admin\w*|webmaster|redaktion|redaksi|redaccion|newsroom|newsdesk|staff)/?(?:\s|$)", re.IGNORECASE
)
_BETWEEN_NAMES = 6  # characters, of "By", ", " and "and"
MAX_ENTRIES = 200  # in a list of authors


@dataclass(slots=True)
class People:
    """What the sources say; `author_is_editor` if structured data gives the editor as author.

    `unsure` are the authors if nothing else on the page names any; `bylines` are those that the page prints, if they were
    weighed.
    """

    authors: list[Author] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    byline: str | None = None
    authors_from: str | None = None
    editors_from: str | None = None
    author_is_editor: bool = False
    unsure: tuple[Author, ...] = ()
    unsure_from: str | None = None
    bylines: tuple[RankedByline, ...] = ()


def read_people(
    tree: Tree,
    metadata: PageMetadata,
    reading: LayoutReading | None,
    vocabulary: Vocabulary,
    *,
    url: str | None = None,
) -> People:
    """Run the chain: the first source that names an author ends it, and likewise for editors."""
    people = People()
    paper = read_paper(metadata, url)
    if reading is not None:
        _from_layout(people, reading)
        people.authors = [author for author in people.authors if not paper.is_own(author.name)]
    _from_data_layer(people, metadata, has_layout=reading is not None)
    _editors_from_data(people, metadata)
    if not people.authors:
        _from_json_ld(people, metadata, paper, tree, vocabulary)
    if not people.authors:
        _from_meta(people, metadata, paper, vocabulary)
    if reading is None:
        _put_aside_logins(people)
        _from_credits(people, tree, paper, vocabulary)
    if reading is None and (not people.authors or _is_doubted(people, tree, vocabulary)):
        _from_byline_lines(people, tree, paper, vocabulary)
    people.authors = [author for author in people.authors if not is_paper(author.name, paper, vocabulary)]
    people.editors = [name for name in people.editors if not is_paper(name, paper, vocabulary)]
    if people.editors_from == _DESK_KEY:  # it shows who is printed, not who wrote
        writers = {fold(author.name) for author in people.authors}
        shown = fold(tree.words())
        people.editors = [name for name in people.editors if fold(name) not in writers and fold(name) in shown]
    known = {fold(name) for name in people.editors}
    # A page may well name one person as both.
    is_credit = (people.authors_from or "").startswith(("layout:", "generic:credit"))
    if not is_credit and any(fold(author.name) in known for author in people.authors):
        people.author_is_editor = True
        people.authors = [author for author in people.authors if fold(author.name) not in known]
    if not people.authors:
        people.authors_from = None
    if reading is None and not people.authors and not people.unsure:
        if signed := read_signature(tree, metadata, _META_AUTHORS, paper, vocabulary):
            people.unsure, people.unsure_from = (Author(name=signed[0]),), signed[1]
        else:
            _from_collectives(people, tree, metadata, paper, vocabulary)
        people.unsure = tuple(author for author in people.unsure if not is_paper(author.name, paper, vocabulary))
    return people


def _from_collectives(people: People, tree: Tree, metadata: PageMetadata, paper: Paper, vocabulary: Vocabulary) -> None:
    """The body of people that the data or a marked byline names, if nobody else is named: "Podium Staff"."""
    data = [
        (text, "json-ld:author") for value in metadata.values("author") for text in jsonld_names(value)[:MAX_ENTRIES]
    ]
    data += [(text, f"meta:{name}") for name in _META_AUTHORS for text in metadata.meta.get(name, ())]
    for text, source in (*data, *marked_texts(tree)):
        name = collective(text, vocabulary)
        if name is not None and not (paper.is_called(name) or paper.is_desk(name)):
            people.unsure, people.unsure_from = (Author(name=name),), source
            return


def _from_layout(people: People, reading: LayoutReading) -> None:
    for found in reading.bylines:
        for text in _CREDITS_APART.split(found.text):
            credit = parse_credit(text)
            if credit is not None:
                _add(people, credit.authors, found.source)
                _add_editors(people, credit.editors, found.source)
            elif not people.authors or text == found.text:
                if _DESK_BEHIND.search(text):
                    everyone = [Author(name=name) for name in people_named(_DESK_BEHIND.split(text)[0])]
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


_CODE = re.compile("[a-z]{2,4}")  # the sign-off of an editor who is not named anywhere (okezone.com)


def _from_data_layer(people: People, metadata: PageMetadata, *, has_layout: bool) -> None:
    """`penulis` and `editor` of the dataLayer literal: the cleanest source if a site fills it.

    If no layout knows the site, also by the keys that other sites use, and in the article's table there.
    """
    layer = metadata.data_layer
    parts = [] if has_layout else [part for name in _LAYER_PARTS if isinstance(part := layer.get(name), dict)]
    layer = {key: value for part in (*reversed(parts), layer) for key, value in part.items()} if parts else layer
    author_keys = _LAYER_AUTHORS if has_layout else (*_LAYER_AUTHORS, "authorName")
    editor_keys = _LAYER_EDITORS if has_layout else ("editors", *_LAYER_EDITORS, "redaktur", "editorName")
    if not people.authors:
        for key in author_keys:
            if value := _layer_text(layer.get(key)):
                _add(people, people_of(value), f"datalayer:{key}")
    if not people.editors:
        for key in editor_keys:
            if value := _layer_text(layer.get(key)):
                names = [name for name in split_names(value) if not _CODE.fullmatch(name)]
                _add_editors(people, names, f"datalayer:{key}")


def _layer_text(value: Any) -> str:
    """The names in a layer as one text: from a string, a list, or a table of its own."""
    if isinstance(value, dict):
        value = value.get("names") or value.get("name")
    if isinstance(value, list):
        value = "; ".join(each for each in value if isinstance(each, str))
    return value.strip() if isinstance(value, str) else ""


def _editors_from_data(people: People, metadata: PageMetadata) -> None:
    if people.editors:
        return
    for value in metadata.values("editor"):
        _add_editors(people, [name for text in jsonld_names(value) for name in people_named(text)], "json-ld:editor")
    if not people.editors and (found := metadata.first(*_META_EDITORS)):
        _add_editors(people, split_names(found[0]), f"meta:{found[1]}")


def _is_doubted(people: People, tree: Tree, vocabulary: Vocabulary) -> bool:
    """Whether the page prints its data's only author differently: nowhere in its first lines, or with more to the name,
    or with others beside it.
    """
    if len(people.authors) != 1 or not (people.authors_from or "").startswith(("json-ld:", "meta:")):
        return False
    name = people.authors[0].name
    pieces = tree.pieces()
    if name in pieces or f"By {name}" in pieces:
        return False
    longest, folded = max(name.split(), key=len), fold(name)
    if " " in name and longest not in tree.words() and fold(longest) not in _squeezed(tree):
        # Nothing else could outrank a whole name that is printed nowhere.
        return is_signed_below_headline(tree, "", vocabulary)
    return not any(folded == fold(line).removeprefix("by ") for line in pieces if len(line) <= len(name) + len("by "))


def _squeezed(tree: Tree) -> str:
    """The page's words folded, without the blanks and breaks that markup may put into a name."""
    return fold("".join(tree.words().split()))


def _from_byline_lines(people: People, tree: Tree, paper: Paper, vocabulary: Vocabulary) -> None:
    """The names that the page prints. If its data names somebody, only a line that says "by" beside the headline
    outranks it.
    """
    people.bylines = rank_bylines(tree, paper, vocabulary)
    if not people.bylines:
        return
    printed = people.bylines[0].byline.people
    if people.authors:
        _instead_of_data(people, printed, tree, vocabulary)
        return
    doubted = {fold(author.name) for author in people.unsure}  # the page may well repeat what its data says
    _add(people, [each for each in printed.authors if fold(each.name) not in doubted], printed.source)
    _add_editors(people, printed.editors, printed.source)


def _instead_of_data(people: People, printed: PrintedPeople, tree: Tree, vocabulary: Vocabulary) -> None:
    """Take the printed names if they contain the data's one and more, or complete a partial name, or are signed."""
    name = fold(people.authors[0].name)
    shown = [fold(author.name) for author in printed.authors]
    is_more = len(shown) > 1 and name in shown and _is_one_line(tree, shown)
    is_whole = " " not in name and any(name in other.split() for other in shown)
    is_known = any(set(name.split()) & set(other.split()) for other in shown)
    is_another = not is_known and bool(shown) and is_signed_below_headline(tree, printed.authors[0].name, vocabulary)
    if is_more or is_whole or is_another:
        people.authors, people.authors_from = [], None
        _add(people, printed.authors, printed.source)


def _is_one_line(tree: Tree, names: list[str]) -> bool:
    """Whether a short line of the page consists of these names, with hardly a word between them: anything else in a
    byline's element is not a name.
    """
    for line in tree.pieces():
        if len(line) <= MAX_LINE and all(name in (folded := fold(line)) for name in names):
            return len(folded) - sum(map(len, names)) <= _BETWEEN_NAMES * len(names)
    return False


def _put_aside_logins(people: People) -> None:
    """Set aside authors that data gives only by the name of their account: what the page or its text shows outranks
    them.
    """
    if people.authors and all(is_login(author.name) for author in people.authors):
        people.unsure, people.unsure_from = tuple(people.authors), people.authors_from
        people.authors, people.authors_from = [], None


def _from_json_ld(people: People, metadata: PageMetadata, paper: Paper, tree: Tree, vocabulary: Vocabulary) -> None:
    persons = [node for node in metadata.nodes if "Person" in str(node.get("@type"))]
    by_id = {str(node["@id"]): node for node in persons if node.get("@id") and node.get("name")}
    for value in (*metadata.values("author"), *_printed_creators(metadata, tree)):
        for entry in value[:MAX_ENTRIES] if isinstance(value, list) else [value]:
            _from_json_ld_entry(people, entry, by_id, paper, vocabulary)
        if people.authors:
            break
    if not people.authors and len(persons) == 1 and not metadata.articles:
        names = [
            name
            for text in jsonld_names(persons[0])
            for name in people_named(text, vocabulary)
            if not paper.is_own(name)
        ]
        # It may be the owner of the site: the page must print the name too.
        names = [name for name in names if _is_one_line(tree, [fold(name)])]
        _add(people, [Author(name=name) for name in names], "json-ld:Person")
    if people.authors:  # some pages name one author there and all of them in <meta>
        everyone = [
            name
            for value in metadata.meta.get("author", ())
            for name in people_named(value, vocabulary)
            if not paper.is_own(name)
        ]
        if {fold(author.name) for author in people.authors} < {fold(name) for name in everyone}:
            people.authors.clear()
            people.authors_from = None
            _add(people, [Author(name=name) for name in everyone], "meta:author")


def _printed_creators(metadata: PageMetadata, tree: Tree) -> list[str]:
    """The creators in JSON-LD whose names the page prints: the others only entered the article."""
    names = [name for value in metadata.values("creator") for name in jsonld_names(value)[:MAX_ENTRIES]]
    return [name for name in names if fold("".join(name.split())) in _squeezed(tree)] if names else []


def _from_json_ld_entry(
    people: People, entry: Any, by_id: dict[str, Any], paper: Paper, vocabulary: Vocabulary
) -> None:
    if isinstance(entry, dict):  # WordPress writes the login here and the name in the Person that the @id points to
        entry = by_id.get(str(entry.get("@id")), entry)
    kind = str(entry.get("@type", "")) if isinstance(entry, dict) else ""
    texts = []
    for text in jsonld_names(entry):
        credit = parse_credit(text)
        if credit is not None and credit.editors and not credit.authors:  # "Red: NAME"
            people.author_is_editor = True
            _add_editors(people, credit.editors, "json-ld:author")
        elif not _LOGIN.fullmatch(text):
            texts.append(text)
    names = [name for text in texts for name in people_named(text, vocabulary) if not paper.is_own(name)]
    if "Organization" in kind and not any(is_agency(name) for name in names):
        return
    if not names and "Person" in kind:  # what the paper itself calls a person, however that person signs
        texts = [text.strip(" ,;|/-–—") for text in texts]
        names = [
            text
            for text in texts
            if is_name(text) and not paper.is_own(text) and not _is_label(text, paper, vocabulary)
        ]
    pages = f"{entry.get('url') or ''} {entry.get('@id') or ''}" if isinstance(entry, dict) else ""
    if _ACCOUNT_URL.search(pages) and not people.authors:
        people.unsure, people.unsure_from = tuple(Author(name=name) for name in names), "json-ld:author"
    elif _EDITOR_URL.search(pages):
        people.author_is_editor = True
        _add_editors(people, names, "json-ld:author")
    else:
        _add(people, [Author(name=name) for name in names], "json-ld:author")


def is_paper(name: str, paper: Paper, vocabulary: Vocabulary) -> bool:
    """Whether a name is that of a paper in the catalogue, or of any desk: neither wrote a text."""
    return paper.is_desk(name) or (paper.is_listed and (paper.is_own(name) or is_nobody(name, vocabulary)))


def _is_label(text: str, paper: Paper, vocabulary: Vocabulary) -> bool:
    """Whether what data calls a person is a label, a button, a time or the paper, with or without "By" before it.

    A desk may sign if that is the custom, but not for a paper that is known.
    """
    for name in {text, unlabelled(text)}:
        if is_nobody(name, vocabulary) and (
            paper.is_listed or is_desk(name, vocabulary) or not vocabulary.desks.fit(name)
        ):
            return True
    return paper.is_own(unlabelled(text))


def _others(values: list[str], paper: Paper, vocabulary: Vocabulary) -> list[str]:
    """The people in meta values, without accounts, the paper, and its location ("koran.id, Kupang, Indonesia")."""
    names: list[str] = []
    for value in values:
        if _LOGIN.fullmatch(value):
            continue
        people = [name for name in people_named(value, vocabulary) if not paper.is_own(name)]
        is_of_paper = paper.is_own(value.split(",")[0])
        names += [name for name in people if not is_of_paper or " " in name]
    return names


def _from_meta(people: People, metadata: PageMetadata, paper: Paper, vocabulary: Vocabulary) -> None:
    for name in _META_AUTHORS:
        values = [value for value in metadata.meta.get(name, ()) if value and not value.startswith("http")]
        names = _others(values, paper, vocabulary)
        if names:
            _add(people, [Author(name=person) for person in names], f"meta:{name}")
            return
    for name, values in metadata.meta.items():
        label = metadata.meta.get(name.replace("data", "label")) if name.startswith("twitter:data") else None
        if _META_OTHER.search(name) or (label and vocabulary.is_writer_label(label[0])):
            names = _others(values, paper, vocabulary)
            if names:
                _add(people, [Author(name=person) for person in names], f"meta:{name}")
                return


def _from_credits(people: People, tree: Tree, paper: Paper, vocabulary: Vocabulary) -> None:
    """Lines on an Indonesian page that are only a labelled credit ("Editor : NAME", "Rep: X/ Red: Y"), the first of
    each kind.
    """

    def is_human(name: str) -> bool:
        return is_person(name) and not is_paper(name, paper, vocabulary) and not is_nobody(name, vocabulary)

    has_author, has_editor = bool(people.authors), bool(people.editors)
    for credit in credit_lines(tree):
        if {fold(each.name) for each in credit.authors} & {fold(each.name) for each in people.authors}:
            people.authors_from = "generic:credit"  # if another source names them, that is confirmation
        elif not has_author and not people.authors:
            _add(people, [each for each in credit.authors if is_human(each.name)], "generic:credit")
        if not has_editor and not people.editors:
            _add_editors(people, [name for name in credit.editors if is_human(name)], "generic:credit")


def _add(people: People, authors: Iterable[Author], source: str) -> None:
    known = {fold(author.name) for author in people.authors}
    for author in authors:
        if fold(author.name) not in known and (is_name(author.name) or is_pen_name(author.name)):
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
