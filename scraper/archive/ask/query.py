"""The language of `kliping search`: any text → a tree → an FTS5 expression. Pure; user text never reaches FTS5 as
syntax.

    banjir ketapang        both words           "kabut asap"        the words in this order
    sekolah*               what begins so       a OR b, a AND b     operators in capitals
    a NOT b, a -b          without the next     headline:a          only in headline, lede or body
    (a OR b) c             grouped              NEAR(a b, 10)       at most 10 words between them

Whatever cannot be understood is taken literally or left out, and a hint says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.text import storable

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS = ("headline", "lede", "body")
MAX_WORDS = 64  # words, phrases and NEARs in one query
MAX_DEPTH = 16  # nested brackets; FTS5 itself stops at 256 levels of its own counting
NEAR_DISTANCE = 10  # FTS5's own default
# They are in nearly every article; ranking by them costs seconds and tells nothing.
STOP_WORDS = frozenset(
    "ada akan atau dalam dan dari dengan di hari ini itu juga karena ke kepada oleh pada saat untuk yang".split()
)

_TOKEN = re.compile(
    r'"(?P<phrase>[^"]*)"?(?P<star>\*?)'
    r"|(?P<near>(?<![^\s(:])NEAR\s*\((?P<inside>[^()]*)\))"
    r"|(?P<open>\()|(?P<close>\))"
    r"|(?<![^\s(])(?:(?P<column>(?i:headline|lede|body)):\s*(?=[^\s)])|(?P<minus>-)(?=[^\s)-]))"
    r'|(?P<word>[^\s()"]+)'
)
_NEAR_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')
_NEAR_END = re.compile(r",\s*(\d{1,4})\s*$")
_STRAIGHT = str.maketrans("“”„«»", '"""""')


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRun:
    """A word, or several in a row. `column` None: in any column."""

    text: str
    is_prefix: bool = False
    is_phrase: bool = False
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """All parts with at most `distance` words between them, in any order."""

    parts: tuple[WordRun, ...]
    distance: int
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """All of `parts`, at least one, and none of `without`."""

    parts: tuple[Node, ...]
    without: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """At least one of `parts`."""

    parts: tuple[Node, ...]


