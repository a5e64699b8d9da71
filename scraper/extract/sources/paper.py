"""What a paper calls itself: a name that some systems write in the author's place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extract.sources.metadata import jsonld_names
from scraper.extract.text.people import is_agency
from scraper.sites.registry import find_portal
from scraper.text import fold
from scraper.urls import host_of, registrable_domain

if TYPE_CHECKING:
    from scraper.extract.sources.metadata import PageMetadata

_ARTICLES = frozenset({"the", "die", "der", "das", "el", "la", "los", "le", "les", "il", "lo", "o", "de", "het"})
_NO_LETTER = re.compile(r"[\W_]+")
MIN_LABEL = 5  # letters in a host's name whose occurrence in another name is not an accident
# What a newsroom's account is called before or after the paper's name ("redaksiotosia" of otosia.com).
_DESKS = re.compile(
    r"^(?:redaksi|redaktur|redaktion|redaction|redaccion|redacao|admin|newsroom|editorial|tim|team)"
    r"|(?:redaksi|redaktion|redaction|redaccion|admin|newsroom|editorial|team|news|online|com)$"
)
# The same as separate words, on either side of the paper's name ("Tim News Liputan6", "Fimela Editor").
_NO_AUTHORS = frozenset(
    "redaksi redaktur tim liputan daerah wartawan jurnalis kontributor biro ทีมข่าว กองบรรณาธิการ".split()
)
_DESK_WORDS = _NO_AUTHORS | frozenset(
    "redaktion redaction redaccion admin administrator newsroom editorial editor team news online media official network"
    " reporter desk regional nasional".split()
)
# The same in a script without blanks: "บันเทิงไทยรัฐออนไลน์" of ไทยรัฐออนไลน์.
_UNSPACED_DESKS = re.compile(
    "|".join(
        _NO_LETTER.sub("", word)
        for word in "กองบรรณาธิการ ทีมข่าว ผู้สื่อข่าว ออนไลน์ ฉบับพิมพ์ บันเทิง กีฬา ภูมิภาค การเมือง ต่างประเทศ ข่าว".split()
    )
)
MIN_ACCOUNT = 4  # letters of the name in an account: "bola", but not three in which any surname may end
MIN_SHARE = 0.6  # of a name's letters: "El Colombiano" on elcolombiano.com, but not "Daniel Lemire" on lemire.me


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper's own names, folded, the label of its host ("elcolombiano" in www.elcolombiano.com), and that of its
    domain ("liputan6" in m.liputan6.com).

    `is_listed`: it is in the catalogue, and so not a personal site.
    """

    names: frozenset[str]
    label: str
    domain: str = ""
    is_listed: bool = False

    def is_called(self, name: str) -> bool:
        """Whether a name is exactly one of the paper's."""
        return fold(name) in self.names or _NO_LETTER.sub("", fold(name)) == self.label

    def bears(self, name: str) -> bool:
        """Whether the host has the same name ("ana-putri.id")."""
        return _NO_LETTER.sub("", fold(name)) == self.label

    def is_own(self, name: str) -> bool:
        """Whether a name is the paper's own, by its own statement or by its host's name."""
        folded = fold(name)
        if folded in self.names:
            return True
        letters = _NO_LETTER.sub("", folded)
        words = folded.split()
        if len(words) > 1 and "".join(word[0] for word in words) == self.label:  # "Deutsche Welle" on dw.com
            return True
        if len(words) == 1 and (letters == self.domain or self._is_account(letters) or self._is_run_together(letters)):
            return True
        if self.is_desk(name) or (self.is_listed and letters == self.label):
            return True
        if letters == self.label and len(words) > 1 and _ARTICLES.isdisjoint(words):
            return False  # a writer whose site has the same name
        return len(self.label) >= MIN_LABEL and self.label in letters and len(self.label) >= MIN_SHARE * len(letters)

    def is_desk(self, name: str) -> bool:
        """Whether a name is the paper's with words for a desk around it, in any script: "Tim News Liputan6", "Liputan 6
        Regional".

        For an unknown paper the words must be from countries where a desk is not named as an author: a company's "Acme
        Team" signs its blog.
        """
        words = fold(name).split()
        rest = [word for word in words if word not in _DESK_WORDS]
        if len(rest) == len(words) or not (self.is_listed or any(word in _NO_AUTHORS for word in words)):
            return False
        own = {self.label, self.domain, *(_NO_LETTER.sub("", name) for name in self.names)}
        return _NO_LETTER.sub("", "".join(rest)) in own

    def _is_run_together(self, letters: str) -> bool:
        """Whether a one-word name is a paper's name of several words ("KoranMuara" for "Koran Muara"), or one with a
        desk in a script without blanks.
        """
        bare = _UNSPACED_DESKS.sub("", letters)
        for own in self.names:
            squeezed = _NO_LETTER.sub("", own)
            if " " in own and letters == squeezed:
                return True
            if bare and not bare.isascii() and bare == _UNSPACED_DESKS.sub("", squeezed):
                return True
        return False

    def _is_account(self, letters: str) -> bool:
        """Whether a one-word name is the paper's with that of a desk, or its address ("bolacom")."""
        return any(
            len(label) >= MIN_ACCOUNT
            and letters != label
            and label in letters
            and not _DESKS.sub("", letters.replace(label, "", 1))
            for label in (self.label, self.domain)
        )


def read_paper(metadata: PageMetadata, url: str | None = None) -> Paper:
    """A page's own names: its site name, its publisher, what the catalogue calls it, the label of its host. A
    publishing agency may sign.

    `url` is where the page was fetched, for one that has no canonical URL.
    """
    names = [value for key in ("og:site_name", "application-name") for value in metadata.meta.get(key, ())]
    names += [text for value in metadata.values("publisher") for text in jsonld_names(value)]
    site, portal = find_portal(url, metadata.canonical)
    if site is not None and portal is not None:
        names += [portal.brand, site.title]
    host = (host_of(metadata.canonical or "") or host_of(url or "") or "").removeprefix("www.")
    label, domain = host.partition(".")[0], registrable_domain(host).partition(".")[0]
    return Paper(
        names=frozenset(fold(name) for name in [*names, label] if name and not is_agency(name)),
        label=_NO_LETTER.sub("", fold(label)),
        domain=_NO_LETTER.sub("", fold(domain)),
        is_listed=site is not None,
    )
