"""Invalid certificates, on a server that speaks TLS: nothing is sent to it, and other papers are read."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.crawl.makers import query, run, setup
from tests.faults import AFTER, BEFORE, FAULTY, paper
from tests.faultserver import FaultServer

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.crawl import Summary
    from tests.faultserver import Answer

PAPERS = {"good": "127.7.0.1", "expired": "127.7.0.2", "self_signed": "127.7.0.3", "wrong_host": "127.7.0.4"}
SAYS = {"expired": "certificate has expired", "self_signed": "self-signed", "wrong_host": "IP address mismatch"}


def certificates(authority: trustme.CA, *, are_good: bool) -> dict[str, ssl.SSLContext]:
    """A context for each paper."""
    made = {address: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for address in PAPERS.values()}
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for name, address in PAPERS.items():
        issued = authority.issue_cert(address)
        if are_good or name == "good":
            issued.configure_cert(made[address])
        elif name == "expired":
            old = authority.issue_cert(address, not_before=yesterday - timedelta(days=90), not_after=yesterday)
            old.configure_cert(made[address])
        elif name == "wrong_host":
            authority.issue_cert("koran-lain.example", "127.7.0.99").configure_cert(made[address])
    if not are_good:
        stranger = trustme.CA()  # its own certificate is signed by nobody else
        with stranger.cert_pem.tempfile() as chain, stranger.private_key_pem.tempfile() as key:
            made[PAPERS["self_signed"]].load_cert_chain(chain, key)
    return made


def crawl_all(path: Path, server: FaultServer) -> Summary:
    for address in PAPERS.values():
        server.sites[address] = {
            name: answer.replace(b"http://", b"https://") if isinstance(answer, bytes) else answer
            for name, answer in paper(address, server.port).items()
        }
    feeds = [f"https://{address}:{server.port}/feed.xml" for address in PAPERS.values()]
    return run(path, setup(server), *feeds, again=True)


@pytest.mark.parametrize("was_good", [False, True], ids=["at first contact", "after it was good"])
def test_a_certificate_that_is_no_good_is_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, was_good: bool
) -> None:
    path = tmp_path / "a.db"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    sites: dict[str, dict[str, Answer]] = {address: {} for address in PAPERS.values()}
    port = 0
    if was_good:
        with FaultServer(sites=dict(sites), certificates=certificates(authority, are_good=True)) as server:
            assert crawl_all(path, server).reasons == {"ok": 16}
            port = server.port
    with FaultServer(sites=dict(sites), certificates=certificates(authority, are_good=False), port=port) as server:
        bad = crawl_all(path, server)
        assert {request.address for request in server.requests} == {PAPERS["good"]}, "nothing is sent to a stranger"
    expected = {"tls": 3, "unchanged": 1} if was_good else {"tls": 3, "ok": 4}
    assert bad.reasons == expected
    assert bad.exit_code == 3
    details = query(
        path, "SELECT u.host, f.detail FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE f.reason = 'tls'"
    )
    assert {host: SAYS[name] in detail for host, detail in details for name in SAYS if PAPERS[name] == host} == {
        PAPERS[name]: True for name in SAYS
    }
    good = f"https://{PAPERS['good']}:{server.port}"
    assert query(path, f"SELECT url FROM articles WHERE url LIKE '{good}%' ORDER BY url") == [
        (good + each,) for each in (BEFORE, FAULTY, AFTER)
    ]


def test_a_process_that_crawls_for_months_makes_one_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each holds all certificates of the system; one for every run, or every paper, made a schedule grow."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    made, make = list[ssl.SSLContext](), ssl.create_default_context

    def counted() -> ssl.SSLContext:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", counted)
    sites: dict[str, dict[str, Answer]] = {address: {} for address in PAPERS.values()}
    with FaultServer(sites=sites, certificates=certificates(authority, are_good=True)) as server:
        assert [crawl_all(tmp_path / "a.db", server).exit_code for _ in range(3)] == [0, 0, 0]
    assert len(made) == 1
