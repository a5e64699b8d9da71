"""Captions of pictures: the text, the credit, and paragraphs that are only a caption."""

from __future__ import annotations

import re

from scraper.extract.text.outlets import OfOutlets, any_of
from scraper.text import ascii_small

# A credit names a source: an agency, a paper in the catalogue, "Dok.", "Foto:", a hand-out, or NAME/OUTLET. Seen on
# pages of the Indonesian press of 2015–2026.
_CREDIT_WORDS = (
    r"foto|photo|dok|ist|istimewa|afp|reuters|getty|ap|epa|xinhua|shutterstock|freepik|pixabay|unsplash|pexels"
    r"|biro pers|screenshot|tangkapan layar|humas|instagram|twitter|youtube|facebook|handout|courtesy|image|bild|picture alliance|dpa|credit|ho|net|ilustrasi"
)
_BRACKETS = re.compile(r"^(?P<caption>(?:.*?[^\s.])??)[\s.]*+[\[(](?P<credit>[^()\[\]]{2,80})[\])][\s.,]*+$", re.DOTALL)
# "Name of the star/©KapanLagi.com®/N. Name", "Name of the star © istimewa"
_SIGN = re.compile(r"^(?P<caption>[^©]*?[^©\s/|])[\s/|]*+(?P<credit>©[^©]{2,80})$", re.DOTALL)
_GLUED = re.compile(
    r"[^\s.(]\([^()]+\)\W*$"
)  # "Tambang di Raja Ampat(Auriga Nusantara)": written by a template, not by a person
_APART = re.compile(
    r"[.!?]\s*\([^\W\d_]+(?:[ ./][^\W\d_]+){0,3}\)\W*$"
)  # "… tepuk tangan. (Grammy)": after the sentence
_LABEL = re.compile(
    r"^(?P<caption>.*?[^\s.|/–-])[\s.|/–-]++(?:(?:foto|photo|image|gambar) (?:credit|kredit)|(?:sumber|kredit) (?:foto|gambar)|foto|photo|credit|kredit|sumber|source|bild|image|gambar|do[ck]|ảnh)"
    r"\s*+[:.]\s*+(?P<credit>[^:]{2,80})$",
    re.IGNORECASE | re.DOTALL,
)
# "Benih lada/copyright shutterstock", "… di kebun. Copyright by NAME"
_COPYRIGHT = re.compile(
    r"^(?P<caption>.*?[^\s.|/(–-])\s*+[.|/(–-]++\s*+(?:copyright|kredit)\b\s*+(?:[:.]\s*+)?(?:by\s+)?(?P<credit>[^:()]{2,80}?)\)?[\s.]*$",
    re.IGNORECASE | re.DOTALL,
)
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
# "… di dermaga. Photo by NAME on Unsplash", "Foto oleh NAME", with nothing else before it if the picture has no
# caption.
_BY = re.compile(
    r"^(?P<caption>.*?)(?:(?<=[^\s.|/(\[–-])[\s.|/–-]*+[(\[]?|^[(\[]?)\b(?:photos?|fotos?|images?|pictures?)\s+(?:by|oleh|courtesy of|via)\s+(?P<credit>[^:()\[\]]{2,80})[)\]]?[\s.]*$",
    re.IGNORECASE | re.DOTALL,
)
_TYPED_SIGN = re.compile(r"\(c\)\s*(?=\w)", re.IGNORECASE)  # "(c) NAME"
_SLASH = re.compile(
    r"^(?P<caption>.*?[^\s.])[\s.]*+(?:(?<=\s)/\s*+|/\s?)(?P<credit>[A-Z][\w.-]++(?:/[\w .-]++)?)$", re.DOTALL
)
# "… memberi tepuk tangan. Foto: NAME", "… (Foto: NAME/OUTLET)", "… (Image: AGENCY)" as a separate paragraph.
_IN_TEXT = re.compile(
    r"(?P<caption>.{7,299}?[^\s.|/(\[–-])(?:[\s.|/(\[–-]++(?:foto|photo|dok)\s*+[:.]\s*+[^:()?!]{2,50}[)\]]?"
    r"|[\s.|/–-]*+[(\[](?:image|picture|pic|bild|imagen|credit|crédit)s?\s*+:\s*+[^:()\[\]?!]{2,50}[)\]])[\s.]*+",
    re.IGNORECASE | re.DOTALL,
)
_CAPTION_LABELS = ("foto", "photo", "dok", "image", "pic", "bild", "credit")
_LONGEST_CREDIT = 70  # characters, with its label; _IN_TEXT matches no more
_LONGEST_IN_TEXT = 500  # characters; more than _IN_TEXT can match
MAX_CAPTION_WORDS = 28
_LABEL_LEFT = re.compile(r"(?<!\s)\s++(?:foto|photo)\s*+:$", re.IGNORECASE)  # "… di kantornya. Foto: (ANTARA/NAME)"
_LEAD = re.compile(r"^(?:foto|photo|ilustrasi|image)\s*:\s*", re.IGNORECASE)
_CREDIT_LEAD = re.compile(
    r"^(?:copyright\b\s*:?\s*(?:by\s)?|(?:foto|photo|ilustrasi|image|gambar|credits?|(?:sumber|kredit)(?: (?:foto|gambar))?|source)\s*:)\s*",
    re.IGNORECASE,
)
_IS_CREDIT = OfOutlets(
    lambda names: re.compile(
        rf"(?:^|\b)(?:{_CREDIT_WORDS}|{any_of(names.credits)})\b|/|\.(?:com|co\.id|id)\b|©", re.IGNORECASE
    )
)

