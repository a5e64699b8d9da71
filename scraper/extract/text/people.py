"""People's names in any language, distinguished from desks, brands, dates, handles and addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.language.vocabulary import small
from scraper.text import collapse, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.structure.blocks import RawBlock
    from scraper.language import Vocabulary
    from scraper.records import Block

_LEAD = re.compile(
    r"^\s*+(?:by(?=by\b))?(?:(?:written|reported|posted|published|story|text|words|article|analysis|opinion)?\s*+by|von|par|por|di|door|af|av|przez|autor(?:a|en|i|es)?"
    r"|author|oleh|penulis|reporter|redaktion|text|texte|texto|testo|redactie|bron|skrevet av|yazan|автор|от|tekst)(?:\s*+[:：])?\s++",
    re.IGNORECASE,
)
# The genre of a text, before the name: "Interview: NAME".
_GENRE = re.compile(
    r"^\s*(?:interview|kommentar|gastkommentar|gastbeitrag|kolumne|essay|reportage|analyse|protokoll|bericht|rezension|opinión|opinion|análisis|commentaire|intervista|entrevista"
    r"|column|wawancara|opini|laporan)\s*[:：]\s*",
    re.IGNORECASE,
)
# The person's function, before the name: "Our correspondent NAME", "FOCUS-Experte NAME".
_ROLE_BEFORE = re.compile(
    r"^(?:\S+-)?(?:gast)?(?:expert(?:e|in)?|(?:chef)?redakteur(?:in)?|reporter(?:in)?|(?:chef)?korrespondent(?:in)?|chefreporter(?:in)?|autor(?:in)?|kolumnist(?:in)?"
    r"|journalist(?:in)?|mitarbeiter(?:in)?|volontär(?:in)?|praktikant(?:in)?|correspondent|columnist|periodista|wartawan|kontributor)\s+(?=[^\W\d_]\S*\s+[^\W\d_])",
    re.IGNORECASE,
)
# Who made the pictures, after the names of the writers: "NAME Fotos: NAME", "NAME Illustration von NAME".
_PICTURES_BEHIND = re.compile(
    r"(?<![\s,;/|–-])[\s,;/|–-]++(?:mit )?(?:fotos?|photos?|photographs?|pictures?|bilder|illustrationen|illustrations?|illustrasi|grafiken?|graphics?|videos?|fotografías?|foto's)"
    r"\s*+(?:[:：]|\b(?:von|by|par|por|oleh|di|de)\b).*$",
    re.IGNORECASE,
)
# The person's function and place, after the name: "Projektleiterin der Stiftung".
_POST = re.compile(r"^[^\W\d_]+ (?:der|des|bei|beim|im|am|für|vom|aus|of|at|for|from|chez)\b", re.IGNORECASE)
# "Environment correspondent", "Redakteurin für Umwelt"; and before a name.
_POST_WORD = r"\w*(?:correspondents?|reporters?|editors?|writers?|columnists?|redakteur(?:in)?|reporterin|korrespondent(?:in)?|journalist(?:in|e|a)?|redacteur|periodista|redactora?|jurnalis|wartawan|giornalista|jornalista|dziennikarz|dziennikarka)"
_IS_POST = re.compile(_POST_WORD, re.IGNORECASE)
_MOST_POST_WORDS = 5
_LONGEST_POST = 60
_OUTLET = re.compile(r"(?<![A-Z])[A-Z]{3,}+ ")  # "CNN Business"
_SPLIT = re.compile(
    r"(?:(?<!\s)\s++)?+(?:;|\||/|•|·|(?:(?<=\s)|,\s++)(?:and|und|et|y|e|en|dan|ve|och|og|oraz|with|mit|avec|con|и)\s++|(?<=\s)&\s"
    r"|(?<=\w)\s[–—-]\s|,\s*+(?=[^\W\d_]))\s*+"
)
_CUT = re.compile(
    r"(?:(?<!\s)\s++)?+(?:[,|–—-]\s*+(?:(?:senior|chief|staff|political|sports?|deputy|associate|contributing|special|our|the|bbc|cnn|reuters|ap|afp|dpa)\b.*"
    r"|.*\b(?:correspondent|reporter|editor|writer|korrespondent\w*|redakteur\w*|journalist\w*)\b.*)|\(.*\)|\bfor\s++\S.*|(?<=\s)jurnalis\b.*|(?<=\s)(?:기자|특파원|선임기자|인턴기자|記者|记者)(?:\s.*)?$|@\S+|https?://\S+|\bin\s++[A-Z].*)$",
    re.IGNORECASE,
)
# Words for a body of people, in a name: then it is not a person's. Whole labels that are nobody ("Staff", "Redaktion")
# are in the packs.
_BODY = (
    r"redaktion|redaktionsnetzwerk|redaksi|redacci[oó]n|redazione|r[eé]daction|redactie|redakcja|redação|editorial|staff|team|desk|newsroom|news\s?desk|web\s?desk|bureau"
    r"|editors?|writers?|columnists?|contributors?|correspondents?|\w*(?:reporter|redakteur|korrespondent|journalist)(?:in|en)?s?"
)
# The last ones are also people's names.
_COLLECTIVE = re.compile(rf"\b(?:{_BODY}|post|press|times|herald)\b", re.IGNORECASE)
_DESK = re.compile(
    rf"\b(?:{_BODY}|post|press|times|herald|administrator|editor-in-chief|agenc(?:y|ies|ias?)|agentur|presse|associated press|reuters|afp|dpa|apa|ansa|efe|upi|ritzau|tt|belga|sda|xinhua|tass|interfax"
    r"|news(?:paper)?s?|media|magazine|online|digital|tv|radio|tribune|gazette|guardian|zeitung|verlag|gmbh|co\.? kg|inc|ltd|llc|corp"
    r"|coordenadoria|coordenação|secretaria|assessoria|prefeitura|departamento|gabinete|magazin|fraktion|\w+fraktion|ministerium|\w+ministerium|ministry|kementerian|verband|universit(?:y|ät)|publisher|developers?|name|e-?mail|website|ph\.?d|(?-i:M\.?D)(?!\.?\s\w)"
    r"|facebook|twitter|instagram|whatsapp|telegram|tiktok|youtube|biro|pers|humas|guest|gast\w*|author|autor|unknown|anonymous|none|null|undefined|user|bot|service|services|network|wire|group|company|foundation)\b",
    re.IGNORECASE,
)
_DESK_CODE = re.compile("[a-z]{2,4}")
_SHORT_AGENCIES = frozenset({"aa", "ap", "tt", "aap"})  # they may also be buttons: "AA" enlarges the letters
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
_PEN_NAME = re.compile(r"[^\W_][\w.-]{1,29}")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_ACCOUNT = re.compile(
    r"^\W*+(?:w?p?[\W_]?admin[\w.-]*+|\w[\w.-]*admin)\W*+$|web ?master|\.(?:com|net|org|de|co|id|fr|it|es|pl)\b",
    re.IGNORECASE,
)
_LONGEST_NAMES_LINE = 90  # characters
_FEWEST_NAMES, _MOST_NAMES = 2, 4  # words in a name that stands alone
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]++@\S+|@\w+")
_DATES = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d(?:T[\d:.+Z-]+)?|\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4}\b|\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,10}\.?,?\s(?:del?\s)?\d{4}\b|[^\W\d_]{3,10}\.?\s\d{1,2},?\s\d{4}\b"
    r"|[^\W\d_]{3,10}\.?,?\s(?:19|20)\d\d\b"
    r"|\d{1,2}[:.h]\d\d(?:\s?(?:uhr|h|am|pm|a\.m\.|p\.m\.|wib|wita|wit|[ce]e?s?t|gmt))?\b)",
    re.IGNORECASE,
)
_WEEKDAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad"
)
_BEFORE_DATE = re.compile(
    rf"(?:^|\s)(?:{_WEEKDAY}),?\s*\||(?:^|\s)(?:am|on|vom|le|el|den|at|um|[–@-])\s*\|", re.IGNORECASE
)
_NOT_NAMES = re.compile(
    r"[:(]|^(?:foto|фото|bild|image|photo|picture|credit|grafik)\b|\b(?:twitter|facebook|instagram|whatsapp|linkedin|youtube|telegram|share|teilen|follow|folgen|nachrichten|experte"
    r"|datum|autoren|people|uncategorized|themen|lizenz|licen[cs]e|cc by|content|sponsored|anzeige|advertorial|passwor[dt]|log ?in|sign in|kata sandi)\b",
    re.IGNORECASE,
)
_AROUND_NAME = re.compile(
    r"(?<=[\u3400-\u9fff])\s[\u3400-\u9fff]{2,4}[:：].*$|^.{0,40}\b(?:was|were|wurde) (?:written|verfasst|geschrieben) (?:by|von)\s|\b(?:eingestellt|erstellt|alles|verfasst|geschrieben|gepostet|veröffentlicht|pressemitteilung|im wortlaut|posted|written|beitrag|artikel|texte?) (?:von|by|par)\s"
    r"|\s(?:alle artikel|all posts|all articles|view profile)\b.*|\s(?:am|on|vom|at)\s*$",
    re.IGNORECASE,
)
_BRACKETED_ADDRESS = re.compile(r"\((?:https?://|www\.)[^)]*\)|\([^)]*$")
_HAN = re.compile("[\u3400-\u9fff]")
_LONGEST_HAN = 20  # characters in a name; those of foreigners are the long ones
_ARTICLES = _SMALL | {"the", "our", "die", "das", "and", "und", "of", "für", "les", "redaktion", "redaksi"}
_LONGEST_LIST = 400  # characters
MAX_WORDS = 6
MAX_CHARS = 60


def people_in(text: str, vocabulary: Vocabulary | None = None) -> tuple[str, ...]:
    """The people named in an author string, in order, without labels, desks, brands and handles.

    `vocabulary` knows what is not a person in the page's languages.
    """
    whole = collapse(_ADDRESS.sub(" ", text))
    return _people_in(whole, vocabulary) if len(whole) <= _LONGEST_LIST else ()


@lru_cache(maxsize=1024)  # a page names its authors in many places, and a paper has a few
def _people_in(whole: str, vocabulary: Vocabulary | None) -> tuple[str, ...]:
    found: list[str] = []
    whole = _PICTURES_BEHIND.sub("", whole) or whole
    first = ""  # as printed
    for part in _SPLIT.split(_GENRE.sub("", _LEAD.sub("", whole))):
        name = _CUT.sub("", _ROLE_BEFORE.sub("", _LEAD.sub("", part or ""))).strip(" .,:;|-–—\"'“”©")
        if vocabulary is not None and is_nobody(name, vocabulary):
            continue
        if first and is_agency(first) and _DESK_CODE.fullmatch(name) and not is_agency(name):
            continue  # "dpa/lno": the agency's own desk
        if first and " " in first and _POST.match(name):
            break  # "NAME, Head of Marketing and Community Development"
        is_known = is_agency(name) and not (first and name.lower() in _SHORT_AGENCIES)
        if is_known or (is_person(name) and not (first and _is_post(name, first))):
            first = first or name
            found.append(_cased(name))
    unique: dict[str, str] = {}
    for name in found:
        unique.setdefault(fold(name), name)
    return tuple(unique.values())


def _is_post(text: str, name: str) -> bool:
    """Whether what follows a name is the person's function or place: a post, or capitals after a name in mixed case."""
    if _POST.match(text) is not None:
        return True
    return not name.isupper() and " " in name and (text.isupper() or _OUTLET.match(text) is not None)


