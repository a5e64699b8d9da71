"""The archive: one SQLite file that holds every capture, everything read from it, and the crawler's state.

The sole importer of sqlite3, sqlite_utils and zstandard. `with open_archive(path, mode="crawl") as db:` gives the
handle that every function here takes as its first argument; errors in the block are raised as ArchiveError.

The names imported below are offered here; each is loaded with its module when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.lazy import offer

if TYPE_CHECKING:
    from scraper.archive.alarms import (
        Alarm,
        HealthCheck,
        accept_alarm,
        accepted_at,
        alarm,
        alarms,
        alarms_told,
        health_history,
        last_checks,
        save_health,
        untold_alarms,
    )
    from scraper.archive.alarms import Scope as HealthScope
    from scraper.archive.arrivals import Arrival, arrivals, clusters_of, not_compared
    from scraper.archive.articles import Reading, SiteRow, is_changed, is_kept, returns_to_older, version_of
    from scraper.archive.backup import back_up
    from scraper.archive.bodies import ZstdFrame, decompress
    from scraper.archive.connection import (
        MIN_FREE_BYTES,
        Mode,
        bound,
        checkpoint,
        commit,
        is_failure,
        is_writing,
        keep_private,
        open_archive,
        part,
        path_of,
        put_in_place,
        snapshot,
        transaction,
        translated,
        undo_in_memory,
    )
    from scraper.archive.counts import Stats, stats
    from scraper.archive.crawling import (
        CoverageRow,
        CoverageState,
        LastRun,
        OpenRun,
        ask_days,
        coverage,
        coverage_days,
        coverage_of_run,
        day_counts,
        last_runs,
        looked_at,
        looked_at_urls,
        open_run,
        read_for_other_days,
        rhythm,
        save_turns,
        turns,
    )
    from scraper.archive.descriptions import dictionary
    from scraper.archive.disk import DiskUse, disk_use
    from scraper.archive.doubts import (
        Doubt,
        Earlier,
        Suspect,
        captures_beside,
        earlier_at,
        gave_text_since,
        given_at,
        has_given,
        title_hint,
        waiting_suspect,
        with_same_address,
        with_same_ending,
        with_same_text,
        with_same_title,
        with_text_of,
    )
    from scraper.archive.filters import ALL, Filter, filter_sql
    from scraper.archive.followed import Followed, followed_hosts
    from scraper.archive.frontier import (
        QueuedLink,
        add_links,
        due_hosts,
        finish_run,
        is_due,
        known_urls,
        lease,
        leased_count,
        make_due,
        next_due_at,
        queued_count,
        release,
        restore,
        start_run,
        unsay,
    )
    from scraper.archive.hashes import sampled
    from scraper.archive.identity import Identity, Move, known_as, move_of, moves, same_article
    from scraper.archive.idle import idle_parameters, without_parameters
    from scraper.archive.imports import (
        Import,
        ImportKind,
        Place,
        WaitingRevisit,
        begin_import,
        body_by_digest,
        capture_named,
        capture_of_visit,
        has_visit,
        import_page,
        imported_by_month,
        is_named,
        keep_robots,
        keep_waiting,
        known_for_import,
        known_import,
        name_visit,
        newest_version_at,
        note_import,
        origin_digest,
        waiting_revisits,
        waits_no_longer,
    )
    from scraper.archive.joining import add_earlier
    from scraper.archive.library import Database as Archive
    from scraper.archive.lock import crawler_of, making
    from scraper.archive.merge import Merged, merge
    from scraper.archive.near import Cluster, Member, SharedQuote, clusters
    from scraper.archive.news import Digest, News, NewsItem, open_news
    from scraper.archive.overlap import Overlap, overlap
    from scraper.archive.packing import Packed, drop_dictionaries, pack_bodies, pack_window, unpacked_count
    from scraper.archive.pageresult import PageResult, Saved
    from scraper.archive.passages import Passage, Text, chosen_articles, described, passages, texts
    from scraper.archive.provenance import Provenance, provenance
    from scraper.archive.prune import Pruned, PrunePolicy, plan_prune, prune
    from scraper.archive.publishers import load_publisher, save_publishers
    from scraper.archive.read import (
        StoredArticle,
        StoredCapture,
        Taken,
        article,
        article_pages,
        article_record,
        capture,
        capture_at,
        capture_found_on,
        captures,
        captures_of,
        find_capture,
        published_at,
    )
    from scraper.archive.readersql import as_rows, ask, read_sql
    from scraper.archive.rejudging import Boundary, Rejudged, boundaries, keep_rejudged, last_revised
    from scraper.archive.rereads import (
        Applied,
        Change,
        Chosen,
        Reread,
        Unread,
        apply_reread,
        compared,
        keep_reread,
        last_numbers,
        open_reread,
        reread_changes,
        undo_reread,
        unread_articles,
        unread_captures,
    )
    from scraper.archive.search import (
        COUNT_BY,
        HIT_END,
        HIT_START,
        CountBy,
        Order,
        SearchHit,
        Understood,
        count,
        search,
        search_ids,
        understand,
    )
    from scraper.archive.searches import (
        SavedSearch,
        is_search_name,
        narrowed,
        save_search,
        saved_search,
        saved_searches,
        searches_file,
    )
    from scraper.archive.seen import Seen, answered_before, hosts_well_before, seen, standing, was_read
    from scraper.archive.selection import (
        Selection,
        Unreadable,
        articles,
        count_articles,
        fingerprint,
        first_of_body,
        kind_of_capture,
        read_capture,
        selected_articles,
        selected_captures,
        selected_months,
    )
    from scraper.archive.sitewide import load_robots, load_tdm, save_robots, save_tdm
    from scraper.archive.slim import is_slim, slim_copy
    from scraper.archive.soundness import check
    from scraper.archive.sources import FRESH, site_count
    from scraper.archive.sources import Attempts as HealthAttempts
    from scraper.archive.sources import Event as HealthEvent
    from scraper.archive.sources import Found as HealthFound
    from scraper.archive.sources import Looks as HealthLooks
    from scraper.archive.sources import Reading as HealthReading
    from scraper.archive.sources import Sources as HealthSources
    from scraper.archive.store import body_of, store_body
    from scraper.archive.tallies import (
        Span,
        Tally,
        TallyBy,
        days_looked,
        days_walked,
        has_articles,
        sites_of,
        tallies,
        undated,
    )
    from scraper.archive.templates import SitePage, hosts, site_pages
    from scraper.archive.terms import Term, term, top_terms, word_total
    from scraper.archive.verify import Damage, unchecked, verify
    from scraper.archive.versions import History, StoredVersion, versions_of
    from scraper.archive.visits import Visit, headline_of, last_visit, robots_of, unvisited, visits
    from scraper.archive.watch import limited
    from scraper.archive.write import is_read, save_page

offer(__name__)
