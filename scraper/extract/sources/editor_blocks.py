"""Bodies stored as data, converted to markup for the body reader."""

from __future__ import annotations

import html
import re
from typing import Any

MAX_DEPTH = 40  # of blocks in blocks

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_ESCAPED_MARKUP = re.compile(r"&lt;/?(?:p|br|div|h[1-6]|ul|ol|li|strong|figure)\b", re.IGNORECASE)
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")

# Names used in editors' block formats: Editor.js, ProseMirror, Slate, Draft.js, Gutenberg.
_KIND_KEYS = ("type", "kind", "tag", "blockName", "name", "object")
_TEXT_KEYS = (
    "html",
    "innerHTML",
    "content",
    "text",
    "value",
    "data",
    "children",
    "nodes",
    "leaves",
    "blocks",
    "items",
    "document",
)
_NO_TEXT = re.compile(
    r"(?:^|[-_/])(?:image|img|figure|photo|picture|gallery|video|audio|embed|oembed|iframe|ads?|advertisement|"
    r"script|related|divider|delimiter|hr|spacer|tweet|instagram|youtube|caption)s?(?:$|[-_/])",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^(?:core/)?(?:h[1-6]|heading|header|subheading|sub-?head|header-\w+|heading-\w+)$", re.IGNORECASE
)
_QUOTE = re.compile(r"^(?:core/)?(?:blockquote|block-quote|quote|pullquote)$", re.IGNORECASE)
_LIST = re.compile(r"^(?:core/)?(?:list|ul|ol|(?:un)?ordered-?list|bullet(?:ed)?-?list|numbered-?list)$", re.IGNORECASE)
_ITEM = re.compile(r"^(?:core/)?(?:li|list-?item|(?:un)?ordered-list-item)$", re.IGNORECASE)
_PARAGRAPH = re.compile(r"^(?:core/)?(?:p|paragraph|unstyled|text-?block|story-paragraph)$", re.IGNORECASE)
_TAGS = ((_HEADING, "h2"), (_QUOTE, "blockquote"), (_ITEM, "li"), (_PARAGRAPH, "p"))


def to_markup(value: Any) -> str:
    """A body as HTML: markup as it is, plain text in paragraphs, an editor's list of blocks block by block; "" for
    anything else.
    """
    return _block(value, 0)


def _block(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return _text_block(value)
    if depth > MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return "".join(_block(each, depth + 1) for each in value)
    return _typed_block(value, depth) if isinstance(value, dict) else ""


def _typed_block(value: dict[str, Any], depth: int) -> str:
    """A block of an editor, by its kind; one without a known kind is a container of others, or a paragraph."""
    kind, inner = _kind(value), _content(value)
    if _NO_TEXT.search(kind):
        return ""
    # Editor.js and Draft.js: the content of a block is one level down.
    while isinstance(inner, dict) and not _kind(inner):
        inner = _content(inner)
    if _LIST.match(kind):
        items = inner if isinstance(inner, list) else [inner]
        return f"<ul>{''.join(_wrapped('li', each, depth + 1) for each in items)}</ul>"
    tag = next((tag for pattern, tag in _TAGS if pattern.match(kind)), None)
    holds_blocks = isinstance(inner, list) and any(isinstance(each, dict) and _is_block(each) for each in inner)
    if tag is None and (holds_blocks or isinstance(inner, dict)):
        return _block(inner, depth + 1)
    return _wrapped(tag or "p", inner, depth + 1)


def _wrapped(tag: str, inner: Any, depth: int) -> str:
    text = _inline(inner, depth)
    if not text.strip():
        return ""
    return text if re.match(rf"\s*<{tag}\b", text) else f"<{tag}>{text}</{tag}>"


def _inline(value: Any, depth: int) -> str:
    """The content of one block: text and its leaves, in order."""
    if depth > MAX_DEPTH:
        return ""
    if isinstance(value, str):
        return value if _MARKUP.search(value) else html.escape(html.unescape(value), quote=False)
    if isinstance(value, list):
        return "".join(_inline(each, depth + 1) for each in value)
    if isinstance(value, dict) and not _NO_TEXT.search(_kind(value)):
        href = value.get("href") or value.get("url")
        text = _inline(_content(value), depth + 1)
        is_link = isinstance(href, str) and href.startswith(("http", "/"))
        return f'<a href="{html.escape(str(href))}">{text}</a>' if is_link and text else text
    return ""


def _kind(value: dict[str, Any]) -> str:
    return next((kind for key in _KIND_KEYS if isinstance(kind := value.get(key), str) and kind), "")


def _content(value: dict[str, Any]) -> Any:
    return next((value[key] for key in _TEXT_KEYS if value.get(key) not in (None, "", [], {})), None)


def _is_block(value: dict[str, Any]) -> bool:
    kind = _kind(value)
    return bool(_LIST.match(kind) or _NO_TEXT.search(kind)) or any(pattern.match(kind) for pattern, _ in _TAGS)


def _text_block(text: str) -> str:
    """A string: markup as it is (unescaped once if it was escaped as a whole), plain text as paragraphs at its empty
    lines.
    """
    if not _MARKUP.search(text) and _ESCAPED_MARKUP.search(text):
        text = html.unescape(text)
    if _MARKUP.search(text):
        return text
    plain = html.unescape(text).strip()
    return "".join(
        f"<p>{html.escape(part, quote=False).replace(chr(10), '<br>')}</p>"
        for part in _PARAGRAPH_BREAK.split(plain)
        if part.strip()
    )
