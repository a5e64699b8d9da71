"""Bytes of a listing → UTF-8: decompressed, in any charset, and its markup without what no reader must see."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.charsets import usual_charset, whatwg
from scraper.errors import DiscoverError, Reason
from scraper.text import utf16_without_mark

if TYPE_CHECKING:
    from scraper.charsets import Encoding

MAX_XML_BYTES = 50 << 20  # the sitemap protocol's limit
MAX_GZIPS = 3  # nested: a server that compresses a compressed file again
HEAD_BYTES = 16_384  # of prolog, comments and what a server printed before them
_GZIP_MAGIC = b"\x1f\x8b"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARATION = re.compile(rb"<\?xml\s[^<>]{0,300}>", re.IGNORECASE)
_DECLARED = re.compile(rb"""encoding\s{0,9}=\s{0,9}["']\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s[^\[<>]{0,500}", re.IGNORECASE)
_LANGUAGE = re.compile(rb"""(?:<language>\s{0,9}|xml:lang=["'])([A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?)""", re.IGNORECASE)
_PROLOG = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|<![A-Za-z][^<>]*>", re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]{1,20}:)?(rss|feed|rdf|urlset|sitemapindex|html|head|body|script)[\s>/]", re.IGNORECASE)
_ROOTS = frozenset({"rss", "feed", "rdf", "urlset", "sitemapindex"})
_MULTIBYTE = frozenset({"gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp"})
_BEYOND = re.compile("[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """A decompressed body; `is_cut` says that the stream ended early."""

    data: bytes
    is_cut: bool = False


def decompressed(body: bytes, url: str, *, limit: int = MAX_XML_BYTES) -> Plain:
    """The body, decompressed if it is gzip, even twice; for a truncated stream, what is there.

    Raises DiscoverError `too_big` over `limit` bytes and `bad_encoding` for what is not gzip after all.
    """
    if len(body) > limit:
        raise DiscoverError(url, Reason.TOO_BIG, f"over {limit} bytes")
    found = Plain(body)
    for _ in range(MAX_GZIPS):
        if not found.data.startswith(_GZIP_MAGIC):
            break
        inner = _gunzipped(found.data, url, limit)
        found = Plain(inner.data, is_cut=inner.is_cut or found.is_cut)
    return found


def _gunzipped(body: bytes, url: str, limit: int) -> Plain:
    data = b""
    while body.startswith(_GZIP_MAGIC):  # a file may hold several members (RFC 1952 §2.2)
        unpack = zlib.decompressobj(wbits=31)
        try:
            data += unpack.decompress(body, limit + 1 - len(data))
        except zlib.error as error:
            if data:
                return Plain(data, is_cut=True)
            raise DiscoverError(url, Reason.BAD_ENCODING, str(error)) from error
        if len(data) > limit:
            raise DiscoverError(url, Reason.TOO_BIG, f"over {limit} bytes unpacked")
        if not unpack.eof:
            return Plain(data, is_cut=True)
        body = unpack.unused_data
    return Plain(data)


def as_utf8(data: bytes, charset: str | None = None) -> bytes:
    """Text in UTF-8, without a BOM: decoded by its BOM, the charset in its header, its XML declaration, or else by what
    it is.

    Valid UTF-8 with letters beyond ASCII is taken as UTF-8, unless a multi-byte charset is named and fits: no text in
    another charset comes out so by chance. A named charset that does not fit is ignored, so that one bad byte does not
    change all the others.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :] if name == "utf-8" else data[len(mark) :].decode(name, "replace").encode()
    if unmarked := utf16_without_mark(data):
        return data.decode(unmarked, "replace").encode()
    declaration = _DECLARATION.search(data, 0, HEAD_BYTES)
    declared = _DECLARED.search(declaration[0]) if declaration else None
    named = [found for label in (charset, declared[1].decode() if declared else None) if (found := _encoding(label))]
    for encoding in sorted(named, key=lambda each: each.name not in _MULTIBYTE):
        if encoding.name in _MULTIBYTE and (text := _strictly(data, encoding)) is not None:
            return text.encode()
    if _is_mostly_utf8(data):
        return data
    others = [each for each in named if each.name != "utf-8"]
    if not others:
        said = _LANGUAGE.search(data, 0, HEAD_BYTES)
        language = said[1].decode().lower().replace("_", "-") if said else ""
        legacy = whatwg(usual_charset(language))
        others = [legacy] if legacy else []
    return str(others[0].codec_info.decode(data, "replace")[0]).encode("utf-8", "replace")


def root_element(data: bytes) -> str | None:
    """The root element of a feed or sitemap ("rss", "urlset", …), even after what a server printed before it; else
    None.
    """
    head = data[:HEAD_BYTES]
    at = 0
    while found := _PROLOG.match(head, at):
        at = found.end()
    root = _ROOT.search(head, at)
    return name if root and (name := root[1].decode().lower()) in _ROOTS else None


def _encoding(label: str | None) -> Encoding | None:
    found = whatwg(label)
    return whatwg("utf-8") if found is not None and found.name.startswith("utf-16") else found  # it contains no NULs


def _strictly(data: bytes, encoding: Encoding) -> str | None:
    try:
        return str(encoding.codec_info.decode(data, "strict")[0])
    except UnicodeError:
        return None


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, except for some that are fewer than the letters which only UTF-8 writes so."""
    if data.isascii():
        return True
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return bad == 0 or sum(len(run) for run in _BEYOND.findall(text)) > 2 * bad


def markup(data: bytes) -> bytes:
    """XML in UTF-8 without its declaration, what was printed before it, and its DTD.

    A DTD may declare entities, even in the document itself: none is ever expanded, and nobody fetches one.
    """
    declaration = _DECLARATION.search(data, 0, HEAD_BYTES)
    data = data[declaration.end() :] if declaration else data
    doctype = _DOCTYPE.search(data, 0, HEAD_BYTES)
    if doctype:
        end = doctype.end()
        if data[end : end + 1] == b"[":
            closed = data.find(b"]", end)
            while closed >= 0 and data[closed + 1 : closed + 9].lstrip()[:1] != b">":
                closed = data.find(b"]", closed + 1)
            end = closed if closed >= 0 else len(data)
        end = data.find(b">", end) + 1
        data = data[: doctype.start()] + data[end or len(data) :]
    return data.lstrip()
