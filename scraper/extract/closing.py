"""Notes around a text that belong to the paper, not to the story: who else reported, how to reach the author, reading times.

Seen on pages of many papers, mostly English; a rule holds for the WHOLE block, and length limits keep
real paragraphs out, which may well speak of newsletters or comments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.lines import LineRules

if TYPE_CHECKING:
    from scraper.extract.body import RawBlock

_SHARE = r"(?:share|tweet|pin(?: it)?|e-?mail|submit|print|comment|like|save|facebook|twitter|whatsapp|linkedin|reddit)"
_ANYWHERE = LineRules([
    r"\((?:additional |with )?(?:reporting|writing|editing|compiled|report|edited|written) by [^()]{3,300}\)?"
    r"|(?:with )?additional (?:reporting|editing|research) (?:by|from) .{3,150}|(?:reporting|editing) by [^.]{3,150}\.?"
    r"|(?:tempo de leitura|(?:estimated )?read(?:ing)? time|lesezeit|temps de lecture|waktu baca|tiempo de lectura|leestijd)"
    r"\s*:? ?.{0,25}"
    r"|\d+ min(?:ute|uten|utos)?s?\.? (?:read|lesezeit|de lectura|de lecture)"
    rf"|(?:{_SHARE}\W+){{1,9}}{_SHARE}|\d{{1,3}} ?(?:of|/) ?\d{{1,3}}"
    r"|(?:filed under|posted in|tagged(?: with| as)?|tags?|categories|category|kategori|schlagwörter|schlagworte)\s*:.{0,200}"
    r"|\[(?:related|read|see|also read|more|watch|baca)\b.{0,200}\]"
    r"|\[\w+ [^\]]{0,200}=[^\]]{0,200}\].{0,200}"  # a shortcode that the site no longer runs
    r"|(?:got|have|do you have) (?:a|any) (?:news |story )?(?:tips?|story|stories)(?: [^?]{0,60})?\?.{0,300}|for more stories like this\b.{0,80}"
    r"|this site is protected by recaptcha\b.{0,200}|(?:box aufklappen|ende der weiteren informationen).{0,40}|ein klick für den datenschutz"
    r"|link zum (?:youtube|twitter|instagram|facebook|tiktok)[\w-]*[ -]inhalt|dieses thema im programm:.{0,200}|empfehlungen der redaktion"
    r"|czytaj więcej|zobacz więcej|les mer|läs mer|læs mere|lue lisää|leer más|lire plus|continua a leggere|ler mais|číst více|devamını oku"
    r"|有料会員.{0,120}|カテゴリーをフォローする|おすすめ(?:情報|記事)|関連記事|【関連記事】.{0,200}|\[pr\]"
    r"|(?:last )?updated? (?:at|on) \d.{0,40}"
    r"|(?:e-?mail|write to|contact|reach) .{3,80}(?:@| at \S+@).{0,250}"
    # credits of pictures; ages of posts
    r"|(?:photo|image|picture)s?(?: credit)?s?\s*: [^.!?]{2,80}|(?:fotos?|bild(?:er)?|credits?)\s*: [^.!?]{2,80}"
    r"|\d{1,2} (?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?) ago(?:(?: at)? ?\d.{0,40})?|vor \d{1,2} (?:minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?)"
    r"|\d{1,2} (?:menit|jam|hari|minggu|bulan) (?:yang )?lalu|(?:published|posted|last updated)\b[^.!?]{0,90}\b(?:ago|(?:19|20)\d\d|read)\b[^.!?]{0,40}"
    # walls and lists for members
    r"|this content is reserved for subscribers.{0,40}|subscribe (?:now )?to (?:unlock|read|continue)\b[^.!?]{0,120}\.?|(?:subscribe ?)?already (?:subscribed|a subscriber)\?.{0,60}"
    r"|(?:join|start) the conversation\.?|join our commenting forum|article content|author of the article:?|support local journalism\.?|back to gallery"
    r"|this advertisement has not loaded.{0,80}|advertisement \d{1,2}|by submitting your email.{0,160}|invalid email|(?:register|sign in)\b[^.!?]{0,40}\bto unlock[^.!?]{0,60}"
    r"|create an account or sign in\b.{0,80}|share your thoughts and join.{0,60}|enjoy additional articles per month\.?|get email updates from .{0,40}"
    r"|don.t have an account\?.{0,60}|du musst angemeldet sein.{0,60}|you must be logged in.{0,60}"
    # players and posts that wait for consent
    r"|externer inhalt nicht verfügbar|dein(?:e|en) privatsphäre-einstellungen.{0,300}|an dieser stelle findest du.{0,300}|personenbezogene daten können an drittplattformen.{0,200}"
    # shares, and what else there is to read
    r"|copy link|e-?mail|x|bluesky|threads|messenger|flipboard|pinterest|reddit|linkedin|tumblr|telegram|share this story ?:.{0,250}"
    r"|das könnte (?:sie|dich|euch) (?:auch )?interessieren:?|you (?:may|might) also (?:like|be interested in).{0,20}|(?:vorheriger|nächster|previous|next) (?:artikel|article|post): .{3,200}"
    r"|geschrieben am .{6,60}|関連(?:企業・業界|キーワード|トピックス?|リンク)|こちらもおすすめ.{0,12}",
])  # fmt: skip
# Notes that begin with a name: tried only where the text holds the first string, since they look far through it.
_NAMED = (
    (
        " contributed ",
        re.compile(r".{3,120} contributed (?:to )?(?:this )?(?:report|reporting|story|article|research)\b.{0,120}"),
    ),
    (" be ", re.compile(r".{3,60} (?:may|can) be (?:reached|contacted) (?:at|on|by) .{3,200}")),
)
# What a story may say too: taken for a note only with a link, at the head or the end.
_LINKED = re.compile(
    r".{0,150}\b(?:sign up|subscribe|abonnier\w*|suscríb\w*|inscrivez|iscriviti|registrieren)\b.{0,200}"
    r"|(?:also|related|(?:see )?more|watch|must read|don.t miss|in case you missed it|read)\s*[:|] .{3,160}"
    r"|follow .{2,60} on (?:twitter|facebook|instagram|x|threads|bluesky)\b.{0,120}"
    r"|(?:note: )?.{0,80}\bcomments?\b.{0,80}\b(?:moderat\w+|closed|disabled|guidelines|policy)\b.{0,120}",
)
_LONGEST = 400


def is_note(block: RawBlock, *, is_edge: bool) -> bool:
    """Whether a block is a note of the paper's; `is_edge` says that it stands among the first or last blocks."""
    if len(block.text) > _LONGEST:
        return False
    text = block.text.lower()
    for hint, pattern in _NAMED:
        if hint in text and pattern.fullmatch(text):
            return True
    return _ANYWHERE.fit(text) or (is_edge and bool(block.links) and _LINKED.fullmatch(text) is not None)
