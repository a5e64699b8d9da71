"""SURT keys and CDXJ lines: how a replay program finds a page by its address. Pure.

The rules are those of pywb (package `surt`, IAURLCanonicalizer without session ids): host reversed without "www", all
in lower case, parameters in order.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from scraper.urls import host_of

_WWW = re.compile(r"^www\d*\.")
_UNSAFE = re.compile(
    rb"[^\x21-\x22\x24\x26-\x7e]"
)  # characters that are escaped again after unescaping: controls, blank, #, %, above ASCII
_PORTS = {"http": 80, "https": 443}


def surt(url: str) -> str:
    """The key of a URL: "id,contoh)/2026/03/01/jembatan?a=1&b=2"."""
    parts = urlsplit(url)
    host = ",".join(reversed(_WWW.sub("", host_of(url)).split(".")))  # IP addresses too
    try:
        port = parts.port
    except ValueError:
        port = None
    if port and port != _PORTS.get(parts.scheme):
        host += f":{port}"
    path = re.sub(r"/{2,}", "/", _escaped(parts.path)).lower()
    query = "&".join(sorted(_escaped(parts.query).lower().split("&"))) if parts.query else ""
    path = path.rstrip("/") or "/"
    return f"{host}){path}" + (f"?{query}" if query else "")


def _escaped(text: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    while (found := unquote_to_bytes(data)) != data:
        data = found
    return _UNSAFE.sub(lambda each: b"%%%02x" % each[0][0], data).decode("ascii")


def cdxj_line(url: str, at: str, fields: dict[str, Any]) -> str:
    """One line of a CDXJ index, without its end; `at` is as WARC-Date writes it."""
    stamp = re.sub(r"\D", "", at)[:14]
    return f"{surt(url)} {stamp} {json.dumps(fields, separators=(', ', ': '))}"
