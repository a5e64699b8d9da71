"""Pages in designs that look like no other site's, for tests of how bodies are stored."""

from __future__ import annotations

import random

WORDS = "warga desa banjir jalan kantor bupati pasar sungai polisi sekolah jembatan hujan rumah dinas kota".split()


def template(seed: int, size: int = 400) -> list[str]:
    """The markup of a site: lines that look like no other template's."""
    chance = random.Random(seed)
    return [
        f'<div class="c{chance.getrandbits(64):x}"><a href="/{chance.getrandbits(64):x}">{chance.choice(WORDS)}</a></div>'
        for _ in range(size)
    ]


def page(design: list[str], number: int, *, words: int = 300) -> bytes:
    """An article in a design, with words of its own."""
    chance = random.Random(number)
    text = " ".join(chance.choice(WORDS) for _ in range(words))
    half = len(design) // 2
    return "\n".join([*design[:half], f"<p>{number} {text}</p>", *design[half:]]).encode()