def people_named(text: str, vocabulary: Vocabulary | None = None) -> list[str]:
    """The people in a byline that may also contain a date, a place, an address or a picture's credit."""
    text = without_dates(_BRACKETED_ADDRESS.sub(" ", text))
    names = [name for name in people_in(_AROUND_NAME.sub(" ", text), vocabulary) if not _NOT_NAMES.search(name)]
    whole = next((number for number, name in enumerate(names) if " " in name), len(names))
    # One word after a whole name is the author's location: "Anna Sleegers, Frankfurt".
    return [name for number, name in enumerate(names) if number <= whole or " " in name or is_agency(name)]


def without_dates(text: str) -> str:
    """A line with a bar in place of every date and time."""
    return _BEFORE_DATE.sub(" | ", _DATES.sub(" | ", text)) if any(map(str.isdigit, text)) else text


# Words that appear alone where a name is expected: labels, verbs of publishing, days.
_NO_NAMES = frozenset(
    "von by par por oleh red agenturen posted published updated written view views stand veröffentlicht erstellt geschrieben verfasst nachricht nachrichten artikel"
    " article autor autorin author publicado publié diterbitkan penulis monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch"
    " donnerstag freitag samstag sonntag today heute yesterday gestern senin selasa rabu kamis jumat sabtu minggu".split()
)
_UNFINISHED = frozenset({"von", "by", "par", "por", "oleh", "and", "und", "dan", "the", "with", "mit"})
# News agencies sign texts as people do; desks and the paper itself do not.
_AGENCY = re.compile(
    r"^(?:the )?(?:associated press|ap|reuters|thomson reuters|afp|agence france-presse|dpa|deutsche presse-agentur|apa|sda|keystone-sda|ansa|(?:agencia )?efe|europa press|lusa|belga|anp|ritzau|ntb|tt"
    r"|ctk|čtk|pap|anadolu(?: agency| ajansı)?|aa|xinhua|新华社|kyodo(?: news)?|jiji(?: press)?|yonhap|bernama|antara|canadian press|press association|pa media|bloomberg|tass|interfax|upi|kna|epd|sid)$",
    re.IGNORECASE,
)


