"""The Datasette plugin: our pages, the headers of every answer, and the stylesheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils.asgi import Response

from scraper.archive.file import connection
from scraper.errors import ArchiveSlow
from scraper.serve import asking, changing, copying, pages, revising, searching, timing, views
from scraper.serve.counting import TooManyQuestions
from scraper.serve.messages import language_of
from scraper.serve.source import NAME, source_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_STATIC = Path(__file__).parent / "static"
_STYLE, _ICON = ((_STATIC / name).read_text("utf-8") for name in ("kliping.css", "kliping.svg"))
# No page runs a script, not even Datasette's, whose templates are replaced by ours.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_METHODS = ("GET", "HEAD")  # readers cannot change anything here
_ROUTES: tuple[tuple[str, Callable[..., Awaitable[Response]]], ...] = (
    (r"^/$", pages.front),
    (r"^/overview\.json$", pages.front_json),
    (r"^/search$", searching.search_view),
    (r"^/search\.json$", searching.search_json),
    (r"^/search\.csv$", searching.search_csv),
    (r"^/search\.atom$", searching.search_atom),
    (r"^/search\.(?P<form>bib|ris|csl\.json)$", searching.search_references),
    (r"^/articles/(?P<id>\d{1,18})$", pages.article_view),
    (r"^/articles/(?P<id>\d{1,18})\.json$", pages.article_json),
    (r"^/articles/(?P<id>\d{1,18})\.(?P<form>bib|ris|csl\.json)$", revising.reference_view),
    (r"^/articles/(?P<id>\d{1,18})/diff/(?P<first>\d{1,9})/(?P<second>\d{1,9})$", revising.difference),
    (r"^/captures/(?P<id>\d{1,18})/body$", pages.raw_body),
    (r"^/changes$", changing.changes),
    (r"^/changes\.csv$", changing.changes_csv),
    (r"^/changes\.atom$", changing.changes_atom),
    (r"^/copies$", copying.copies),
    (r"^/copies\.csv$", copying.copies_csv),
    (r"^/copies\.atom$", copying.copies_atom),
    (r"^/trends(?:\.csv)?$", timing.trends_view),
    (r"^/concordance(?:\.csv)?$", asking.concordance_view),
    (r"^/words(?:\.csv)?$", asking.words_view),
    (r"^/names(?:\.csv)?$", asking.names_view),
    (r"^/spread(?:\.csv)?$", asking.spread_view),
    (r"^/sites$", pages.sites_view),
    (r"^/sites/(?P<slug>[\w.-]{1,100})$", pages.site_view),
    (r"^/authors$", pages.authors_view),
    (r"^/authors/(?P<id>\d{1,18})$", pages.author_view),
    (r"^/regions$", pages.regions_view),
    (r"^/regions/(?P<code>\d{2}(?:\.\d{2})?)$", pages.region_view),
    (r"^/network$", pages.network_view),
    (r"^/tables$", pages.tables_view),
    (r"^/questions$", pages.ready),
    (r"^/runs$", pages.runs_view),
    (r"^/stop$", views.stop),
    # Datasette shows its files, settings and plugins there; they are its operator's business.
    (r"^/-/(?!kliping\.|static/|static-plugins/).*$", views.missing),
    (r"^/[^/]*\.db$", views.missing),
)


async def _style() -> Response:
    return Response(_STYLE, content_type="text/css; charset=utf-8")


async def _icon() -> Response:
    return Response(_ICON, content_type="image/svg+xml")


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Our pages, only if `kliping serve` started Datasette: in any other they would hide its own."""
    if source_of(datasette) is None:
        return []
    return [*_ROUTES, (r"^/-/kliping\.css$", _style), (r"^/-/kliping\.svg$", _icon)]


@hookimpl
def prepare_connection(conn: Any, datasette: Datasette) -> None:
    """Limits on readers' SQL, and what it may not see."""
    if source_of(datasette) is not None:
        connection.bound(conn)
        connection.keep_private(conn)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Security headers on every answer; Datasette sets none (measured on 0.65.5)."""
    if source_of(datasette) is None:
        return lambda app: app

    def wrap(app: Any) -> Any:
        async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
            async def send_guarded(event: dict[str, Any]) -> None:
                if event["type"] == "http.response.start":
                    headers = [
                        (name, value) for name, value in event.get("headers", []) if name.lower() not in dict(_HEADERS)
                    ]
                    if any(
                        name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers
                    ):
                        headers += _spoken(scope)
                    event = {**event, "headers": [*headers, *_HEADERS, (b"content-security-policy", _POLICY.encode())]}
                await send(event)

            refusal = _refusal(datasette, scope) if scope["type"] == "http" else None
            if refusal is not None:
                await refusal.asgi_send(send_guarded)
                return
            await app(scope, receive, send_guarded)

        return guarded

    return wrap


def _spoken(scope: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    """The headers that state the language of a page."""
    asked = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language"), None)
    return [(b"content-language", language_of(asked).encode()), (b"vary", b"accept-language")]


def _refusal(datasette: Datasette, scope: dict[str, Any]) -> Response | None:
    """The answer to a request that no reader of these pages would send; None for any other."""
    if scope["method"] not in _METHODS:
        return Response("GET and HEAD only", status=405, headers={"allow": ", ".join(_METHODS)})
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    # A page of the web can point its own name at our address and then read us as if we were itself ("DNS rebinding").
    if not datasette.hosts.allows(host):
        return Response(
            f"kliping serve does not answer to the name {host[:100]!r}. If it is a name of this machine, or of a proxy"
            " in front of it, start it with --allow-host NAME.\n",
            status=421,
            content_type="text/plain; charset=utf-8",
        )
    # Links from elsewhere may be followed; what another site's page loads by itself is not for its reader.
    is_foreign = headers.get(b"sec-fetch-site") in ("cross-site", "same-site")
    if is_foreign and headers.get(b"sec-fetch-mode") != "navigate":
        return Response("Pages of other sites may link here, not load this.\n", status=403)
    return None


@hookimpl
def extra_template_vars(request: Request | None, datasette: Datasette) -> Any:
    """Datasette's own pages, and those of its plugins, get our frame and our words."""
    return (lambda: views.frame(datasette, request)) if source_of(datasette) is not None else {}


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:
    """Our own page for what does not exist, takes too long, cannot be read or is refused; programs get Datasette's
    JSON.
    """
    if source_of(datasette) is None:
        return None
    status = getattr(exception, "status", None)
    if isinstance(exception, ArchiveSlow) or getattr(exception, "title", None) == "SQL Interrupted":
        return None if _is_data(request) else lambda: views.too_slow(datasette, request)
    if isinstance(exception, TooManyQuestions):
        return lambda: views.too_many(datasette, request)
    if status is None:
        return lambda: views.unreadable(datasette, request, exception)
    if _is_data(request):
        return None
    return lambda: views.refusal_view(datasette, request, exception)


def _is_data(request: Request) -> bool:
    """Whether Datasette is answering a program."""
    path = str(request.path)
    return path.startswith(f"/{NAME}") and path.endswith((".json", ".csv"))