# A caption that is only its credit: "Istimewa", "Shutterstock", "Dok. Humas", "Credit: unsplash.com/@name",
# "REUTERS/NAME".
_NAMES = r"[A-Z@][\w.'’@-]*(?:[ /][A-Z@][\w.'’@-]*){0,4}"
_ONLY_CREDIT = OfOutlets(
    lambda names: re.compile(
        r"(?:(?i:copyright|courtesy|kredit|credits?|sumber|source|foto|photo|ilustrasi|gambar|image|via)\s*+(?:(?i:/ilustrasi|foto|photo|gambar|credit|by|via|of)\s*+)?(?:[:.]\s*+)?)?(?P<credit>"
        r"(?:(?i:ist|istimewa|shutterstock|freepik|pixabay|unsplash|pexels|getty images|wikipedia|wikimedia commons|youtube|instagram|twitter|facebook|tiktok)"
        rf"(?:[ /]\s?{_NAMES}|(?:/[\w.@]+){{1,3}}|\s@\S+)?"
        r"|(?i:screenshot|tangkapan layar)(?: (?i:video|youtube|instagram|twitter|facebook|tiktok|akun|dari))*(?: [A-Z@][\w.@]*){0,4}"
        r"|@[\w.]{3,40}"
        rf"|(?i:dok|doc)\b\.?\s?:?\s?(?:{_NAMES}|[\w-]+(?: [\w-]+)?)"
        rf"|[A-Za-z][\w-]*\.(?:com|net|org|id|co\.id|vn|co\.th|my|com\.my)(?:/\S*| ?/ ?{_NAMES})?"
        rf"|(?:{any_of(names.credits)}|(?i:antara|afp|reuters|ap|epa|xinhua|dpa|bernama|ttxvn))(?: (?i:photo|foto))?(?: ?/ ?{_NAMES}(?:/[a-z]{{2,4}})?)?))\.?"
        # The label says whose it is, whereas "Foto:" may say what it shows.
        r"|(?i:ảnh|nguồn(?: ảnh)?|(?:ขอบคุณ)?ภาพ(?:จาก|โดย)?|เครดิตภาพ|ที่มา)\s*+:\s*+(?P<photo>[^:.]{2,50})"
    )
)
_LONGEST_ALONE = 60  # characters
# What remains of a label before the one that was matched: "Photo credit: NAME", "Kredit Foto: NAME".
_HALF_LABEL = re.compile(r"(?:photo|foto|kredit|credit|image|gambar|sumber|source)", re.IGNORECASE)
_BARE_NAME = re.compile(r"(?:foto|photo)\s*:\s*(?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3})\.?", re.IGNORECASE)


def split_caption(text: str) -> tuple[str | None, str | None]:
    """(caption, credit) of a printed caption; None for a missing part."""
    text = _TYPED_SIGN.sub("©", text.strip())
    if not text or _FILE.fullmatch(text):
        return None, None
    if text.startswith("©"):
        return None, text
    if len(text) <= _LONGEST_ALONE and (alone := _ONLY_CREDIT().fullmatch(text.strip("/() "))):
        return None, (alone["credit"] or alone["photo"]).strip(" .,:/")
    for form in (_BY, _BRACKETS, _COPYRIGHT, _LABEL, _SIGN, _OUTLET, _SLASH, _KNOWN):
        match = form.match(text)
        if (
            match
            and (form is not _KNOWN or _ONLY_CREDIT().fullmatch(match["credit"]))
            and re.search(r"[^\W\d_]{2}", match["credit"])
            and (form is not _BRACKETS or _is_source(match["credit"]) or _GLUED.search(text) or _APART.search(text))
        ):
            caption = without_label(match["caption"])
            if caption and _HALF_LABEL.fullmatch(caption):
                caption = None
            if caption and len(caption) <= _LONGEST_ALONE and _ONLY_CREDIT().fullmatch(caption.strip("/() .,")):
                return None, text.strip(" .")  # "Instagram ©2021 NAME": both are the credit
            return caption, _CREDIT_LEAD.sub("", match["credit"]).strip(" .,:/")
    return without_label(text), None


def bare_name(text: str) -> str | None:
    """The name that is all that follows "Foto:", the photographer's or the shown person's; None for any other caption."""
    match = _BARE_NAME.fullmatch(text.strip())
    return match["name"] if match is not None and match["name"][0].isupper() else None


def is_caption(text: str) -> bool:
    """Whether a whole paragraph is the caption of a picture in the text: it ends with a credit that is labelled as one."""
    if len(text) > _LONGEST_IN_TEXT:
        return False
    end = text.rstrip(" .")[-_LONGEST_CREDIT:]
    if ":" not in end and "." not in end:
        return False
    end = ascii_small(end)
    for label in _CAPTION_LABELS:  # searching for the label first is ten times faster
        if label in end:
            break
    else:
        return False
    match = _IN_TEXT.fullmatch(text)
    return match is not None and len(match["caption"].split()) <= MAX_CAPTION_WORDS


def _is_source(text: str) -> bool:
    """Whether bracketed words at the end of a caption name a source rather than explain the picture."""
    return _IS_CREDIT().search(text) is not None or text.isupper()


def without_label(text: str) -> str | None:
    """A caption without the label that opens it ("Foto: …") or remains at its end; None if there is nothing else."""
    return _LABEL_LEFT.sub("", _LEAD.sub("", text.strip()).strip()).rstrip(",").rstrip() or None
