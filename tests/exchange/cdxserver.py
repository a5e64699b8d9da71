"""A web archive on loopback: a CDX server and captures as they were received, out of a WARC export of ours."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from scraper.exchange.surt import surt
from tests.faultserver import response

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

    from tests.faultserver import Request


@dataclass
class CdxServer:
    """Give `answer` to a FaultServer. `fails` are answers for captures (timestamp) in the place of theirs; `served` what was given."""

    home: Path
    fails: dict[str, bytes] = field(default_factory=dict)
    served: list[str] = field(default_factory=list)
    pages: int = 0  # of the index, that were asked for

    def __post_init__(self) -> None:
        lines = (self.home / "indexes" / "index.cdxj").read_text("utf-8").splitlines()
        self.rows: list[dict[str, str]] = []
        for line in lines:
            key, stamp, fields = line.split(" ", 2)
            self.rows.append({"urlkey": key, "timestamp": stamp, **json.loads(fields)})

    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        parts = urlsplit(request.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/cdx/search/cdx":
            writer.write(response(self._index(asked), headers={"Content-Type": "application/json"}))
        elif parts.path == "/koran/cdx":
            rows = self._chosen(asked)
            text = "\n".join(json.dumps(row) for row in rows)
            writer.write(response(text.encode(), headers={"Content-Type": "text/x-ndjson"}))
        elif request.path.startswith(("/web/", "/koran/")):
            writer.write(self._capture(request.path.split("/", 2)[2], is_prefixed=request.path.startswith("/web/")))
        else:
            writer.write(response(b"", status="404 Not Found"))

    def _chosen(self, asked: dict[str, str]) -> list[dict[str, str]]:
        host, _, path = surt(asked["url"] if "://" in asked["url"] else f"https://{asked['url']}").partition(")")
        forms: dict[str, Callable[[str], bool]] = {
            "exact": lambda key: key == f"{host}){path}",
            "prefix": lambda key: key.startswith(f"{host}){path}"),
            "host": lambda key: key.startswith(f"{host})"),
            "domain": lambda key: key.startswith((f"{host})", f"{host},")),
        }
        fits = forms[asked["matchType"]]
        since, until = asked.get("from", "0"), asked.get("to", "9")
        return [row for row in self.rows if fits(row["urlkey"]) and since <= row["timestamp"] <= until]

    def _index(self, asked: dict[str, str]) -> bytes:
        """As the Internet Archive writes it: a list of lists with the names first, and a key for what follows."""
        self.pages += 1
        names = asked["fl"].split(",")
        mine = {"original": "url", "mimetype": "mime", "statuscode": "status"}
        rows: list[Any] = []
        last: tuple[str, str | None] = ("", "")
        begun = int(asked.get("resumeKey", "0"))
        chosen = self._chosen(asked)
        for number, row in enumerate(chosen):
            if number < begun or row["status"] != "200" or (row["urlkey"], row.get("digest")) == last:
                continue
            last = (row["urlkey"], row.get("digest"))
            rows.append([row.get(mine.get(name, name), "-") for name in names])
            if len(rows) == int(asked["limit"]) and number + 1 < len(chosen):
                return json.dumps([names, *rows, [], [str(number + 1)]]).encode()
        return json.dumps([names, *rows]).encode()

    def _capture(self, path: str, *, is_prefixed: bool) -> bytes:
        stamp, _, url = path.partition("id_/")
        self.served.append(stamp)
        if stamp in self.fails:
            return self.fails[stamp]
        row = next(row for row in self.rows if row["url"] == url and row["timestamp"] == stamp)
        if row["mime"] == "warc/revisit":
            row = next(
                each for each in self.rows if each.get("digest") == row["digest"] and each["mime"] != row["mime"]
            )
        from fastwarc.warc import ArchiveIterator  # noqa: PLC0415  (an extra)

        with (self.home / "archive" / row["filename"]).open("rb") as file:
            file.seek(int(row["offset"]))
            record = next(iter(ArchiveIterator(file, parse_http=True)))
            kept = {name: value for name, value in record.http_headers.to_tuples() if name.lower() != "content-length"}
            body = record.reader.read()
        prefix = "X-Archive-Orig-" if is_prefixed else ""
        return response(body, headers={f"{prefix}{name}": value for name, value in kept.items()})
