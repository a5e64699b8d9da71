"""Bylines and credits in Indonesian papers: who wrote, reported and edited, as printed.

Forms were seen on Tribun, Surya, Antara, Republika, Okezone, detik, JPNN, Beritasatu, Kompas and Harian Jogja pages of
2014–2026, misspellings included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.extract.text.outlets import OfOutlets, any_of
from scraper.records import Author, Role
from scraper.text import collapse

_ROLES: tuple[tuple[str, Role | None], ...] = (
    (r"citizen reporters?", "citizen_reporter"),
    (r"penulis(?: naskah)?|ditulis oleh|oleh|teks|writers?|author|written by", "writer"),
    (r"wartawan|reporter|pewarta|jurnalis|laporan|rep|peliput", "reporter"),
    (r"kontributor|contributor", "contributor"),
    (r"fotografer|pewarta foto|foto(?:grafer)? oleh|photographer", "photographer"),
    (r"penerjemah|alih bahasa|translator|diterjemahkan oleh", "translator"),
    (r"editor(?: berita)?|edit[io]r|redaktur(?: pelaksana)?|red|penyunting|penyelia|edited by", None),
)
_ROLE_OF = tuple((re.compile(pattern), role) for pattern, role in _ROLES)
_NEITHER = "uploader"  # whoever put it online wrote nothing and edited nothing
_LABEL = re.compile(
    r"\b(?P<label>"
    + "|".join([_NEITHER, *(pattern for pattern, _ in _ROLES)])
    + r")(?:\s*&\s*(?P<second>reporter|editor|redaktur))?\s*[:：]\s*",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"^\s*(?:sumber|source|quelle|fuente|fonte|bron|źródło|källa|kilde)n?(?:\s+berita)?\s*[:：]\s*(?P<source>.+)$",
    re.IGNORECASE,
)
# "Laporan Wartawan Tribun Pontianak, Name", with a comma, slash or nothing between paper and person.
_REPORT = re.compile(
    r"^laporan\s+(?:langsung\s+)?(?P<role>wartawan|reporter|kontributor|jurnalis|tim)\s+(?P<rest>.+)$", re.IGNORECASE
)
_PAPER = OfOutlets(
    lambda names: re.compile(
        rf"^(?P<paper>(?:(?:(?:{any_of(names.credits)})[\w.-]*|[A-Z][\w-]*+)\.(?:com|co\.id|id|co|net)|{any_of(names.papers)}))"
        r"\s*+(?:[,/|:-]\s*+)?",
        re.IGNORECASE,
    )
)
# Titles and degrees after a comma belong to the name before it.
_DEGREE = re.compile(
    r"^(?:S|M|A|Dr|Ph|Sp|Amd)\.?\s?[A-Za-z]{0,4}\.?[A-Za-z]{0,4}\.?$|^(?:SH|MH|SE|MM|ST|MT|SIP|SKM|MSi|SPd|MPd|SSos|SIK|MSc|PhD|BSc)\.?$"
)
_SPLIT = re.compile(r"(?:(?<!\s)\s++)?+(?:;|/|\||(?<=\s)(?:dan|and|&)\s++|,\s++(?:dan|and)\s++)\s*+")
_NOT_NAMES = OfOutlets(
    lambda names: re.compile(
        rf"^(?:tim(?: (?:redaksi|liputan|(?:{any_of(names.credits)})\S*))?|redaksi|admin(?:istrator)?|editor|n/?a|foto(?:grafer)?\s*:.*|-+|\.+|tim liputan|news"
        r"|berita|internasional|nasional)$|https?:|@|\d{3}|\.(?:com|co\.id|id|net)\b",
        re.IGNORECASE,
    )
)
# "Kontributor Lhokseumawe, NAME": a role and a place before the name, in one credit.
_STATIONED = re.compile(
    r"^(?P<role>kontributor|koresponden|wartawan|reporter|jurnalis)\s+(?P<place>[^,:]{3,40}),\s*(?P<names>.+)$",
    re.IGNORECASE,
)
# What a reader's article says about its author ("Penulis :Nama : NAME Mahasiswa …"), and what follows a name.
_OF_READER = re.compile(r"^nama\s*+[:：]\s*+|(?<!\s)\s++(?:mahasiswa|dosen|pelajar|siswa)\b.*$", re.IGNORECASE)
# ", Jurnalis-Rabu, 18 Juni 2025 |20:27 WIB", "- detikOto": what some papers print after the names.
_BEHIND = OfOutlets(
    lambda names: re.compile(
        rf"(?:,\s*+|(?<!\s)\s++)?+(?:jurnalis|wartawan|kontributor)\s*+[-–|].*$|\s[-–]\s?(?:{any_of(names.credits)})$",
        re.IGNORECASE,
    )
)
_DESK_CODE = re.compile(r"^[A-Z]{2,4}$")
# A byline that runs on into the dateline: "Laporan Wartawan …, NAME TRIBUNNEWS.COM, JAKARTA - …".
_RUNS_ON = re.compile(
    r"\s(?=[A-Z][A-Za-z-]*\.(?:com|COM|co\.id|CO\.ID|co|CO|id|ID)\b\s*(?:[,|]|[-–—]|[Il]\s)[^.]{0,60}?[-–—])"
)
_PARTICLES = frozenset({"bin", "binti", "van", "von", "de", "der", "da", "di", "al", "el", "dr", "drg", "dkk"})
_CELL = re.compile(r"(?:(?<!\s)\s++)?+\|\s*+:")  # "Penulis | : NAME", a row of a table
MAX_NAME = 80
MAX_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """The content of a byline; `text` is as printed, with its parts joined by ", "."""

    text: str
    authors: tuple[Author, ...] = ()
    editors: tuple[str, ...] = ()
    source: str | None = None


def split_names(text: str) -> tuple[str, ...]:
    """Names in a list, as printed; titles after a comma stay with their name, desks and addresses are removed."""
    names: list[str] = []
    parts = _SPLIT.split(_BEHIND().sub("", _OF_READER.sub("", collapse(text))))
    if len(parts) > 1 and _DESK_CODE.match(parts[-1].strip()) and not parts[0].isupper():
        parts.pop()  # "Oleh : NAME / FMB"
    for part in parts:
        for piece in part.split(","):
            name = piece.strip(" .:-–—|/()")
            if names and _DEGREE.match(piece.strip()):
                names[-1] = f"{names[-1]}, {piece.strip()}"
            elif is_name(name):
                names.append(name)
    return tuple(dict.fromkeys(names))


def people_of(text: str, role: Role = "writer") -> list[Author]:
    """The people in an unlabelled list of names; "Kontributor PLACE, NAME" also says what they are, and where."""
    line = collapse(text).lstrip(": ")
    if match := _STATIONED.match(line):
        found: Role = "contributor" if match["role"].lower() == "kontributor" else "reporter"
        return [Author(name=name, role=found, affiliation=match["place"]) for name in split_names(match["names"])]
    return [Author(name=name, role=role) for name in split_names(line)]


def is_name(text: str) -> bool:
    """Whether a string can be a person's name: short, with a letter, not a desk, address or sentence."""
    words = text.split()
    return (
        0 < len(words) <= 7 and len(text) <= MAX_NAME and any(map(str.isalpha, text)) and not _NOT_NAMES().search(text)
    )


