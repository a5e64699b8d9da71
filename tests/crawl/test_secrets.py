"""Secrets that a crawl meets do not enter the archive: neither in redirects, details and headers nor in the command
line.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.archive.file import connection
from scraper.fetch import user_agent
from tests.archive.made import opened
from tests.crawl.makers import query, run, setup
from tests.faults import AFTER, BEFORE, FAULTY, page, paper
from tests.faultserver import FaultServer, response

if TYPE_CHECKING:
    from pathlib import Path

CONTACT = "ani@lembaga.example"
PASSWORD = "rah@sia-kunci"  # noqa: S105  (nobody's)
TOKEN = "tiket-masuk-0815"  # noqa: S105


def test_no_secret_that_a_crawl_meets_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with FaultServer() as server:
        server.routes |= paper("127.0.0.1", server.port)
        headers = {"Set-Cookie": f"sid={TOKEN}", "X-Auth-Token": TOKEN, "X-CSRF-Token": TOKEN}
        server.routes[BEFORE] = response(page(), headers=headers)
        there = f"//ani:{PASSWORD}@127.0.0.1:{server.port}/pindah"
        server.routes["/pindah"] = response(page("Pindah."))
        server.routes[FAULTY] = response(b"", status="302 Found", headers={"Location": f"http:{there}"})
        server.routes[AFTER] = response(b"", status="302 Found", headers={"Location": f"ftp:{there}"})
        settings = replace(setup(server), contact=CONTACT, user_agent=user_agent("0", CONTACT))
        run(path, settings, f"http://ani:{PASSWORD}@127.0.0.1:{server.port}/feed.xml")
        assert {request.headers.get("from") for request in server.requests} == {CONTACT}, "the papers are told"
    whole = path.read_bytes()
    for secret in (PASSWORD, "sia-kunci", "rah@", TOKEN):
        assert secret.encode() not in whole
    details = query(path, "SELECT reason, detail FROM fetches WHERE detail IS NOT NULL")
    assert any(reason == "blocked_scheme" and "127.0.0.1" in detail for reason, detail in details)
    kept = {name: value for (text,) in query(path, "SELECT headers FROM captures") for name, value in json.loads(text)}
    assert [kept[name] for name in ("set-cookie", "x-auth-token", "x-csrf-token")] == ["", "", ""]
    assert query(path, "SELECT agent FROM runs") == [(f"kliping/0 (+{CONTACT})",)]
    assert whole.count(CONTACT.encode()) == 1, "once for the run, in no capture"
    with opened(path, "read") as db:
        connection.keep_private(db.conn)
        assert list(db.query("SELECT id, agent FROM runs")) == [{"id": 1, "agent": None}]