Node = WordRun | Near | Every | Either


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The meaning of a query, None if there is nothing to search for, and what was not understood in it."""

    root: Node | None
    hints: tuple[str, ...] = ()


def parse_query(query: str) -> Parsed:
    """The tree of any text."""
    parser = _Parser(query)
    return Parsed(root=parser.whole(), hints=tuple(dict.fromkeys(parser.hints)))


class _Parser:
    """Recursive descent over the tokens; every method consumes what it understands, and none fails."""

    def __init__(self, query: str) -> None:
        self.hints: list[str] = []
        self._tokens = list(_TOKEN.finditer(storable(query).translate(_STRAIGHT)))
        self._at = 0
        self._words = 0

    def whole(self) -> Node | None:
        """Everything; an unmatched closing bracket only separates."""
        parts = []
        while self._at < len(self._tokens):
            if part := self._either(None, 0):
                parts.append(part)
            self._at += 1
        return _together(Every, parts)

    def _either(self, column: str | None, depth: int) -> Node | None:
        """Alternatives, up to the closing bracket of this level."""
        parts = []
        while True:
            if part := self._every(column, depth):
                parts.append(part)
            if not self._next_is("OR"):
                break
            self._at += 1
        return _together(Either, parts)

    def _every(self, column: str | None, depth: int) -> Node | None:
        parts: list[Node] = []
        without: list[Node] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token["close"] or self._next_is("OR"):
                break
            if self._next_is("AND"):
                self._at += 1
                continue
            is_negative = bool(token["minus"]) or self._next_is("NOT")
            self._at += is_negative
            if part := self._one(column, depth):
                (without if is_negative else parts).append(part)
        if not parts:
            if without:
                self.hints.append("NOT takes away from what is found: there must be something to find first")
            return None
        if not without:
            return _together(Every, parts)
        return Every(parts=tuple(dict.fromkeys(parts)), without=tuple(dict.fromkeys(without)))

    def _one(self, column: str | None, depth: int) -> Node | None:
        while self._at < len(self._tokens) and (named := self._tokens[self._at]["column"]):
            column = named.lower()
            self._at += 1
        if self._at >= len(self._tokens):
            return None
        token = self._tokens[self._at]
        if token["close"] or token["minus"] or self._next_is("OR") or self._next_is("AND"):
            return None  # an operator without its operand, which the caller handles
        self._at += 1
        if token["open"]:
            return self._bracket(column, depth + 1)
        if token["near"]:
            return self._near(token["inside"], column)
        if token["phrase"] is not None:
            return self._counted(
                WordRun(text=token["phrase"], is_phrase=True, is_prefix=bool(token["star"]), column=column)
            )
        return self._word(token["word"], column)

    def _bracket(self, column: str | None, depth: int) -> Node | None:
        inside = None
        if depth > MAX_DEPTH:
            self.hints.append(f"brackets go {MAX_DEPTH} deep; what is deeper was left out")
            self._skip_bracket()
        else:
            inside = self._either(column, depth)
        self._at += 1  # its closing bracket, or the end
        return inside

    def _word(self, text: str, column: str | None) -> WordRun | None:
        if text == "NEAR":
            self.hints.append("nearness is written NEAR(word word, 10)")
        elif (named := re.match(r"([^\W\d]\w*):[^/\s]", text)) and named[1].lower() not in COLUMNS:
            self.hints.append(f"{named[1]}: is not a column; headline:, lede: and body: are")
        bare = text.rstrip("*")
        is_prefix = bare != text and len(bare) > 1
        if bare != text and len(bare) == 1:
            self.hints.append(f"{text}: at least two letters must stand before *")
        return self._counted(WordRun(text=bare, is_prefix=is_prefix, column=column))

    def _near(self, inside: str, column: str | None) -> Node | None:
        end = _NEAR_END.search(inside)
        distance = int(end[1]) if end else NEAR_DISTANCE
        parts = []
        for phrase, word in _NEAR_PART.findall(inside[: end.start()] if end else inside):
            part = WordRun(
                text=phrase or word.strip(",").rstrip("*"), is_phrase=bool(phrase), is_prefix=word.endswith("*")
            )
            if counted := self._counted(part):
                parts.append(counted)
        if len(parts) > 1:
            return Near(parts=tuple(parts), distance=distance, column=column)
        return replace(parts[0], column=column) if parts else None

    def _counted(self, words: WordRun) -> WordRun | None:
        """The words, if they contain anything to search for and the query is not too long."""
        if not any(char.isalnum() for char in words.text):  # punctuation alone has no token and would match nothing
            return None
        self._words += 1
        if self._words > MAX_WORDS:
            self.hints.append(f"only the first {MAX_WORDS} words were used")
            return None
        return words

    def _skip_bracket(self) -> None:
        """Skip to the bracket that closes this one, or to the end."""
        depth = 1
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            depth += bool(token["open"]) - bool(token["close"])
            if not depth:
                return
            self._at += 1

    def _next_is(self, operator: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at]["word"] == operator


def _together(kind: type[Every | Either], parts: list[Node]) -> Node | None:
    """Several parts as one, each once: a word given sixty times must not be searched for sixty times."""
    distinct = tuple(dict.fromkeys(parts))
    return kind(parts=distinct) if len(distinct) > 1 else next(iter(distinct), None)


def single_words(node: Node | None) -> tuple[str, ...]:
    """The single whole words in a tree, in order, without those in NEAR: those for which other forms may stand."""
    if isinstance(node, WordRun):
        return () if node.is_prefix or node.is_phrase else (node.text,)
    if isinstance(node, Every | Either):
        parts = (*node.parts, *node.without) if isinstance(node, Every) else node.parts
        return tuple(dict.fromkeys(word for part in parts for word in single_words(part)))
    return ()


def without_stop_words(node: Node | None) -> tuple[Node | None, tuple[str, ...]]:
    """The tree without words that occur in nearly every article, if other words stand beside them; and those words."""
    if not isinstance(node, Every):
        return node, ()
    left_out = [
        part
        for part in node.parts
        if isinstance(part, WordRun) and single_words(part) and part.column is None and part.text.lower() in STOP_WORDS
    ]
    if not left_out or len(left_out) == len(node.parts):
        return node, ()
    kept = replace(node, parts=tuple(part for part in node.parts if part not in left_out))
    return kept if len(kept.parts) > 1 or kept.without else kept.parts[0], tuple(part.text for part in left_out)


def match_expression(node: Node, forms: Callable[[str], tuple[str, ...]] = lambda _word: ()) -> str:
    """The FTS5 expression of a tree; `forms` gives other forms that a single word may stand for.

    Every term is quoted, so that none is taken for an operator.
    """
    if isinstance(node, WordRun):
        terms = [_quoted(node.text) + ("*" if node.is_prefix else "")]
        terms += map(_quoted, forms(node.text)) if single_words(node) else ()
        return _in_column(node.column, terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})")
    if isinstance(node, Near):
        parts = " ".join(match_expression(part) for part in node.parts)
        return _in_column(node.column, f"NEAR({parts}, {node.distance})")
    expressions = [match_expression(part, forms) for part in node.parts]
    if isinstance(node, Either):
        return f"({' OR '.join(expressions)})"
    found = " AND ".join(expressions)
    if not node.without:
        return f"({found})"
    return f"(({found}) NOT ({' OR '.join(match_expression(part, forms) for part in node.without)}))"


def _in_column(column: str | None, expression: str) -> str:
    return f"{column} : {expression}" if column else expression


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
