"""The pages of an article that its site serves in parts: links whose text is the number in their address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.extract.structure import marks
from scraper.html import path, prose
from scraper.urls import absolute, article_url, canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scraper.html import Node, Tree

MAX_PAGES = 60
MAX_ANCHORS = 3_000  # looked at
_MAX_TEXT = 40
_ORDER = "s?/-"  # of forms that mean the same: "/seite-2" is not "seite" with a suffix
# Numbers of a few digits at the end of an address or of a parameter.
_NUMBERED = re.compile(r"(?<!\d)\d{1,3}(?:/|\.[a-z]{2,5})?(?:[?#]|$)|=\d{1,3}(?:[&#]|$)", re.IGNORECASE)
_TAIL = 60  # characters of an address that may contain it
# After a slug: a page's number and the file ending.
_NUMBER_BEHIND = re.compile(r"(?:[-_,][1-9]\d?)?(?:\.[A-Za-z]{2,5})?$")
_MAX_BEHIND = 10  # characters that it matches, plus one
_MIN_SLUG = 8  # characters
_TEXT_BESIDE = 60  # characters: "Pages:", "Halaman selanjutnya"
_QUERY = frozenset({"page", "paged", "hal", "halaman", "laman", "p", "pg", "showpage", "pagina", "seite"})
_PATH = re.compile(
    r"(?P<stem>/.*?)/(?P<word>(?:page|hal|halaman|laman|seite|pagina)[-/]?)?(?P<number>[1-9]\d?)/?", re.IGNORECASE
)
_OFFSET = re.compile(r"(?P<stem>/.*?)/(?P<number>[1-9]\d{0,3})/?")
_SUFFIX = re.compile(r"(?P<stem>/.*[^\d/,_-])[-_,](?P<number>[1-9]\d?)(?P<end>\.[a-z]{2,5}|/?)", re.IGNORECASE)
_NEXT = re.compile(
    r"(?:(?:halaman|laman|page|seite|página|pagina)\s+)?(?:next|selanjutnya|berikutnya|lanjut|weiter|nächste seite|siguiente|suivant[e]?|volgende|successiva"
    r"|próxim[ao]|下一页|次へ|다음)(?:\s+(?:page|halaman))?\W*|[›»→>]{1,2}",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"(?:^|&)(?:page|halaman|hal|showpage|view)=all(?:&|$)|(?:^|&)(?:showall|single)=1(?:&|$)", re.IGNORECASE
)
_PART_NUMBER = re.compile(r"(?:pag|hal|laman)[a-z]{0,9}[-_]?(?:num(?:ber)?|no)?[-_]?(\d{1,2})?", re.IGNORECASE)
_PART_CHARS = 100  # of a part's text
# Names of elements that hold the pages of an article, not of a list or of comments.
_HOLDERS = frozenset(
    "page-links post-page-numbers wp-pagenavi post-pages article-pages article-pagination post-pagination page-nav-post pagelink"
    " paging__item detail__multiple".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which page of how many this is, and the links to the others by number. `first` is the address of page 1 if the
    page's own is that of a later one; `holders` are the elements whose text is only these links.

    `is_unread` says that there is paging of an article which could not be followed.
    """

    page: int = 1
    links: dict[int, str] = field(default_factory=dict)
    first: str | None = None
    holders: tuple[Node, ...] = ()
    is_unread: bool = False

    @property
    def count(self) -> int:
        """The number of pages, as far as links show it."""
        return max([self.page, *self.links])


def is_whole(url: str) -> bool:
    """Whether an address requests all pages of an article at once ("?page=all")."""
    return bool(_WHOLE.search(urlsplit(url).query)) or urlsplit(url).path.rstrip("/").endswith("/all")


