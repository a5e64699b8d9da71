"""A reference to an article as BibTeX, RIS, CSL JSON and COinS. Pure."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable

Form = Literal["bib", "ris", "csl.json"]
FORMS: dict[str, str] = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
}

_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$", "_": r"\_", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}  # fmt: skip
_LINE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def reference(form: Form, record: dict[str, Any], paper: str | None, *, article_id: int, seen: date) -> str:
    """A reference in one of the forms."""
    if form == "csl.json":
        return json.dumps(csl(record, paper, article_id=article_id, seen=seen), ensure_ascii=False)
    return bibtex(record, paper, article_id=article_id, seen=seen) if form == "bib" else ris(record, paper, seen=seen)


def reference_file(form: Form, references: list[str]) -> str:
    """Several references as one file."""
    if form == "csl.json":
        return "[" + ",\n".join(references) + "]\n"
    return "\n".join(references)


def coins(headline: str, url: str, *, paper: str | None, published_at: str | None, authors: Iterable[str] = ()) -> str:
    """The title of a `<span class="Z3988">` by which Zotero and others recognise an article (COinS, OpenURL 1.0), not
    yet escaped for HTML.
    """
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", "newspaperArticle"),
        ("rft.title", headline),
        ("rft.source", paper or ""),
        ("rft.date", (published_at or "")[:10]),
        ("rft.identifier", url),
        *(("rft.creator", name) for name in authors),
    ]
    return urlencode([(name, _line(value)) for name, value in pairs if value])


def bibtex(record: dict[str, Any], paper: str | None, *, article_id: int, seen: date) -> str:
    """An @online entry; its key is the article's number in the archive, which is unique."""
    fields = [
        ("author", " and ".join(f"{{{_tex(author['name'])}}}" for author in record["authors"])),
        ("title", f"{{{_tex(record['headline'])}}}"),
        ("journaltitle", _tex(paper or "")),
        ("date", (record["published_at"] or "")[:10]),
        ("url", _line(record["url"]).translate({ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"})),
        ("urldate", seen.isoformat()),
        ("langid", _tex(record["language"] or "")),
    ]
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@online{{kliping{article_id},\n{lines}}}\n"


def ris(record: dict[str, Any], paper: str | None, *, seen: date) -> str:
    """A NEWS record with CRLF line ends, as the format requires."""
    day = (record["published_at"] or "")[:10].replace("-", "/")
    tags = [("TY", "NEWS")]
    tags += [("AU", author["name"]) for author in record["authors"]]
    tags += [("TI", record["headline"]), ("T2", paper or ""), ("DA", f"{day}/" if day else ""), ("PY", day[:4])]
    tags += [("AB", record["lede"] or ""), ("LA", record["language"] or ""), ("UR", record["url"])]
    tags += [("KW", tag) for tag in record["tags"]]
    tags += [("Y2", seen.strftime("%Y/%m/%d/"))]
    lines = [f"{tag}  - {_line(value)}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - "]) + "\r\n"


def csl(record: dict[str, Any], paper: str | None, *, article_id: int, seen: date) -> dict[str, Any]:
    """A CSL JSON item (article-newspaper)."""
    item: dict[str, Any] = {
        "id": f"kliping{article_id}",
        "type": "article-newspaper",
        "title": record["headline"],
        "author": [{"literal": author["name"]} for author in record["authors"]],
        "container-title": paper,
        "URL": record["url"],
        "accessed": _parts(seen),
        "issued": _parts(datetime.fromisoformat(record["published_at"])) if record["published_at"] else None,
        "language": record["language"],
        "abstract": record["lede"],
    }
    return {name: value for name, value in item.items() if value}


def _parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in _line(text))


def _line(text: str) -> str:
    return _LINE.sub(" ", text).strip()
