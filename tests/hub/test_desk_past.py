"""What sessions ask of the past."""

from datetime import timedelta

from hardwire.contracts.question import ReadExports, ReadHistory, ReadIncidents
from hardwire.model.fact import Incident, Log, LogRow
from hardwire.model.history import Export, HistoryRow, HistoryWish
from tests.fakes.still_clock import NOON
from tests.hub.premises import Premises

LATER = NOON + timedelta(hours=1)


async def test_incidents_are_read_with_their_numbers() -> None:
    premises = Premises()
    incident = Incident(device="tank", at=NOON, kind="ALARM", source="ALARM")
    await premises.store.incidents.save(incident)

    answer = await premises.desk.answer(ReadIncidents(device="tank", since=NOON, until=LATER))

    assert answer == ((1, incident),)


async def test_rows_of_a_log_are_read_as_they_are() -> None:
    premises = Premises()
    await premises.store.append([LogRow("tank", NOON, Log.FAST, {"level": 3})])

    answer = await premises.desk.answer(ReadHistory(HistoryWish(device="tank", since=NOON, until=LATER, log=Log.FAST)))

    assert answer == (HistoryRow(NOON, {"level": 3}),)


async def test_messages_are_read_from_a_number_on() -> None:
    premises = Premises()
    exports = [Export("123", 1, number, "tank", NOON, "{}") for number in (1, 2, 3)]
    premises.store.exports.note(exports)

    answer = await premises.desk.answer(ReadExports(account="123", after=(1, 1)))

    assert answer == tuple(exports[1:])
