"""Captions of pictures: the text, the credit, and paragraphs that are only a caption."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from scraper.extract.text.outlets import OfOutlets, any_of
from scraper.language.vocabulary import pattern_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.language import Vocabulary
    from scraper.language.pack import PackLine

_BRACKETS = re.compile(r"^(?P<caption>(?:.*?[^\s.])??)[\s.]*+[\[(](?P<credit>[^()\[\]]{2,80})[\])][\s.,]*+$", re.DOTALL)
# "Name of the star/©KapanLagi.com®/N. Name", "Name of the star © istimewa"
_SIGN = re.compile(r"^(?P<caption>[^©]*?[^©\s/|])[\s/|]*+(?P<credit>©[^©]{2,80})$", re.DOTALL)
_GLUED = re.compile(
    r"[^\s.(]\([^()]+\)\W*$"
)  # "Tambang di Raja Ampat(Auriga Nusantara)": written by a template, not by a person
_APART = re.compile(
    r"[.!?]\s*\([^\W\d_]+(?:[ ./][^\W\d_]+){0,3}\)\W*$"
)  # "… tepuk tangan. (Grammy)": after the sentence
# "Pasar terapung | unsplash.com/@name": a recognisable credit, after a separator.
_KNOWN = re.compile(r"^(?P<caption>.*?[^\s.|/–-])[\s.]*+(?:[|/]|\s[–-]\s)\s*+(?P<credit>[^|]{2,60})$", re.DOTALL)
# A file name in the place of a caption: "IMG_2023", "photo-1.jpg", "WhatsApp Image 2023-05-06 at 12.00.00".
_FILE = re.compile(
    r"(?:(?:img|dsc\w?|screenshot|whatsapp image|image|images|photo|foto|gambar|untitled|unnamed)[\d\s._-]*+(?:at [\d.\s]++)?(?:[ap]m)?|[\w.-]+\.(?:jpe?g|png|webp|gif))",
    re.IGNORECASE,
)
# "…, November 2015. TEMPO/Budi Harsono", "… di Kota Tua. /Zona Jakarta": after the sentence, a paper and its
# photographer.
_OUTLET = re.compile(
    r"^(?P<caption>.+?[.!?]) (?P<credit>[A-Z]{3,}(?: [A-Z]{3,})?/ ?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}|/[A-Z][\w.-]+(?: [A-Z][\w.-]+){0,3})\.?$",
    re.DOTALL,
)
_TYPED_SIGN = re.compile(r"\(c\)\s*(?=\w)", re.IGNORECASE)  # "(c) NAME"
_SLASH = re.compile(
    r"^(?P<caption>.*?[^\s.])[\s.]*+(?:(?<=\s)/\s*+|/\s?)(?P<credit>[A-Z][\w.-]++(?:/[\w .-]++)?)$", re.DOTALL
)
_LONGEST_CREDIT = 70  # characters, with its label; a caption in the text ends with no longer one
_LONGEST_IN_TEXT = 500  # characters; more than a caption in the text has
MAX_CAPTION_WORDS = 28
_LONGEST_ALONE = 60  # characters
_NAMES = r"[A-Z@][\w.'’@-]*(?:[ /][A-Z@][\w.'’@-]*){0,4}"
_DOMAIN = r"[A-Za-z][\w-]*\.(?:com|net|org|id|co\.id|vn|co\.th|my|com\.my)"
_CASELESS = re.IGNORECASE | re.DOTALL


class CaptionForms:
    """How captions and credits are printed in the languages of a page, each compiled when it is first needed."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._credits = tuple(vocabulary.entries("credit"))
        captions = tuple(vocabulary.entries("caption"))
        labels = [entry for entry in captions if entry.part != "by"]
        self._labels = _any(labels)
        self._pictures = _any(entry for entry in labels if entry.part == "picture")
        self._shown = _any(entry for entry in labels if entry.part == "picture" and not entry.is_sure)
        self._closing = _any(entry for entry in labels if entry.is_sure)
        self._bracketed = _any(entry for entry in labels if entry.part in ("picture", "owner"))
        self._owners = _any(entry for entry in labels if entry.part == "owner")
        self._by = _any(entry for entry in captions if entry.part == "by")
        self._sources = _any(entry for entry in labels if entry.part == "source")
        self.stops = tuple(f"{form}." for entry in labels if entry.is_sure for form in entry.forms)
        self.hints = tuple({form[:4] for entry in labels if entry.part != "source" for form in entry.forms})

    @cached_property
    def splits(self) -> tuple[re.Pattern[str], ...]:
        """What parts a caption from its credit, the surest first."""
        # "… di dermaga. Photo by NAME on Unsplash", "Foto oleh NAME", with nothing else before it if the picture has no
        # caption.
        by = re.compile(
            r"^(?P<caption>.*?)(?:(?<=[^\s.|/(\[–-])[\s.|/–-]*+[(\[]?|^[(\[]?)\b"
            rf"(?:{self._by})\s+(?P<credit>[^:()\[\]]{{2,80}})[)\]]?[\s.]*$",
            _CASELESS,
        )
        # "Benih lada/copyright shutterstock", "… di kebun. Copyright by NAME"
        rights = re.compile(
            r"^(?P<caption>.*?[^\s.|/(–-])\s*+[.|/(–-]++\s*+copyright\b\s*+(?:[:.]\s*+)?(?:by\s+)?(?P<credit>[^:()]{2,80}?)\)?[\s.]*$",
            _CASELESS,
        )
        label = re.compile(
            rf"^(?P<caption>.*?[^\s.|/–-])[\s.|/–-]++(?:{self._labels})\s*+[:.：]\s*+(?P<credit>[^:]{{2,80}})$",
            _CASELESS,
        )
        return by, _BRACKETS, rights, label, _SIGN, _OUTLET, _SLASH, _KNOWN

    @cached_property
    def in_text(self) -> re.Pattern[str]:
        """A whole paragraph: "… memberi tepuk tangan. Foto: NAME", "… (Foto: NAME/OUTLET)", "… (Image: AGENCY)"."""
        return re.compile(
            rf"\A(?P<caption>.{{7,299}}?[^\s.|/(\[–-])(?:[\s.|/(\[–-]++(?:{self._closing})\s*+[:.]\s*+[^:()?!]{{2,50}}[)\]]?"
            rf"|[\s.|/–-]*+[(\[](?:{self._bracketed})\s*+[:：]\s*+[^:()\[\]?!]{{2,50}}[)\]])[\s.]*+",
            _CASELESS,
        )

    @cached_property
    def lead(self) -> re.Pattern[str]:
        """The label that opens a caption."""
        return re.compile(rf"^(?:{self._pictures})\s*[:：]\s*", re.IGNORECASE)

    @cached_property
    def credit_lead(self) -> re.Pattern[str]:
        """The label that opens a credit."""
        return re.compile(rf"^(?:copyright\b\s*:?\s*(?:by\s)?|(?:{self._labels})\s*[:：])\s*", re.IGNORECASE)

    @cached_property
    def left(self) -> re.Pattern[str]:
        """The label that remains at the end of a caption: "… di kantornya. Foto: (ANTARA/NAME)"."""
        return re.compile(rf"(?<!\s)\s++(?:{self._closing})\s*+:$", re.IGNORECASE)

    @cached_property
    def half(self) -> re.Pattern[str]:
        """What remains of a label before the one that was matched: "Photo credit: NAME", "Kredit Foto: NAME"."""
        return re.compile(self._labels, re.IGNORECASE)

    @cached_property
    def bare_name(self) -> re.Pattern[str]:
        """A label and a name."""
        return re.compile(
            rf"\A(?i:{self._closing})\s*:\s*(?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){{1,3}})\.?",
        )

    @cached_property
    def source(self) -> OfOutlets[re.Pattern[str]]:
        """What a credit has somewhere: an agency, a paper in the catalogue, "Dok.", "Foto:", a hand-out, or NAME/OUTLET."""
        words = "|".join((_any(self._credits), self._closing, self._owners, self._sources))
        return OfOutlets(
            lambda names: re.compile(
                rf"(?<!\w)(?:{words}|{any_of(names.credits)})\b|/|\.(?:com|co\.id|id)\b|©", re.IGNORECASE
            )
        )

    @cached_property
    def alone(self) -> OfOutlets[re.Pattern[str]]:
        """A caption that is only its credit: "Istimewa", "Shutterstock", "Dok. Humas", "Credit: unsplash.com/@name",
        "REUTERS/NAME".
        """
        sure, agencies, givers = (
            _any(entry for entry in self._credits if entry.part == part) for part in ("alone", "agency", "from")
        )
        behind = rf"/(?:{self._shown})|{self._pictures}|{self._owners}|by|of"  # "Foto/Ilustrasi: Freepik", not "Ilustrasi/Foto: …"
        label = rf"(?:(?i:copyright|{self._labels})\s*+(?:(?i:{behind})\s*+)?(?:[:.]\s*+)?)?"
        return OfOutlets(
            lambda names: re.compile(
                rf"\A(?:{label}(?P<credit>(?:(?i:{sure})(?:[ /]\s?{_NAMES}|(?:/[\w.@]+){{1,3}}|\s@\S+)?"
                rf"|@[\w.]{{3,40}}|(?i:{givers})\b\.?\s?:?\s?(?:{_NAMES}|[\w-]+(?: [\w-]+)?)|{_DOMAIN}(?:/\S*| ?/ ?{_NAMES})?"
                rf"|(?:{any_of(names.credits)}|(?i:{agencies}))(?: (?i:{self._closing}))?(?: ?/ ?{_NAMES}(?:/[a-z]{{2,4}})?)?))\.?"
                # The label says whose it is, whereas "Foto:" may say what it shows.
                rf"|(?i:{self._owners})\s*+[:：]\s*+(?P<owner>[^:.()]{{2,50}}))"
            )
        )