def role_of(label: str) -> Role | None:
    """The role that a label stands for; None for an editor."""
    name = collapse(label).lower()
    return next((role for pattern, role in _ROLE_OF if pattern.fullmatch(name)), None)


def parse_credit(text: str, *, role: Role = "writer") -> Byline | None:
    """A labelled credit ("Penulis: X | Editor: Y", "Rep: X/ Red: Y", "Pewarta : X"); None if it has no label.

    `role` is for names before the first label.
    """
    if ":" not in text and "：" not in text:
        return None
    line = collapse(_CELL.sub(":", text))
    labels = list(_LABEL.finditer(line)) if len(line) <= MAX_LINE else []
    if not labels or labels[0].start() > MAX_NAME:
        return None
    authors: list[Author] = []
    editors: list[str] = []
    for number, label in enumerate(labels):
        if label["label"].lower() == _NEITHER:
            continue
        end = labels[number + 1].start() if number + 1 < len(labels) else len(line)
        people = people_of(line[label.end() : end].strip(" |/,;-"), role_of(label["label"]) or "reporter")
        if any(_is_said(each.name) for each in people):
            # "Reporter: Bagaimana menurut Anda?", in an interview; "Author: NAME Released: 1 May Genre: History", of a book.
            return None
        is_editor = role_of(label["label"]) is None or (label["second"] or "").lower() in ("editor", "redaktur")
        if not is_editor or "reporter" in (label["second"] or label["label"]).lower():
            authors += people
        if is_editor:
            editors += [each.name for each in people]
    if labels[0].start() > 0 and not authors:
        authors += people_of(line[: labels[0].start()], role)
    return Byline(text=line, authors=tuple(authors), editors=tuple(editors))