def read_paging(
    tree: Tree,
    *,
    own: Iterable[str],
    base: str,
    trusted: Iterable[str] = (),
    following: Iterable[str] = (),
    in_path: re.Pattern[str] | None = None,
) -> Paging:
    """The pages of an article, from its links.

    `own` are the addresses of this page: the one fetched, and the one that it names. A link counts if it leads to the
    same address except for a number, in a form of paging, and if its text is that number or "next"; for `trusted`
    addresses (from a site's layout) the text does not matter; `following` are those of rel=next. The first group of
    `in_path` is a number elsewhere in the path. A number that only follows the slug counts if some link's text is that
    number: the next post of a blog also has an address like "/slug-2/".
    """
    names = [canonical for each in own if each and (canonical := canonical_url(each))]
    if not names or is_whole(names[0]):
        return Paging()
    keys = {_key(name) for name in names}
    numbered = {(form, stem): (number, first) for name in names for form, stem, number, first in _forms(name, in_path)}
    is_any = bool(numbered) or in_path is not None
    slugs = _slugs(names) if in_path is None else ()
    candidates = list(_candidates(tree, base, trusted, following, slugs, is_any=is_any))
    if in_path is None and (by_offset := _by_offset(candidates, names)) is not None:
        return by_offset
    found, firsts, nodes, is_said = _by_form(candidates, keys, numbered, in_path)
    plain = {form for form in ("/", "-") if form not in is_said}
    forms = sorted(
        {*found, *firsts} - plain, key=lambda form: (-len(found.get(form, {})), _ORDER.find(form[:1]), -len(form), form)
    )
    if not forms:
        return Paging(is_unread=_is_unread(tree, base, names))
    form, links = forms[0], found.get(forms[0], {})
    stems = {stem for target in links.values() for kind, stem, *_ in _forms(target, in_path) if kind == form}
    later = [
        (number, stem)
        for (kind, stem), (number, _) in numbered.items()
        if kind == form and (stem in stems or form in firsts)
    ]
    page, stem = max(later, default=(1, ""))
    first = (firsts.get(form) or numbered[form, stem][1]) if page > 1 else None
    return Paging(page=page, links=links, first=first, holders=tuple(_holders(nodes.get(form, []))))


def _by_form(
    candidates: list[tuple[int | str | None, str, Node | None]],
    keys: set[str],
    numbered: dict[tuple[str, str], tuple[int, str]],
    in_path: re.Pattern[str] | None,
) -> tuple[dict[str, dict[int, str]], dict[str, str], dict[str, list[Node]], set[str]]:
    """For each form of paging, (the pages by number, the first one, the elements of the links); and the forms whose
    numbers a link's text states.
    """
    found: dict[str, dict[int, str]] = {}
    firsts: dict[str, str] = {}
    nodes: dict[str, list[Node]] = {}
    is_said: set[str] = set()
    for said, target, node in candidates:
        key = _key(target)
        for form, stem, number, _ in _forms(target, in_path):
            is_own = stem in keys or (form, stem) in numbered
            current = numbered.get((form, stem), (1, ""))[0]
            if is_own and number <= MAX_PAGES and _fits(said, number, current, form):
                is_said |= {form} if said != "next" else set()
                found.setdefault(form, {}).setdefault(number, target)
                nodes.setdefault(form, []).extend([node] if node is not None else [])
        for form, stem in numbered:
            if key == stem and said == 1:
                firsts[form] = target
                is_said.add(form)
                nodes.setdefault(form, []).extend([node] if node is not None else [])
    return found, firsts, nodes, is_said


