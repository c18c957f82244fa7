"""What a scrape tells, and that it follows the rules by which Prometheus names figures."""

import asyncio
import re
import threading
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from hardwire.app import parts
from hardwire.app.metrics.devices import DEVICES_LIMIT, LOST, STALE, UP, state_of
from hardwire.app.metrics.devices import families as device_families
from hardwire.app.metrics.family import Kind, Writer
from hardwire.app.metrics.lag import EVERY_S
from hardwire.app.metrics.reader import Reader, families
from hardwire.contracts.question import ReadMetrics
from hardwire.model.command import Done, Failed
from hardwire.model.device import Device
from hardwire.model.errors import CallerError
from hardwire.model.fact import Sample
from tests.app.metrics.page import value, values
from tests.app.metrics.sources import sources
from tests.fakes.paper_conversation import CALLED, PaperConversation

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NAME = re.compile(r"hardwire_[a-z]+(?:_[a-z]+)*")


async def test_a_page_is_one_that_prometheus_reads(tmp_path: Path) -> None:
    async with sources(tmp_path) as (stage, told):
        stage.hub.declare(Device(id='odd "name"\\', kind="meter"))
        stage.hub.publish(Sample('odd "name"\\', NOW, {"power_w": 1}))
        told.clients.enter(CALLED, PaperConversation())
        told.server.answered["obniz", 2] += 3
        stage.hub.figures.answered(Done())
        stage.hub.figures.answered(Failed(CallerError("no")))

        page = await Reader(told, parts.exposition).answer(ReadMetrics())

    assert value(page, "hardwire_facts_total", kind="sample") == 1
    assert value(page, "hardwire_device_state", device='odd "name"\\') == UP
    assert value(page, "hardwire_websockets", dialect="obniz", transport="plain") == 1
    assert value(page, "hardwire_http_requests_total", dialect="obniz", status="2xx") == 3
    assert value(page, "hardwire_commands_total", outcome="refused") == 1
    assert value(page, "hardwire_posts_waiting") == 2
    assert value(page, "hardwire_orders_waiting") == 3
    assert value(page, "hardwire_auth_failures_total") == 5
    assert value(page, "hardwire_store_size_bytes", file="main") > 0
    assert value(page, "process_resident_memory_bytes") > 0


async def test_each_counter_is_told_under_its_own_name(tmp_path: Path) -> None:
    async with sources(tmp_path) as (_, told):
        ledger, flusher = told.connections, told.flusher
        told.server.opened["tls"] = 11
        ledger.refused, ledger.dropped = 12, 13
        flusher.frames, flusher.bytes, flusher.dropped, flusher.cut = 14, 15, 16, 17
        told.lag.note(EVERY_S + 1.5)

        page = await Reader(told, parts.exposition).answer(ReadMetrics())
        again = await Reader(told, parts.exposition).answer(ReadMetrics())

    assert value(page, "hardwire_connections_opened_total", transport="tls") == 11
    assert value(page, "hardwire_connections_refused_total") == 12
    assert value(page, "hardwire_connections_dropped_total") == 13
    assert value(page, "hardwire_deliveries_total") == 14
    assert value(page, "hardwire_delivered_bytes_total") == 15
    assert value(page, "hardwire_messages_dropped_total") == 16
    assert value(page, "hardwire_clients_too_slow_total") == 17
    assert value(page, "hardwire_lockouts_total") == 1
    assert value(page, "hardwire_event_loop_lag_seconds_count") == 1
    assert [value(one, "hardwire_event_loop_lag_worst_seconds") for one in (page, again)] == [1.5, 0]


async def test_the_store_tells_its_rows_and_its_failures(tmp_path: Path) -> None:
    async with sources(tmp_path) as (_, told):
        figures = told.store.figures
        before = await Reader(told, parts.exposition).answer(ReadMetrics())
        figures.begin()
        figures.end(is_durable=True, new_rows=21, repeated_rows=22)
        for _ in range(23):
            figures.end(is_durable=False)

        after = await Reader(told, parts.exposition).answer(ReadMetrics())

    rose = {
        name: value(after, f"hardwire_store_{name}") - value(before, f"hardwire_store_{name}")
        for name in ("rows_written_total", "rows_repeated_total", "commit_errors_total", "commits_total")
    }
    assert rose == {"rows_written_total": 21, "rows_repeated_total": 22, "commit_errors_total": 23, "commits_total": 1}


