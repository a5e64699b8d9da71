"""No secret outlives the moment it is needed: headers, addresses and command lines as they are stored."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discreet import is_session, kept_arguments, kept_headers, kept_request, product
from scraper.urls import absolute, without_userinfo

SECRET = st.text(alphabet="abXY09@:!$&'()*+,;=-._~%", min_size=1, max_size=12).map(lambda text: f"q7{text}7q")


@given(
    SECRET,
    st.sampled_from(("http://", "https://", "//", "ftp://", "http:\\\\", "https:", "HTTP://", "http:/\\")),
    st.sampled_from(("", " ke sana", "'", "\n//x/")),
)
def test_nothing_of_a_password_stays_in_a_text(secret: str, scheme: str, behind: str) -> None:
    kept = without_userinfo(f"Location: '{scheme}ani:{secret}@contoh.id:80/a@b?c=@d{behind}")
    assert secret not in kept
    assert "q7" not in kept
    assert kept.endswith(f"contoh.id:80/a@b?c=@d{behind}")
    assert "q7" not in kept_arguments(
        [
            "crawl",
            f"--proxy={scheme}ani:{secret}@contoh.id:80",
            "--proxy",
            f"ani:{secret}@contoh.id:80",
            f"http://{secret} dan spasi@contoh.id/",
        ]
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://medium.example/@penulis/tulisan",
        "surel ani@contoh.id",
        "https://contoh.id/?q=a@b",
        "a // b@c",
        "https: a@b",
    ],
)
def test_an_at_sign_that_ends_no_password_stays(text: str) -> None:
    assert without_userinfo(text) == text


def test_what_is_taken_for_a_password_here_is_one_there() -> None:
    url = "http://ani:pa@ss@contoh.id/x"
    assert absolute(url, None) == without_userinfo(url) == "http://contoh.id/x"
    assert urlsplit(url).hostname == "contoh.id"


def test_sessions_have_names_and_no_values() -> None:
    secret = [
        "Set-Cookie",
        "cookie2",
        "X-CSRF-Token",
        "X-Auth-Token",
        "Authorization",
        "X-WP-Nonce",
        "X-API-Key",
        "session-id",
        "X-Amz-Security-Token",
        "JWT",
    ]
    open_ = [
        "Content-Type",
        "ETag",
        "Access-Control-Allow-Credentials",
        "Author",
        "Keywords",
        "X-Cache-Key",
        "WWW-Authenticate",
        "X-Robots-Tag",
        "Last-Modified",
    ]
    assert [name for name in secret if not is_session(name)] == []
    assert [name for name in open_ if is_session(name)] == []
    headers = (("Set-Cookie", "sid=7"), ("link", "<https://a:b@contoh.id/>; rel=next"))
    assert kept_headers(headers) == (("Set-Cookie", ""), ("link", "<https://contoh.id/>; rel=next"))


def test_who_asked_is_not_kept_with_what_was_asked() -> None:
    asked = (
        ("user-agent", "kliping/0.1 (+https://lembaga.example/riset)"),
        ("from", "ani@lembaga.example"),
        ("accept", "text/html"),
    )
    assert kept_request(asked) == (("user-agent", "kliping/0.1"), ("from", ""), ("accept", "text/html"))
    assert (
        product("Mozilla/5.0 (compatible; heritrix/3.4 +http://lembaga.example) ani@lembaga.example") == "Mozilla/5.0"
    )
    line = [
        "crawl",
        "tribun",
        "--contact",
        "ani@lembaga.example",
        "--user-agent=riset (ani@lembaga.example)",
        "--since",
        "2019-01-01",
    ]
    assert kept_arguments(line) == "crawl tribun --contact … --user-agent=… --since 2019-01-01"
