"""Sign-offs: the codes and signatures that close a text ("(ant/jpnn)", "(*)", "****")."""

from __future__ import annotations

import re

# At most four slash-separated groups of 2–5 letters, star runs, or known words; "(Tottenham Hotspur)" and
# "(DPS)" are text. Codes were seen on Tribun, Surya, detik, JPNN, Okezone, Kompas and Media Indonesia pages.
_GROUP = r"(?:\*|[a-z]{2,5}|adv|hms|antara|tribun\w*|kompas|wikipedia|instagram|[A-Z]{1,2}-\d{1,2})"
# Initials, and Okezone's whole name with a blank behind it: only behind a finished sentence.
_INITIALS = r"\((?:[A-Z]{2,4}|[A-Z][a-z]{1,3}|[A-Z][a-z]+(?: [A-Z][a-z]+){1,2} )\)"
_CODE = rf"\(\*{{1,5}}/[^()]{{2,40}}\)|\[[a-z]{{2,5}}(?:/[a-z]{{2,5}})?\]|\((?:[A-Z]{{2,4}}/[A-Z]-\d{{1,2}})\)|\((?:{_GROUP})(?:\s?/\s?{_GROUP}){{0,3}}\)"
_OUTLETS = r"\((?:(?:Tribun\w*|TRIBUN\w*|Kompas|KOMPAS|Surya|SURYA|Antara|ANTARA)(?:\.(?:com|co\.id|COM|CO\.ID))?)(?:/[\w. ]+)?\)"
_END = re.compile(rf"(?P<code>{_CODE}|{_OUTLETS}|{_INITIALS}|\(\*+\)|\*{{1,6}}|— TRIBUN|-end-|#{{2,}})[\s.]*$")
_LAST = (")", "]", "*", "#", "-end-", "— TRIBUN")  # what a sign-off closes with, but for dots
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


def split_sign_off(text: str) -> tuple[str, str | None]:
    """(text without its sign-off, the sign-off); None if there is none. The text is "" where it is nothing else."""
    if not text.rstrip(" .").endswith(_LAST):  # most texts; looking for the whole takes twenty times as long
        return text, None
    match = _END.search(text, max(0, len(text) - _LONGEST))
    if match is None:
        return text, None
    code = match["code"]
    if code in _WORDS:
        return text, None
    rest = text[: match.start()].rstrip()
    # In running text a code stands behind a finished sentence; "(dpr)" within one explains a word.
    if rest and rest[-1] not in ".!?\"”'’)…,;:" and not code.startswith(("*", "(*", "—", "-", "#")) and "/" not in code:
        return text, None
    return rest, code