async def test_names_keep_the_rules_of_prometheus(tmp_path: Path) -> None:
    async with sources(tmp_path) as (_, told):
        read = tuple(families(told))

    names = [family.name for family in read]
    assert len(names) == len(set(names))
    for family in read:
        assert NAME.fullmatch(family.name), family.name
        assert family.name.endswith("_total") == (family.kind is Kind.COUNTER), family.name
        assert family.name.endswith("_info") == (family.kind is Kind.INFO), family.name
        assert not family.name.endswith(("_count", "_sum", "_bucket")), family.name
        assert family.meaning.endswith("."), family.name
        if family.kind is Kind.HISTOGRAM:
            assert family.name.endswith("_seconds"), family.name


async def test_every_family_of_a_page_has_its_help_and_its_type(tmp_path: Path) -> None:
    async with sources(tmp_path) as (_, told):
        page = await Reader(told, parts.exposition).answer(ReadMetrics())
        wanted = {family.name.removesuffix("_total"): family.meaning for family in families(told)}

    read = {family.name: family.documentation for family in text_string_to_metric_families(page.decode())}
    assert {name: read[name] for name in wanted} == wanted


async def test_a_histogram_counts_up_to_all_of_its_observations(tmp_path: Path) -> None:
    async with sources(tmp_path) as (stage, told):
        for seconds in (0.0002, 0.002, 99.0):
            stage.hub.figures.waits.observe(seconds)

        page = await Reader(told, parts.exposition).answer(ReadMetrics())

    name = "hardwire_command_duration_seconds"
    assert value(page, f"{name}_bucket", le="0.00025") == 1
    assert value(page, f"{name}_bucket", le="0.0025") == 2
    assert value(page, f"{name}_bucket", le="+Inf") == value(page, f"{name}_count") == 3
    assert value(page, f"{name}_sum") == 99.0022


async def test_nothing_is_loaded_before_the_first_scrape_and_it_is_loaded_once(tmp_path: Path) -> None:
    loads: list[str] = []

    class PaperWriter:
        """Writes how many families there were."""

        def write(self, families: object) -> bytes:
            """Return a short page, made on another thread than the loop's."""
            assert isinstance(families, tuple)
            assert threading.current_thread() is not threading.main_thread()
            return str(len(families)).encode()

    def load() -> type[Writer]:
        loads.append("loaded")
        return PaperWriter

    async with sources(tmp_path) as (_, told):
        reader = Reader(told, load)
        before = loads.copy()
        pages = await asyncio.gather(*(reader.answer(ReadMetrics()) for _ in range(3)))

    assert before == []
    assert loads == ["loaded"]
    assert len(set(pages)) == 1


async def test_devices_are_told_as_they_are(tmp_path: Path) -> None:
    async with sources(tmp_path) as (stage, told):
        for id in ("up", "stale", "lost"):
            stage.hub.declare(Device(id=id, kind="meter", stale_after_s=30))
        stage.hub.alive("up")
        stage.hub.lost("lost", "the cable is out")
        stage.hub.roster.trouble("up", "bad-crc", "a telegram was garbled")
        states = [state_of(stage.hub.house, id, stage.hub.now()) for id in ("up", "stale", "lost")]

        page = await Reader(told, parts.exposition).answer(ReadMetrics())

    assert states == [UP, STALE, LOST]
    assert [value(page, "hardwire_devices", state=state) for state in ("up", "stale", "lost")] == [1, 1, 1]
    assert value(page, "hardwire_device_faults_total", device="up") == 1
    assert ("hardwire_device_faults_total", (("device", "lost"),)) not in values(page)


async def test_no_more_devices_are_told_one_by_one_than_a_database_bears(tmp_path: Path) -> None:
    async with sources(tmp_path) as (stage, _):
        for number in range(DEVICES_LIMIT + 5):
            stage.hub.roster.declare(Device(id=f"d{number}", kind="meter"))

        all_of_them, one_by_one, _ = device_families(stage.hub.house, NOW)

    assert sum(count for _, count in all_of_them.values) == DEVICES_LIMIT + 5
    assert len(one_by_one.values) == DEVICES_LIMIT
