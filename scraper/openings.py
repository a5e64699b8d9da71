"""How many steps a parser makes through its open elements for a page, computed from the bytes in one pass. Pure.

A browser's tree builder (HTML §13.2.6) walks its stack of open elements at every block that begins and every element
that ends. On ordinary pages that is a handful of steps; if a hundred thousand elements stay open, it is a thousand
million. Which elements are open follows from the order of the tags alone, so the same rules are applied here to the
stack, without building the tree: what an end tag closes, what closes by itself, what only a table, a cell or an
<object> protects.
"""

from __future__ import annotations

import re
from collections import Counter

_BLANK = rb"[ \t\n\f\r/]"
# A comment, something that is neither comment nor tag, or a tag with its attributes, whose quoted values may contain
# "<" and ">".
_TOKEN = re.compile(
    rb"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|[!?][^>]*+|(/?)([a-zA-Z][^ \t\n\f\r/>]*+)"
    rb"(?:" + _BLANK + rb"++|(?:=[^ \t\n\f\r/>=]*+|[^ \t\n\f\r/>=]++)"
    rb"""(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^ \t\n\f\r>]*+))?+)*+>?+)""",
    re.DOTALL,
)


def _names(text: str) -> frozenset[bytes]:
    return frozenset(text.encode().split())


_VOID = _names("area base basefont bgsound br col embed hr img input keygen link meta param source track wbr")
_UNSEEN = _names("html head body frameset frame colgroup")  # add no depth, or hardly any
_TEXT = _names("script style textarea title xmp iframe noembed noframes plaintext")  # contain no tags
# A <p> ends before these.
_BLOCKS = _names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup main"
    " menu nav ol p search section summary ul h form li dd dt plaintext table hr pre listing xmp"
)
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_ROWS = _names("tr tbody thead tfoot")
_CELLS = _names("td th caption")
# Each with the elements that end before it.
_ITEMS = {b"li": _names("li"), b"dd": _names("dd dt"), b"dt": _names("dd dt")}
_RUBY = _names("rt rp rb rtc")
_MARKERS = _CELLS | _names("table template object applet marquee button")  # nothing is closed through them
_CLEARING = _MARKERS - _names("button")  # formatting left open in them is not reopened
_SPECIAL = _BLOCKS | _MARKERS | _names("noscript select iframe")
_LOOSE = _names("address div p")  # a <li> ends through these
_FOREIGN = _names("svg math")
_INTEGRATION = _names("foreignobject desc title mi mo mn ms mtext annotation-xml")  # content is HTML again
_ALIKE = 3
_STEPS_OF_ELEMENT = 400  # creating one more element takes about as long as this many steps
_HEADING = re.compile(rb"h[1-6]")
# HTML elements that end an <svg> that was left open.
_BREAKOUT = _BLOCKS | _names(
    "b big body br code em embed head i img meta nobr ruby s small span strong strike sub sup tt u var"
)


class _Stack:
    """The open elements, by name; b"" marks one that was removed from below others."""

    def __init__(self) -> None:
        self.names: list[bytes] = []
        self.gone = 0
        self._tags: dict[int, bytes] = {}  # place → formatting tag with attributes
        self._left_open: list[bytes] = []  # formatting whose block has ended
        self.steps = 0
        self._places: dict[bytes, list[int]] = {}
        self._markers: list[int] = [-1]
        self._specials: list[int] = [-1]
        self._strict: list[int] = [-1]  # special elements except those in _LOOSE

    def last(self, name: bytes) -> int:
        places = self._places.get(name)
        return places[-1] if places else -1

    def push(self, name: bytes, *, tag: bytes = b"", is_html: bool = True) -> None:
        at = len(self.names)
        self._tags[at] = tag
        self.names.append(name)
        self._places.setdefault(name, []).append(at)
        if name in (_SPECIAL if is_html else _INTEGRATION):
            self._specials.append(at)
            if not is_html or name in _MARKERS:
                self._markers.append(at)
            if not is_html or name not in _LOOSE:
                self._strict.append(at)

    def cut(self, at: int) -> None:
        """Close everything from this place on."""
        self.steps += len(self.names) - at
        for name in self.names[at:]:
            if name:
                self._places[name].pop()
            else:
                self.gone -= 1
        del self.names[at:]
        for places in (self._markers, self._specials, self._strict):
            while places[-1] >= at:
                places.pop()

    def look(self, *, through: bool = False) -> None:
        """Count a walk up to the next marker, or (`through`) to the next special element."""
        self.steps += len(self.names) - self.gone - (self._specials if through else self._markers)[-1]

    def close(self, name: bytes) -> None:
        """Close what an end tag closes."""
        at = self.last(name)
        is_special, is_formatting = name in _SPECIAL, name in _FORMATTING
        held_at = (self._markers if is_special or is_formatting else self._specials)[-1]
        if name == b"table":
            held_at = self.last(b"template")
        elif at == held_at:  # a marker itself
            held_at -= 1
        if at <= held_at or at < 0:
            self.look(through=not is_special and not is_formatting)
        elif (is_formatting and self._specials[-1] > at) or name == b"form":  # elements below it stay open
            self.steps += len(self.names) - at
            self.names[at] = b""
            self._places[name].pop()
            self.gone += 1
        elif name in _CLEARING:
            self.cut(at)
        else:
            self.cut_at_end_of_block(at)

    def cut_at_end_of_block(self, at: int) -> None:
        """The same; formatting that was left open waits to be reopened, at most three identical ones (HTML §13.2.4.3)."""
        inner = [self._tags[place] for place in range(at + 1, len(self.names)) if self.names[place] in _FORMATTING]
        if inner:
            alike = Counter(self._left_open)
            for tag in reversed(inner):
                alike[tag] += 1
                if alike[tag] <= _ALIKE:
                    self._left_open.append(tag)
        self.cut(at)

    def open_again(self) -> None:
        """Reopen formatting, as a text or an inline element does."""
        if not self._left_open:
            return
        left_open, self._left_open = self._left_open, []
        for tag in left_open:
            self.steps += _STEPS_OF_ELEMENT
            self.push(_name_of(tag), tag=tag)

    def close_item(self, names: frozenset[bytes]) -> None:
        """A <li> ends at the next one, unless another list or block is between them."""
        self.look()
        at = self._strict[-1]
        if at >= 0 and self.names[at] in names:
            self.cut_at_end_of_block(at)

    def close_paragraph(self) -> None:
        self.look()
        if (at := self.last(b"p")) > self._markers[-1]:
            self.cut_at_end_of_block(at)

    def is_foreign(self) -> bool:
        """Whether the next tag belongs to an <svg> or <math>."""
        return max(self.last(b"svg"), self.last(b"math")) > self._markers[-1]