def _any(entries: Iterable[PackLine]) -> str:
    """A pattern for any form of some entries, the longest first; one that nothing fits where there are none."""
    forms = sorted({form for entry in entries for form in entry.forms}, key=lambda form: (-len(form), form))
    return "|".join(map(pattern_of, forms)) or "(?!)"


@lru_cache(maxsize=64)
def caption_forms(vocabulary: Vocabulary) -> CaptionForms:
    """The forms of captions in the languages of a page."""
    return CaptionForms(vocabulary)


def split_caption(text: str, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """(caption, credit) of a printed caption, in the languages of its page; None for a missing part."""
    forms = caption_forms(vocabulary)
    alone = forms.alone()
    text = _TYPED_SIGN.sub("©", text.strip())
    if not text or _FILE.fullmatch(text):
        return None, None
    if text.startswith("©"):
        return None, text
    if len(text) <= _LONGEST_ALONE and (only := alone.fullmatch(text.strip("/() "))):
        return None, (only["credit"] or only["owner"]).strip(" .,:/")
    for form in forms.splits:
        match = form.match(text)
        if (
            match
            and (form is not _KNOWN or alone.fullmatch(match["credit"]))
            and re.search(r"[^\W\d_]{2}", match["credit"])
            and (
                form is not _BRACKETS
                or _is_source(match["credit"], forms)
                or _GLUED.search(text)
                or _APART.search(text)
            )
        ):
            caption = without_label(match["caption"], vocabulary)
            behind = text[match.end("caption") :]
            if caption and behind[0] == " " and behind[1:2].isalpha() and forms.half.fullmatch(caption):
                caption = None
            only = alone.fullmatch(caption.strip("/() .,")) if caption and len(caption) <= _LONGEST_ALONE else None
            if only is not None and only["credit"]:
                return None, text.strip(" .")  # "Instagram ©2021 NAME": both are the credit
            return caption, forms.credit_lead.sub("", match["credit"]).strip(" .,:/")
    return without_label(text, vocabulary), None


def bare_name(text: str, vocabulary: Vocabulary) -> str | None:
    """The name that is all that follows "Foto:", the photographer's or the shown person's; None for any other caption."""
    match = caption_forms(vocabulary).bare_name.fullmatch(text.strip())
    return match["name"] if match is not None and match["name"][0].isupper() else None


def is_caption(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a whole paragraph is the caption of a picture in the text: it ends with a credit that is labelled as one."""
    if len(text) > _LONGEST_IN_TEXT:
        return False
    end = text.rstrip(" .")[-_LONGEST_CREDIT:]
    if ":" not in end and "." not in end:
        return False
    end = end.lower()
    forms = caption_forms(vocabulary)
    for label in forms.hints if ":" in end or "：" in end else forms.stops:  # this first is ten times faster
        if label in end:
            break
    else:
        return False
    match = forms.in_text.fullmatch(text)
    return match is not None and len(match["caption"].split()) <= MAX_CAPTION_WORDS


def _is_source(text: str, forms: CaptionForms) -> bool:
    """Whether bracketed words at the end of a caption name a source rather than explain the picture."""
    return forms.source().search(text) is not None or text.isupper()


def without_label(text: str, vocabulary: Vocabulary) -> str | None:
    """A caption without the label that opens it ("Foto: …") or remains at its end; None if there is nothing else."""
    forms = caption_forms(vocabulary)
    return forms.left.sub("", forms.lead.sub("", text.strip()).strip()).rstrip(",").rstrip() or None
