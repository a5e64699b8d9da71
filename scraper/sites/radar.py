"""The regional papers of the Jawa Pos group (Radar …, Pontianak Post, Kaltim Post): sub-domains of jawapos.com since about 2022.

They ran on the Promedia system until 2025 and on that of www.jawapos.com since.
"""

from __future__ import annotations

import re
from dataclasses import replace

from scraper.sites import Portal, Site, jawapos, promedia
from scraper.sites.portals import papers, zone_of

_KALBAR = "Kalimantan Barat"
_PAPERS = (
    ("riaupos", "Riau Pos", "Riau"),
    ("radarkediri", "Radar Kediri", "Jawa Timur"),
    ("radartarakan", "Radar Tarakan", "Kalimantan Utara"),
    ("baliexpress", "Bali Express", "Bali"),
    ("kaltimpost", "Kaltim Post", "Kalimantan Timur"),
)
SITE = Site(
    name="jawapos-radar",
    title="Regional papers of the Jawa Pos group",
    portals=(
        Portal(
            slug="pontianak-post",
            brand="Pontianak Post",
            hosts=("pontianakpost.jawapos.com", "pontianakpost.co.id", "www.pontianakpost.co.id"),
            zone=zone_of(_KALBAR),
            province=_KALBAR,
        ),
        *papers("jawapos", "jawapos.com", _PAPERS),
        # Whatever its region; only the ones above are known by name.
        Portal(slug="jawapos-jaringan", brand="Radar (Jawa Pos group)", hosts=("*.jawapos.com",)),
    ),
    article_path=re.compile(
        rf"{promedia.ARTICLE_PATH.pattern}|^/(?:[a-z0-9-]+/){{1,2}}(?:[^/-]+-){{3,}}[^/-]+/?$"
        # /politik/18/07/2021/slug · /read/2019/10/07/158432/slug
        r"|^/(?:[a-z0-9-]+/){1,2}\d{2}/\d{2}/\d{4}/[^/]+/?$|^/read/\d{4}/\d{2}/\d{2}/\d+/[^/]+"
    ),
    other_path=promedia.OTHER_PATH,
    discovery=replace(
        promedia.DISCOVERY,
        sections=("https://{host}/", "https://{host}/daerah"),
        embedded=jawapos.SITE.discovery.embedded,
        link=jawapos.SITE.discovery.link,
    ),
    layouts=(*jawapos.SITE.layouts, *promedia.LAYOUTS),
    dateline_names=("RADAR *",),
    note="The zone of a paper that is not listed is taken for WIB. pontianakpost.co.id ran on Drupal until 2021, of which no page was seen:"
    " the generic reader takes it.",
)