def _is_said(name: str) -> bool:
    """Whether what follows a label is speech rather than a name: lower-case words between capitals, a question."""
    small = [word for word in name.split() if word.isalpha() and word.islower() and word not in _PARTICLES]
    return any(sign in name for sign in "?!:") or (bool(small) and not name.islower())


def parse_source(text: str) -> str | None:
    """The outlet in a "Sumber: …" line; None if it is not one."""
    match = _SOURCE.match(collapse(text)) if ":" in text or "：" in text else None
    return match["source"].strip() if match and len(match["source"]) <= MAX_LINE else None


def parse_head(lines: tuple[str, ...]) -> Byline | None:
    """A byline printed at the head of a text, as lines of one block; None if it is not one.

    "Citizen Reporter" over "organisation, name", "Laporan Wartawan …", or a labelled credit.
    """
    whole = ", ".join(lines)
    if not lines or len(whole) > MAX_LINE:
        return None
    if re.fullmatch(r"citizen reporters?:?", lines[0], re.IGNORECASE) and len(lines) > 1:
        return _citizen(lines)
    if (match := re.match(r"citizen reporters?(?:\s*+[,:-])?\s++(.+)", whole, re.IGNORECASE)) and len(lines) == 1:
        return _citizen(("Citizen Reporter", match[1]), text=whole)
    if match := _REPORT.match(collapse(" ".join(lines))):
        return _report(match, whole)
    return parse_credit(" ".join(lines)) if _LABEL.match(lines[0]) else None


def split_running_on(text: str) -> tuple[str, str] | None:
    """(byline, the rest) of a paragraph whose byline runs on into the dateline; None for any other."""
    head = text[: MAX_LINE + 40]
    for match in _RUNS_ON.finditer(head) if "." in head else ():
        if parse_head((text[: match.start()],)):
            return text[: match.start()], text[match.end() :]
    return None


def _citizen(lines: tuple[str, ...], text: str | None = None) -> Byline | None:
    pieces = [piece.strip() for line in lines[1:] for piece in line.split(",")]
    while len(pieces) > 1 and _DEGREE.match(pieces[-1]):
        pieces[-2:] = [f"{pieces[-2]}, {pieces[-1]}"]
    if not pieces or not is_name(pieces[-1]):
        return None
    author = Author(name=pieces[-1], role="citizen_reporter", affiliation=", ".join(pieces[:-1]) or None)
    return Byline(text=text or ", ".join(lines), authors=(author,))


def _report(match: re.Match[str], whole: str) -> Byline | None:
    rest = match["rest"]
    paper = _PAPER().match(rest)
    affiliation = None
    if paper:
        affiliation, rest = paper["paper"].strip(), rest[paper.end() :]
    elif "," in rest:
        affiliation, rest = (part.strip() for part in rest.split(",", 1))
    role: Role = "contributor" if match["role"].lower() == "kontributor" else "reporter"
    names = split_names(rest)
    if not names:
        return None
    return Byline(text=whole, authors=tuple(Author(name=name, role=role, affiliation=affiliation) for name in names))
