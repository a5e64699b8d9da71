"""People's names in any language: told from desks, brands, dates, handles and addresses."""

from __future__ import annotations

import re

from scraper.text import collapse, fold

_LEAD = re.compile(
    r"^\s*(?:(?:written|reported|posted|published|story|text|words|article|analysis|opinion)?\s*by|von|par|por|di|door|af|av|przez|autor(?:a|en|i|es)?"
    r"|author|oleh|penulis|reporter|redaktion|text|texte|texto|testo|redactie|bron|skrevet av|yazan|автор|от|tekst)\s*[:：]?\s+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:;|\||/|•|·|\n|,?\s+(?:and|und|et|y|e|en|dan|ve|och|og|oraz|with|mit|avec|con|и)\s+|\s&\s|,\s*(?=[^\W\d_]))\s*"
)
_CUT = re.compile(
    r"\s*(?:[,|–—-]\s*(?:(?:senior|chief|staff|political|sports?|deputy|associate|contributing|special|our|the|bbc|cnn|reuters|ap|afp|dpa)\b.*"
    r"|.*\b(?:correspondent|reporter|editor|writer|korrespondent\w*|redakteur\w*|journalist\w*)\b.*)|\(.*\)|\bfor\s+\S.*|\s\bjurnalis\b.*|@\S+|https?://\S+|\bin\s+[A-Z].*)$",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"\b(?:redaktion|redaktionsnetzwerk|redaksi|redacci[oó]n|redazione|r[eé]daction|redactie|redakcja|redação|editorial|staff|team|desk|newsroom|news\s?desk|admin|administrator"
    r"|editors?|editor-in-chief|web\s?desk|agenc(?:y|ies|ias?)|agentur|press|presse|associated press|reuters|afp|dpa|apa|ansa|efe|upi|ritzau|tt|belga|sda|xinhua|tass|interfax"
    r"|news(?:paper)?s?|media|magazine|online|digital|tv|radio|times|post|herald|tribune|gazette|guardian|zeitung|verlag|gmbh|inc|ltd|llc|corp"
    r"|contributors?|\w*(?:reporter|redakteur|korrespondent|journalist)(?:in|en)?s?|correspondents?|name|e-?mail|website|ph\.?d|m\.?d|facebook|twitter|instagram|whatsapp|telegram|tiktok|youtube|biro|pers|humas|guest|gast\w*|author|autor|unknown|anonymous|none|null|undefined|user|bot|service|services|network|wire|group|company|foundation)\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"https?:|www\.|@|\.(?:com|net|org|de|co|id|fr|it|es|pl)\b|[<>{}\[\]=_#*]|\d{2,}|^\W+$", re.IGNORECASE
)
_SMALL = frozenset(
    [
        "von",
        "van",
        "de",
        "der",
        "den",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "binti",
        "ibn",
        "ter",
        "ten",
        "zu",
        "zur",
        "af",
        "av",
    ]
)
_PARTICLES = _SMALL | {"jr", "sr", "ii", "iii", "dr", "prof", "mag"}
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|@\w+")
MAX_WORDS = 6
MAX_CHARS = 60


def people_in(text: str) -> tuple[str, ...]:
    """The people named in an author string, in order, without labels, desks, brands and handles."""
    found: list[str] = []
    whole = collapse(_ADDRESS.sub(" ", text))
    if len(whole) > 400:
        return ()
    for part in _SPLIT.split(_LEAD.sub("", whole)):
        name = _CUT.sub("", _LEAD.sub("", part or "")).strip(" .,:;|-–—\"'“”©")
        if is_person(name) or is_agency(name):
            found.append(_cased(name))
    unique: dict[str, str] = {}
    for name in found:
        unique.setdefault(fold(name), name)
    return tuple(unique.values())


# Words that stand where a name is looked for, alone: labels, verbs of publishing, days.
_NO_NAMES = frozenset(
    "von by par por oleh red agenturen posted published updated written view views stand veröffentlicht erstellt geschrieben verfasst nachricht nachrichten artikel"
    " article autor autorin author publicado publié diterbitkan penulis monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch"
    " donnerstag freitag samstag sonntag today heute yesterday gestern senin selasa rabu kamis jumat sabtu minggu".split()
)

# News agencies sign texts as people do; desks and the paper itself do not.
_AGENCY = re.compile(
    r"^(?:the )?(?:associated press|ap|reuters|thomson reuters|afp|agence france-presse|dpa|deutsche presse-agentur|apa|sda|keystone-sda|ansa|efe|europa press|lusa|belga|anp|ritzau|ntb|tt"
    r"|ctk|čtk|pap|anadolu(?: agency| ajansı)?|aa|xinhua|新华社|kyodo(?: news)?|jiji(?: press)?|yonhap|bernama|antara|canadian press|press association|pa media|bloomberg|tass|interfax|upi|kna|epd|sid)$",
    re.IGNORECASE,
)


def is_agency(name: str) -> bool:
    """Whether a name is that of a news agency."""
    return _AGENCY.match(name.strip()) is not None


def is_person(name: str) -> bool:
    """Whether a string can be a person's name."""
    words = name.split()
    if not 0 < len(words) <= MAX_WORDS or not 2 < len(name) <= MAX_CHARS or _BAD.search(name) or _DESK.search(name):
        return False
    letters = [word for word in words if word[0].isalpha()]
    if not letters or (len(words) == 1 and ("." in name.strip(".") or fold(name) in _NO_NAMES)):  # a login, a label
        return False
    if (
        any(word[0].islower() and word.lower() not in _PARTICLES and word[0].isascii() for word in letters)
        and not name.islower()
    ):
        return False  # a sentence, or words of a title
    return True


def _cased(name: str) -> str:
    """A name in mixed case; one in capitals is printed so for show."""
    if name.isupper() and len(name.split()) > 1 and name.isascii():
        return " ".join(word if len(word) <= 2 else word.title() for word in name.split())
    return name
