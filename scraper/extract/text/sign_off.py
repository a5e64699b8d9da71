"""Sign-offs: the codes and signatures that end a text ("(ant/jpnn)", "(*)", "****")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.text.outlets import OfOutlets, any_of

if TYPE_CHECKING:
    from scraper.sites.registry import SigningNames

# At most four slash-separated groups of 2–5 letters, star runs, or known words; "(Tottenham Hotspur)" and "(DPS)" are
# text. Codes were seen on pages of the Indonesian national and regional press. Initials, and a whole name after a
# blank, count only after a finished sentence.
_INITIALS = r"\((?:[A-Z]{2,4}|[A-Z][a-z]{1,3}|[A-Z][a-z]+(?: [A-Z][a-z]+){1,2} )\)"
_SIGNS = (")", "]", "*", "#", "-end-")  # how a sign-off ends, apart from dots


def _forms(names: SigningNames) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """(a sign-off at the end of a text, how one ends)."""
    outlet = rf"(?i:{any_of(names.credits)})"
    group = rf"(?:\*|[a-z]{{2,5}}|adv|hms|wikipedia|instagram|{outlet}|[A-Z]{{1,2}}-\d{{1,2}})"
    code = (
        r"\(\*{1,5}/[^()]{2,40}\)|\[[a-z]{2,5}(?:/[a-z]{2,5})?\]|\((?:[A-Z]{2,4}/[A-Z]-\d{1,2})\)"
        rf"|\((?:{group})(?:\s?/\s?{group}){{0,3}}\)"
    )
    outlets = rf"\({outlet}(?:\.(?:com|co\.id|COM|CO\.ID))?(?:/[\w. ]++)?\)"
    whole = "|".join(re.escape(text) for text in names.sign_offs) or "(?!)"
    end = rf"(?P<code>{code}|{outlets}|{_INITIALS}|\(\*++\)|\*{{1,6}}|{whole}|-end-|(?<!\#)\#{{2,}}+)[\s.]*+$"
    return re.compile(end), (*_SIGNS, *names.sign_offs)


_FORMS = OfOutlets(_forms)
_LONGEST = 120  # characters; the longest that _END can match but for runs of dots and stars
_WORDS = frozenset(
    {
        "(ist)",
        "(foto)",
        "(video)",
        "(baca)",
        "(lihat)",
        "(kg)",
        "(cm)",
        "(km)",
        "(rp)",
        "(pns)",
        "(tni)",
        "(ii)",
        "(iii)",
        "(iv)",
    }
)


_LINE = re.compile(r"\((?:[A-Z][a-z]{1,4}|[A-Z]{2,4}|[a-z]{2,5})(?:/(?:[A-Z][a-z]{1,4}|[A-Z]{2,4}|[a-z]{2,5})){1,3}\)")
_NAME_LINE = re.compile(r"\([A-Z][\w.'’-]{1,20}(?: [A-Z][\w.'’-]{0,20}){1,3}\)")


def is_sign_off_line(text: str, *, is_last: bool) -> bool:
    """Whether a separate line is only the writers' initials; at the end of a text also their name."""
    if not text.startswith("(") or not text.endswith(")"):
        return False
    if _LINE.fullmatch(text) or (is_last and _NAME_LINE.fullmatch(text)):
        return True
    rest, code = split_sign_off(text)
    return code is not None and not rest and any(char.isalpha() for char in code)


def split_sign_off(text: str) -> tuple[str, str | None]:
    """(text without its sign-off, the sign-off); None if there is none. The text is "" if it is nothing else."""
    form, closing = _FORMS()
    if not text.rstrip(" .").endswith(closing):  # most texts; searching for the whole takes twenty times as long
        return text, None
    match = form.search(text, max(0, len(text) - _LONGEST))
    if match is None:
        return text, None
    code = match["code"]
    if code in _WORDS:
        return text, None
    rest = text[: match.start()].rstrip()
    # In running text a code comes after a finished sentence; "(dpr)" within one explains a word.
    if rest and rest[-1] not in ".!?\"”'’)…,;:" and not code.startswith(("*", "(*", "—", "-", "#")) and "/" not in code:
        return text, None
    return rest, code