def is_agency(name: str) -> bool:
    """Whether a name is that of a news agency."""
    return _AGENCY.match(name.strip()) is not None


def is_nobody(name: str, vocabulary: Vocabulary) -> bool:
    """Whether the text in a name's place is a label, a button, a time or a role, in the page's languages."""
    if vocabulary.desks.fit(name) or vocabulary.furniture.fit(name) or vocabulary.updated.opens(name):
        return True
    if fold(name) in _NO_NAMES:
        return True
    word = small(name)
    calendar = vocabulary.calendar
    return " " not in word and (word in calendar.weekdays or word in calendar.months or word in calendar.zones)


def is_post(text: str) -> bool:
    """Whether a line is somebody's position at a paper: "Environment correspondent"."""
    words = text.split() if len(text) <= _LONGEST_POST else []
    return len(words) <= 2 * _MOST_POST_WORDS and any(_IS_POST.fullmatch(word.strip(",")) for word in words)


def without_pictures(text: str) -> str:
    """A line without the people who made the pictures, named after the writers."""
    return _PICTURES_BEHIND.sub("", text) or text


_NO_DESKS = frozenset({"id", "ms", "th", "vi"})


def is_desk(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a whole label is that of a desk, in a language whose papers do not name desks as authors ("Kontributor
    Daerah").
    """
    desk = vocabulary.desks.fit(text)
    return desk is not None and desk.language in _NO_DESKS


def collective(text: str, vocabulary: Vocabulary) -> str | None:
    """The body of people that signs ("Podium Staff", "Redaktion Kultur"); None for a desk without a name of its own, or
    anything else.

    A person may have such a name ("Jörg Staff"), who is then an author if nobody else is named.
    """
    name = _LEAD.sub("", without_dates(collapse(text)).split("|")[0]).strip(" .,:;-–—\"'“”©")
    words = name.split()
    if not _FEWEST_NAMES <= len(words) <= MAX_WORDS or len(name) > MAX_CHARS or ":" in name or _BAD.search(name):
        return None
    is_name = all(word[0].isupper() or word.lower() in _ARTICLES for word in words) and any(
        word[0].isupper() for word in words
    )
    return name if is_name and _COLLECTIVE.search(name) and not is_nobody(name, vocabulary) else None


def is_person(name: str) -> bool:
    """Whether a string can be a person's name."""
    words = name.split()
    shortest = 2 if _HAN.match(name) else 3
    if (
        not 0 < len(words) <= MAX_WORDS
        or not shortest <= len(name) <= MAX_CHARS
        or _BAD.search(name)
        or _DESK.search(name)
    ):
        return False
    if _HAN.match(name) and len(name) > _LONGEST_HAN:
        return False  # a sentence, a paper and its desk
    letters = [word for word in words if word[0].isalpha()]
    if (
        not letters
        or words[0][0].isdigit()
        or _ACCOUNT.search(name)
        or (len(words) == 1 and ("." in name.strip(".") or fold(name) in _NO_NAMES))
    ):  # a login, a label
        return False
    if any(word[0].islower() and word.lower() not in _PARTICLES for word in letters) and not name.islower():
        return False  # a sentence, or words of a title
    return True


def is_pen_name(text: str) -> bool:
    """Whether one word without blanks can be a writer's pen name ("freeman1984", "LD"): not a desk, address or label."""
    return (
        _PEN_NAME.fullmatch(text) is not None
        and any(map(str.isalpha, text))
        and fold(text) not in _NO_NAMES
        and not _DESK.search(_NO_LETTERS.sub(" ", text))
        and not _ACCOUNT.search(text)
    )


def is_account(name: str) -> bool:
    """Whether a name is that of a system's administrator ("wpadmin", "Webmaster")."""
    return re.search(r"admin|web ?master", name, re.IGNORECASE) is not None


def is_address(text: str) -> bool:
    """Whether a text contains an address, or characters that no name contains."""
    return _BAD.search(text) is not None


def unlabelled(text: str) -> str:
    """What follows "By", "Author:" …"""
    return _LEAD.sub("", collapse(text))


def is_login(name: str) -> bool:
    """Whether a name is one lower-case word, such as people's login names."""
    return " " not in name and name.islower() and name.isascii()


def _cased(name: str) -> str:
    """A name in mixed case; all capitals are a matter of typography."""
    if name.isupper() and len(name.split()) > 1 and name.isascii():
        return " ".join(word if len(word) <= 2 else word.title() for word in name.split())
    return name


_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[\s/&]+")
_FEWEST_WORDS, _MOST_WORDS = 2, 6  # words in the names
_BLOCKS_ABOVE = 3  # blocks; a standfirst may be above the names
_LONGEST_STANDFIRST = 200  # characters
_SHORT_WORD = 3  # letters in words that any text has ("de", "van")


def names_above(body: Sequence[Block], headline: str) -> tuple[int, tuple[str, ...]] | None:
    """(place, names) of a line of names above a text; None if there is none.

    A sub-heading says what its text is about, so at least one of its words recurs there or in the headline; the writer
    of a story is not mentioned in it. Text stands below a name; what a list follows is its heading.
    """
    for place, block in enumerate(body[:_BLOCKS_ABOVE]):
        if block.kind == "subheading" and (names := _names_alone(block.text)):
            below = body[place + 1 : place + 2]
            if below and below[0].kind == "list_item":  # "Key Takeaways"
                return None
            about = " ".join([headline, *(each.text for each in body if each is not block)])
            told = set(_WORD.findall(fold(about)))
            mine = {word for word in _WORD.findall(fold(block.text)) if len(word) > _SHORT_WORD}
            return (place, names) if mine and mine.isdisjoint(told) else None
        if len(block.text) > _LONGEST_STANDFIRST:
            return None
    return None


def _names_alone(text: str) -> tuple[str, ...]:
    words = [word for word in _BETWEEN.split(text) if word]
    is_name = _FEWEST_WORDS <= len(words) <= _MOST_WORDS and all(
        word[0].isupper() and word.strip("'’.-").isalpha() for word in words
    )
    names = people_in(text) if is_name else ()
    return names if names and all(" " in name and is_person(name) for name in names) else ()


def names_line(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The people in a block that is only a labelled list of them ("Von Nina Magoley", "By A and B"); () if it is not."""
    label = vocabulary.signature(text) if len(text) <= _LONGEST_NAMES_LINE else None
    rest = text[label.end :] if label is not None and text[-1] not in "!?" else ""
    return people_in(rest, vocabulary) if "|" not in rest and ":" not in rest else ()


def signature_below(block: RawBlock) -> tuple[str, ...]:
    """The person in a block that is only a name in bold, as papers without a byline sign below the text."""
    text = block.text
    words = text.split()
    if block.kind != "paragraph" or not (_FEWEST_NAMES <= len(words) <= _MOST_NAMES) or fold(block.bold) != fold(text):
        return ()
    is_name = all(word[0].isupper() and word.strip("'’-").isalpha() for word in words)
    return people_in(text) if is_name and is_person(text) else ()
