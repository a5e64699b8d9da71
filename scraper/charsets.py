"""The only importer of webencodings: turns a page's bytes into text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import webencodings

from scraper.text import utf16_without_mark

if TYPE_CHECKING:
    from scraper.records import CharsetSource

_META_CHARSET = re.compile(rb"""<meta\b[^<>]*?charset\s*+=\s*+["']?\s*+([A-Za-z0-9_:.-]++)""", re.IGNORECASE)
_HTML_LANG = re.compile(rb"""<html\b[^<>]*?\blang\s*+=\s*+["']?([A-Za-z]{2,3}+(?:-[A-Za-z]{2,4})?+)""", re.IGNORECASE)
_IN_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# The charset of a page without a label, by its language: HTML §13.2.3.2, step 9; all other languages get windows-1252.
_DEFAULTS = {
    "windows-1250": "cs hr sk", "windows-1251": "ba be bg kk ky mk ru sah sr tg tt uk", "windows-1254": "az ku tr", "windows-1255": "he",
    "windows-1256": "ar fa", "windows-1257": "et lt lv", "windows-1258": "vi", "windows-874": "th", "iso-8859-2": "hu pl sl",
    "iso-8859-7": "el", "shift_jis": "ja", "euc-kr": "ko", "gb18030": "zh zh-cn zh-hans zh-sg", "big5": "zh-tw zh-hant zh-hk",
}  # fmt: skip
_DEFAULT_OF = {language: charset for charset, languages in _DEFAULTS.items() for language in languages.split()}
Encoding = webencodings.Encoding
# A UTF-8 letter whose bytes were taken for windows-1252 (or latin-1) and encoded again: "â€™", "Ã¼".
_TWICE = re.compile(
    rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2\x82\xac|\xe2\x80[\x93-\xba]|\xe2\x84\xa2|\xc5[\x92-\xbe]|\xcb[\x86\x9c])"
)
_MIN_TWICE = 5  # such letters on a page; a text about them shows one or two
_ABOVE_LATIN_1 = {
    byte: bytes([number]) for number in range(0x80, 0xA0) if (byte := bytes([number]).decode("cp1252", "ignore"))
}
_PIECE = 8192  # bytes
_HIGH = re.compile("[^\x00-\xff]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A page as text, with the evidence for its charset; `replaced` is the number of U+FFFD inserted."""

    text: str
    charset: str
    source: CharsetSource
    replaced: int


def whatwg(label: bytes | str | None) -> webencodings.Encoding | None:
    """The encoding that a browser would use for this label (WHATWG Encoding §4.2); None for an unknown one."""
    if not label:
        return None
    text = label.decode("ascii", "replace") if isinstance(label, bytes) else label
    return webencodings.lookup(text)


def decode(body: bytes, http_charset: str | None = None) -> Decoded:
    """Decode a page as browsers do.

    The order is: BOM, the HTTP charset, <meta>, UTF-8 if the bytes are valid, the charset usual for the language that
    the page names, windows-1252. UTF-16 without a BOM is recognised by its NULs, and an HTTP charset does not count if
    <meta> and the bytes both say UTF-8.

    Labels are looked up in the WHATWG table only, since Python's codecs would accept "base64" or "punycode" from a
    hostile page.
    """
    start, encoding, source = _encoding(body, http_charset)
    if encoding is webencodings.UTF8 and (once := _encoded_once(body)) is not None:
        return Decoded(text=once.decode("utf-8"), charset="utf-8", source="default", replaced=0)
    text, _ = encoding.codec_info.decode(body[start:], "replace")
    replaced = text.count("\ufffd")
    return Decoded(text=text, charset=encoding.name, source=source, replaced=replaced)


def readable(body: bytes, http_charset: str | None = None) -> str | bytes:
    """A page in the form that parse() takes, by the rules of decode(): bytes if they are UTF-8, with or without flaws.

    The parser passes such bytes on unchanged, and every text and attribute read from it has U+FFFD in place of a flaw,
    as a decoded page would.
    """
    return read_text(body, http_charset)[0]


def read_text(body: bytes, http_charset: str | None = None) -> tuple[str | bytes, bool]:
    """(a page as readable() returns it, whether its charset was guessed).

    It was guessed if the page names no charset and its bytes are not UTF-8, or if the page was encoded twice.
    """
    start, encoding, source = _encoding(body, http_charset)
    if encoding is webencodings.UTF8:
        once = _encoded_once(body)
        return once or body[start:], once is not None
    text: str = encoding.codec_info.decode(body[start:], "replace")[0]
    return text, source == "default" and not encoding.name.startswith("utf-16")


def _encoding(body: bytes, http_charset: str | None) -> tuple[int, webencodings.Encoding, CharsetSource]:
    """(where the page begins, its encoding, how we know)."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return len(mark), webencodings.lookup(charset), "bom"
    if unmarked := utf16_without_mark(body):  # no other charset on the web has NULs between its letters
        return 0, webencodings.lookup(unmarked), "default"
    # The standard looks at 1,024 bytes; news pages put scripts first, so we look further.
    found = _META_CHARSET.search(body, 0, 8192)
    named = whatwg(found[1]) if found else None
    if encoding := whatwg(http_charset):
        # A server's default label loses to the page's own if the bytes agree with the latter.
        if encoding is not webencodings.UTF8 and named is webencodings.UTF8 and _is_utf8(body):
            return 0, named, "meta"
        return 0, encoding, "header"
    if encoding := named:
        # A <meta> that can be read as ASCII is not in UTF-16. And bytes that are valid UTF-8 are hardly ever anything
        # else: pages that were converted when they were saved keep their old <meta>.
        if encoding.name.startswith("utf-16") or (encoding is not webencodings.UTF8 and _is_utf8(body)):
            encoding = webencodings.UTF8
        return 0, encoding, "meta"
    return 0, webencodings.lookup(_unlabelled(body)), "default"


def _unlabelled(body: bytes) -> str:
    """The charset of a page that names none. A flaw or two do not rule out UTF-8: its letters take several bytes that
    must match.
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        flaws = body.decode("utf-8", "replace").count("\ufffd")
        if flaws > sum(1 for _ in _IN_UTF_8.finditer(body)):
            found = _HTML_LANG.search(body, 0, 8192)
            language = found[1].decode("ascii").lower() if found else ""
            return usual_charset(language)
    return "utf-8"


def usual_charset(language: str) -> str:
    """The charset of a text in a language ("zh-tw"; "" if unknown) when nothing names it, by HTML's table of defaults."""
    return _DEFAULT_OF.get(language) or _DEFAULT_OF.get(language.partition("-")[0], "windows-1252")


def _encoded_once(body: bytes) -> bytes | None:
    """The UTF-8 of a page that was encoded twice (its UTF-8 was taken for windows-1252 or latin-1 and encoded again);
    None for any other page.

    Every non-ASCII letter of such a page is one half of another letter; if a single one is not, the page is left alone.
    Seen on 9 of 393 pages that were saved from a browser (2025).
    """
    first = _first_letter(body) if b"\xc3" in body else None  # every such letter begins with it
    if first is None or _TWICE.match(body, first) is None or sum(1 for _ in _TWICE.finditer(body)) < _MIN_TWICE:
        return None
    try:
        once = _HIGH.sub(lambda found: _ABOVE_LATIN_1[found[0]].decode("latin-1"), body.decode("utf-8")).encode(
            "latin-1"
        )
        once.decode("utf-8")
    except (UnicodeError, KeyError):
        return None
    return once


def _first_letter(body: bytes) -> int | None:
    """The position of the first non-ASCII byte; the codec examines eight bytes at a time, a pattern every single one."""
    for start in range(0, len(body), _PIECE):
        try:
            body[start : start + _PIECE].decode("ascii")
        except UnicodeDecodeError as error:
            return start + error.start
    return None


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