def parser_steps(markup: bytes, most: int) -> int:
    """How many steps a parser makes through its open elements; counting stops above `most`."""
    return _read(markup, most).steps


def _read(markup: bytes, most: int) -> _Stack:
    stack = _Stack()
    at = 0
    while at < len(markup):
        for token in _TOKEN.finditer(markup, at):
            if token.start() > at:  # a text
                stack.open_again()
            at = token.end()
            if token[2] is None:
                continue
            name = token[2].lower()
            if name[:1] == b"h" and _HEADING.fullmatch(name):
                name = b"h"
            if token[1]:
                _end(stack, name)
            elif _begin(stack, name, token[0]):
                at = _end_of_text(markup, name, at)
                break
            if stack.steps > most:
                return stack
        else:
            break
    return stack


def _end_of_text(markup: bytes, name: bytes, at: int) -> int:
    """Where the text of a <script> and the like ends."""
    found = re.compile(b"</" + name + rb"(?=[ \t\n\f\r/>])", re.IGNORECASE).search(markup, at)
    return found.start() if found and name != b"plaintext" else len(markup)


def _name_of(tag: bytes) -> bytes:
    found = _TOKEN.match(tag)
    return found[2].lower() if found else b""


def _begin(stack: _Stack, name: bytes, tag: bytes) -> bool:
    """Process a start tag; return whether text without tags follows."""
    if stack.is_foreign():
        if name not in _BREAKOUT:
            if not tag.endswith(b"/>"):
                stack.push(name, is_html=False)
            return False
        while stack.is_foreign():
            stack.cut(max(stack.last(b"svg"), stack.last(b"math")))
    if name in _BLOCKS:
        stack.close_paragraph()
    if name in _TEXT:
        return True
    if not (
        name in _UNSEEN or name in _VOID or (name == b"form" and stack.last(name) >= 0) or _ends_before(stack, name)
    ):
        if name not in _BLOCKS and name not in _CELLS:
            stack.open_again()
        stack.push(name, tag=tag)
    return False


def _ends_before(stack: _Stack, name: bytes) -> bool:
    """Close what ends before such an element; return whether the element itself is ignored (a row without a table)."""
    top, table = stack.names[-1] if stack.names else b"", stack.last(b"table")
    if name in _ROWS or name in _CELLS:
        if table <= stack.last(b"template"):
            return True
        stack.cut(table + 1)
    elif name == b"table" and table > max(map(stack.last, (*_CELLS, b"template"))):
        stack.cut(table)
    elif name in _ITEMS:
        stack.close_item(_ITEMS[name])
    elif name in (b"a", b"nobr", b"button") and stack.last(name) >= 0:
        stack.close(name)
    elif (name == b"h" and top == b"h") or (name in (b"option", b"optgroup") and top == b"option"):
        stack.cut(len(stack.names) - 1)
    elif name in _RUBY:
        stack.look()
        if (ruby := stack.last(b"ruby")) >= 0:
            stack.cut(ruby + 1)
    return name in _ROWS


def _end(stack: _Stack, name: bytes) -> None:
    """Process an end tag."""
    if name in _ROWS or name in _CELLS:
        if (table := stack.last(b"table")) > stack.last(b"template"):
            stack.cut(table + 1)
    elif name not in _VOID and name not in _UNSEEN:
        stack.close(name)
