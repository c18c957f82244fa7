"""The event log as it is written."""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest
from msgspec.structs import replace

from hardwire.contracts.post import Post
from hardwire.hub.chronicle import TRIED_FOR_S, Chronicle
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Incident, Sample
from tests.fakes.still_clock import NOON
from tests.hub.premises import METER, Premises

RAISED = Incident(device="meter", at=NOON, kind="ALARM", source="ALARM", name="High", send=("ops",))


class Desk(Premises):
    """A hub whose incidents are written down."""

    def __init__(self, limit: int = 1000) -> None:
        super().__init__()
        self.sent: list[str] = []
        self.fault: Exception | None = None
        self.patience: list[float] = []
        self.mended_after = 10_000
        self.chronicle = Chronicle(self.hub, self._letters, self._send, limit=limit, sleep=self._sleep)
        self.hub.observe(self.chronicle.take)
        self.serve(METER)

    def _letters(self, number: int, incident: Incident) -> Iterable[Post]:
        for name in incident.send:
            yield Post(id=f"{number}-{name}", url="http://ops.example/", body=incident.kind, made=NOON, due=NOON)

    async def _sleep(self, seconds: float) -> None:
        self.patience.append(seconds)
        if len(self.patience) == self.mended_after:
            self.fault = None
        await asyncio.sleep(0)

    async def _send(self, post: Post) -> None:
        if self.fault is not None:
            raise self.fault
        self.sent.append(f"{post.id} {post.body}")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    task = asyncio.create_task(desk.chronicle.run())
    yield desk
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_incidents_are_saved_in_order_then_sent_and_then_the_alarm_counts_as_raised(desk: Desk) -> None:
    desk.hub.publish(RAISED)
    desk.hub.publish(replace(RAISED, kind="RESTORE", send=()))

    await desk.chronicle.close()

    assert [one.kind for one in desk.store.incidents.saved] == ["ALARM", "RESTORE"]
    assert desk.sent == ["1-ops ALARM"]
    assert desk.store.kept == {"meter": {"alarm:High": f"RESTORE {NOON.isoformat()}"}}


async def test_an_alarm_whose_messages_were_not_kept_does_not_count_as_raised(desk: Desk) -> None:
    desk.fault = HubFaultError("the disk is full")
    desk.hub.publish(RAISED)
    await desk.chronicle.close()
    desk.fault = ValueError("odd")
    desk.hub.publish(RAISED)
    await desk.chronicle.close()

    desk.fault = None
    desk.hub.publish(replace(RAISED, source="UNIT"))
    await desk.chronicle.close()

    assert desk.store.kept == {}
    assert desk.sent == ["3-ops ALARM"]
    assert sum(desk.patience) >= TRIED_FOR_S
    assert {type(fault).__name__ for _, fault in desk.faults} == {"HubFaultError", "ValueError"}


async def test_an_alarm_waits_for_a_disk_that_refuses_and_is_then_told_once(desk: Desk) -> None:
    desk.fault, desk.mended_after = HubFaultError("the disk is full", code="disk-full"), 8
    desk.hub.publish(RAISED)
    desk.hub.publish(replace(RAISED, kind="RESTORE"))

    await desk.chronicle.close()

    assert desk.sent == ["1-ops ALARM", "2-ops RESTORE"]
    assert desk.patience == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [one.kind for one in desk.store.incidents.saved] == ["ALARM", "RESTORE"]
    assert desk.store.kept == {"meter": {"alarm:High": f"RESTORE {NOON.isoformat()}"}}
    assert "disk is full" in str(desk.faults[0][1])


async def test_samples_and_devices_of_other_hubs_are_not_written_down(desk: Desk) -> None:
    desk.hub.publish(Sample("meter", NOON, {"power_w": 1}))
    desk.hub.publish(replace(RAISED, device="elsewhere"))

    await desk.chronicle.close()

    assert desk.store.incidents.saved == []


def test_what_happens_faster_than_it_can_be_written_is_counted_as_lost() -> None:
    desk = Desk(limit=1)

    desk.hub.publish(RAISED)
    desk.hub.publish(RAISED)

    assert desk.hub.roster.troubles("meter")["lost-incident"][0] == 1


async def test_a_hub_that_stops_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    monkeypatch.setattr("hardwire.hub.chronicle.CLOSED_WITHIN_S", 0.0)
    desk.hub.publish(RAISED)

    await desk.chronicle.close()

    assert desk.store.incidents.saved == []


def test_an_incident_is_no_sign_that_the_source_of_its_device_lives() -> None:
    desk = Desk()

    desk.hub.publish(RAISED)

    assert desk.hub.house.alive_at("meter") is None
    assert desk.hub.house.online_since("meter") is None