def _by_offset(candidates: list[tuple[int | str | None, str, Node | None]], own: list[str]) -> Paging | None:
    """Paging whose addresses count the items on previous pages: /slug, /slug/10, /slug/20 are pages 1, 2 and 3.

    At least two links must agree on the step: two pages, or one and the first.
    """
    stems = {_key(name): (1, name) for name in own}
    for name in own:
        if match := _offset_in(urlsplit(name).path):
            stem = urlsplit(name)._replace(path=match["stem"]).geturl()
            stems.setdefault(_key(stem), (int(match["number"]), stem))
    found: dict[int, tuple[int, str]] = {}
    nodes: list[Node] = []
    first: str | None = None
    for said, target, node in candidates:
        match = _offset_in(urlsplit(target).path)
        key = _key(urlsplit(target)._replace(path=match["stem"]).geturl()) if match else None
        if isinstance(said, int) and said > 1 and match and key in stems:
            found.setdefault(said, (int(match["number"]), target))
        elif said == 1 and _key(target) in stems:
            first = target
        else:
            continue
        nodes += [node] if node is not None else []
    steps = {number // (said - 1) if number % (said - 1) == 0 else 0 for said, (number, _) in found.items()}
    if len(steps) != 1 or (step := steps.pop()) < 3 or (len(found) < 2 and first is None):
        return None
    at = max((number for number, _ in stems.values() if number > 1 and number % step == 0), default=0)
    page = at // step + 1
    links = {said: target for said, (_, target) in found.items() if said <= MAX_PAGES}
    return Paging(page=page, links=links, first=first if page > 1 else None, holders=tuple(_holders(nodes)))


def _candidates(
    tree: Tree, base: str, trusted: Iterable[str], following: Iterable[str], slugs: tuple[str, ...], *, is_any: bool
) -> Iterator[tuple[int | str | None, str, Node | None]]:
    """(what a link's text says: its number, "next", or None if that does not matter; its target; its element).

    Unless `is_any`, only links whose address has a number in the place of a page's are examined more closely; if there
    are `slugs`, only those whose address contains one.
    """
    named = [(None, href) for href in trusted] + [("next", href) for href in following]
    yield from ((word, target, None) for word, href in named if (target := absolute(href, base)))
    leading = tree.links()[:MAX_ANCHORS]
    for anchor, href in _with_any(leading, slugs) if slugs else leading:
        if href[0] == "#" or "#comment" in href or not (is_any or _NUMBERED.search(href, max(0, len(href) - _TAIL))):
            continue
        text = prose(anchor) if anchor.child is not None else ""
        bare = text.strip("[]()· ")
        said: int | str | None
        if bare.isdecimal() and len(bare) <= 2:
            said = int(bare)
        elif len(text) <= _MAX_TEXT and ("next" in (anchor.attributes.get("rel") or "") or _NEXT.fullmatch(text)):
            said = "next"
        elif "page=" in href:
            said = "?"
        else:
            continue
        if target := absolute(href, base):
            yield said, target, anchor


def _slugs(names: list[str]) -> tuple[str, ...]:
    """The longest part of each of an article's addresses, without a possible page number; () if any of them has none.

    All addresses of its pages contain one of them, which excludes most links of a page.
    """
    found = []
    for name in names:
        longest = max(urlsplit(name).path.split("/"), key=len)
        head = max(0, len(longest) - _MAX_BEHIND)  # the pattern would be tried from every place before it
        slug = longest[:head] + _NUMBER_BEHIND.sub("", longest[head:])
        if len(slug) < _MIN_SLUG or not longest.isascii() or "%" in longest:
            return ()
        found.append(slug)
    return tuple(dict.fromkeys(found))


def _with_any(links: list[tuple[Node, str]], slugs: tuple[str, ...]) -> Iterator[tuple[Node, str]]:
    """The links whose address contains one of these parts, is relative, or is spelled so that it cannot be decided."""
    for link in links:
        href = link[1]
        if "%" in href or not (href[0] == "/" or href[:4] == "http"):
            yield link
            continue
        for slug in slugs:
            if slug in href:
                yield link
                break


def _fits(said: int | str | None, number: int, current: int, form: str) -> bool:
    if said == "next":
        return number == current + 1
    # A parameter called "page" is unambiguous.
    if said is None:  # a number after the slug may count paragraphs ("/slug/5" is page 2 at Sindonews)
        return form not in ("/", "-")
    return said == number or (said == "?" and form in ("?page", "?showpage"))


def _forms(url: str, in_path: re.Pattern[str] | None = None) -> Iterator[tuple[str, str, int, str]]:
    """(form, key of the first page's address, number, that address) for each form of paging that an address may have."""
    parts = urlsplit(url)
    pairs = parts.query.split("&") if parts.query else []
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name.lower() in _QUERY and value.isdecimal() and len(value) <= 2 and int(value) > 0:
            first = parts._replace(query="&".join(each for each in pairs if each != pair), fragment="").geturl()
            yield f"?{name.lower()}", _key(first), int(value), first
    if in_path is not None and (match := in_path.search(parts.path)) and match[1].isdecimal():
        rest = parts.path[: match.start(1)].removesuffix("/"), parts.path[match.end(1) :]
        first = parts._replace(path="".join(rest), fragment="").geturl()
        yield "site", _key(first), int(match[1]), first
    if _ends_in_number(parts.path) and (match := _PATH.fullmatch(parts.path)):
        end = "/" if parts.path.endswith("/") else ""
        first = parts._replace(path=match["stem"] + end, fragment="").geturl()
        yield "/page" if match["word"] else "/", _key(first), int(match["number"]), first
    if match := _SUFFIX.fullmatch(parts.path):
        first = parts._replace(path=match["stem"] + match["end"], fragment="").geturl()
        yield "-", _key(first), int(match["number"]), first


def _ends_in_number(path: str) -> bool:
    return path.rstrip("/")[-1:].isdecimal()


def _offset_in(path: str) -> re.Match[str] | None:
    return _OFFSET.fullmatch(path) if _ends_in_number(path) else None


def _key(url: str) -> str:
    """The key by which an article's addresses are compared: without scheme, final slash and fragment."""
    parts = urlsplit(canonical_url(url) or url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc}{parts.path.rstrip('/')}{query}"


def _holders(nodes: list[Node]) -> Iterator[Node]:
    """The largest elements around page links that contain nothing else: numbers, and a few words like "Pages:"."""
    seen: set[int] = set()
    for node in nodes:
        best, at = node, node.parent
        for _ in range(4):
            if at is None or at.tag in ("body", "article", "main", "html"):
                break
            text = prose(at)
            if len(text) - sum(map(str.isdecimal, text)) > _TEXT_BESIDE:
                break
            best, at = at, at.parent
        if best.mem_id not in seen:
            seen.add(best.mem_id)
            yield best


def _is_unread(tree: Tree, base: str, own: list[str]) -> bool:
    """Whether there is a list of page numbers none of whose links could be followed, judging by its markup or its
    links.

    Links with the texts two and three that both lead on from the article's own address are such a list.
    """
    paths = tuple(urlsplit(name).path.rstrip("/").rpartition(".")[0] or urlsplit(name).path.rstrip("/") for name in own)
    said: dict[str, set[str]] = {}
    stems = [stem for stem in paths if len(stem) > 1]
    for anchor, href in tree.links()[:MAX_ANCHORS] if stems else ():
        for stem in stems:  # hardly any link has one
            if stem in href:
                break
        else:
            continue
        if "#comment" in href:
            continue
        words = prose(anchor).strip("[]()· ")
        is_list = words in ("2", "3") and not any(_is_comments(each) for each in path(anchor))
        if is_list and (target := absolute(href, base)) and _key(target) not in map(_key, own):
            said.setdefault(words, set()).add(target)
    if len(said) == 2 and len(said["2"] | said["3"]) > 1:
        return True
    for holder in islice(marks.with_class_containing(tree, _HOLDERS), 20):
        numbers = {word for word in prose(holder).split() if word.isdecimal() and len(word) <= 2}
        if len(numbers) > 1 and len(numbers) * 2 >= len(prose(holder).split()):
            return True
    return False


def show_parts(tree: Tree) -> int:
    """Show the later pages of an article that its page hides until somebody turns to them; returns how many there were.

    They are hidden elements with a text each, numbered consecutively from 1 or 2 in a name that refers to pages, beside
    a visible element with the same tag or one of their classes. Call this before the page is read.
    """
    groups: dict[tuple[int, str], list[tuple[int, Node]]] = {}
    for node, given in marks.hidden(tree)[:MAX_ANCHORS]:
        told = _part_numbers(given)
        if told and node.parent is not None and len(prose(node)) >= _PART_CHARS:
            groups.setdefault((node.parent.mem_id, node.tag or ""), []).append((min(told), node))
    shown = 0
    for parts in groups.values():
        numbers = [number for number, _ in parts]
        is_counted = numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2
        if is_counted and _is_beside_text(parts[0][1], {node.mem_id for _, node in parts}):
            for _, node in parts:
                for name in ("hidden", "style"):
                    if name in node.attributes:
                        del node.attrs[name]
            shown += len(parts)
    return shown


def _part_numbers(given: Mapping[str, str | None]) -> set[int]:
    """The numbers by which an element says that it is one page of several, in its id, its classes and its data
    attributes.
    """
    found: set[int] = set()
    for name, value in given.items():
        if (
            name.startswith("data-")
            and (value or "").isdecimal()
            and len(value or "") <= 2
            and _PART_NUMBER.search(name)
        ):
            found.add(int(value or "0"))
        elif name in ("id", "class") and _PART_NUMBER.search(value or ""):
            found |= {
                int(match[1]) for word in (value or "").split() if (match := _PART_NUMBER.search(word)) and match[1]
            }
    return found


def _is_beside_text(node: Node, parts: set[int]) -> bool:
    """Whether an element is beside, or inside, a visible one that holds a text and has its tag and one of its classes."""
    names = set((node.attributes.get("class") or "").split())
    parent = node.parent
    if parent is not None and names & set((parent.attributes.get("class") or "").split()):
        own = sum(len(prose(child)) for child in parent.iter() if child.mem_id not in parts)
        return own >= _PART_CHARS  # the first page is the text around the others
    for other in parent.iter() if parent is not None else ():
        if other.mem_id not in parts and other.tag == node.tag and len(prose(other)) >= _PART_CHARS:
            alike = set((other.attributes.get("class") or "").split())
            if names & alike or not (names or alike):
                return True
    return False


def _is_comments(node: Node) -> bool:
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
    return "comment" in names or "komentar" in names


def is_same_article(first: str, second: str) -> bool:
    """Whether two addresses belong to one article, apart from the page that they request."""
    ones = {_key(first), article_url(first), *(stem for _, stem, *_ in _forms(first))}
    others = {_key(second), article_url(second), *(stem for _, stem, *_ in _forms(second))}
    return not ones.isdisjoint(others)
