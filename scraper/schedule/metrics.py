"""The state of a schedule as Prometheus text, on a port of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scraper.errors import ExtraMissing, KlipingError

if TYPE_CHECKING:
    from types import TracebackType

    from scraper.schedule.happenings import Happening


class Metrics:
    """A watcher that counts, and serves its counts at http://ADDRESS:PORT/metrics while it is open.

    Raises ExtraMissing, and KlipingError if the port is taken.
    """

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        try:
            import prometheus_client as prometheus  # noqa: PLC0415  (an extra)
        except ImportError as error:
            raise ExtraMissing("--metrics", "metrics") from error
        prometheus.disable_created_metrics()  # type: ignore[no-untyped-call]
        registry = prometheus.CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Any:
            return prometheus.Counter(f"kliping_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Any:
            return prometheus.Gauge(f"kliping_{name}", text, labels, registry=registry)

        self._attempts = counter("attempts", "Attempts by how they ended", "host", "kind", "reason")
        self._bytes = counter("received_bytes", "Bytes on the wire of bodies", "host")
        self._links = counter("found_links", "New URLs found", "host")
        self._articles = counter("articles", "Articles, new or changed", "crawl", "change")
        self._crawls = counter("crawls", "Runs by exit code", "crawl", "exit_code")
        self._seconds = counter("crawl_seconds", "Seconds spent in runs", "crawl")
        self._last = gauge("last_crawl_timestamp_seconds", "When a run last ended", "crawl")
        self._queued = gauge("queued_urls", "URLs in the queue")
        self._due = gauge("due_urls", "URLs in the queue that are due")
        self._alive = gauge("alive_timestamp_seconds", "When the schedule last showed a sign of life")
        self._rejected = gauge("plan_rejected", "1 while the plan file holds an edit that was not taken")
        self._prometheus, self._registry = prometheus, registry
        self._port, self._address = port, address
        self._server: Any = None
        self._thread: Any = None

    @property
    def port(self) -> int:
        """The port it listens on; available only while it is open."""
        return int(self._server.server_port)

    def __enter__(self) -> Self:
        try:
            self._server, self._thread = self._prometheus.start_http_server(
                self._port, self._address, registry=self._registry
            )
        except OSError as error:
            raise KlipingError(f"--metrics {self._port}: {error.strerror or error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __call__(self, happening: Happening) -> None:
        """Count an event."""
        fields = happening.fields
        self._alive.set(happening.at.timestamp())
        if happening.name == "attempt":
            self._attempts.labels(fields["host"], fields["kind"], fields["reason"]).inc()
            self._bytes.labels(fields["host"]).inc(fields["bytes_seen"] or 0)
            self._links.labels(fields["host"]).inc(fields["new_links"])
        elif happening.name == "crawl_ended":
            crawl = ",".join(fields["crawls"])
            self._crawls.labels(crawl, str(fields["exit_code"])).inc()
            self._seconds.labels(crawl).inc(fields["seconds"])
            self._last.labels(crawl).set(happening.at.timestamp())
            self._articles.labels(crawl, "new").inc(fields["new_articles"])
            self._articles.labels(crawl, "changed").inc(fields["changed_articles"])
            self._queued.set(fields["queued"])
            self._due.set(fields["due"])
        elif happening.name in ("plan_loaded", "plan_rejected"):
            self._rejected.set(happening.name == "plan_rejected")
