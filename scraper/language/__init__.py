"""Language packs: what papers call the parts of a page, one data file per language (docs/language.md)."""

from scraper.language.pack import Calendar, PackLine, hold_packs, languages, read_pack
from scraper.language.tell import DetectedLanguage, host_language, page_languages, tell_language
from scraper.language.vocabulary import Opening, Vocabulary, small, vocabulary

__all__ = [
    "Calendar",
    "DetectedLanguage",
    "Opening",
    "PackLine",
    "Vocabulary",
    "hold_packs",
    "host_language",
    "languages",
    "page_languages",
    "read_pack",
    "small",
    "tell_language",
    "vocabulary",
]
