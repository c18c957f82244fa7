"""What a destination is told."""

import json
from typing import Any

from hardwire.dialects.hub.wire import device, fact
from hardwire.dialects.hub.wire_letter import letter
from hardwire.model.alarm import Alarm, AlarmStanding, AlarmState
from hardwire.model.fact import Confirmation, Incident
from tests.dialects.hub.premises import make_house
from tests.dialects.transcript import START

RAISED = Incident(
    device="grid",
    at=START,
    kind="ALARM",
    source="ALARM",
    name="Peak",
    params=(9000.5, 8000),
    message="Power is 9000.5 W, above 8000 W",
    values={"power_w": 9000.5, "note": "x"},
)


def told(incident: Incident, subject: str = "") -> dict[str, Any]:  # Any: JSON
    """Return the message."""
    found: dict[str, Any] = json.loads(letter(make_house().premises, 17, incident, subject))  # Any: as above
    return found


def test_a_message_tells_what_happened_where_and_all_values() -> None:
    message = told(RAISED)

    assert message == {
        "subject": "ALARM",
        "event": 17,
        "time": "2026-06-01T12:00:00Z",
        "type": "ALARM",
        "source": "ALARM",
        "name": "Peak",
        "message": "Power is 9000.5 W, above 8000 W",
        "device": {
            "id": "grid",
            "name": "The grid",
            "group": "home",
            "addresses": {"homewizard": "5c2fafaabbcc"},
        },
        "value": 9000.5,
        "threshold": 8000,
        "values": {"power_w": 9000.5, "note": "x"},
    }


def test_a_message_may_have_a_subject_of_its_own() -> None:
    assert told(RAISED, "Boiler room")["subject"] == "Boiler room"


def test_what_has_no_numbers_and_a_device_that_is_gone_are_told_too() -> None:
    message = told(Incident(device="gone", at=START, kind="SYSTEM", source="UNIT", values={}))

    assert message["device"] == {"id": "gone", "name": "gone", "group": "", "addresses": {}}
    assert "value" not in message
    assert "threshold" not in message


def test_a_message_of_too_many_values_goes_without_them() -> None:
    message = told(Incident(device="grid", at=START, kind="ALARM", source="UNIT", values={"telegram": "x" * 70_000}))

    assert "values" not in message
    assert message["type"] == "ALARM"


def test_the_owner_is_shown_where_each_alarm_of_a_device_stands() -> None:
    house = make_house()
    standing = AlarmStanding(Alarm(name="Peak", point="power_w", above=8000), AlarmState.BETWEEN, START)
    house.premises.alarms = lambda device: (standing,)
    grid = house.roster.device("grid")
    assert grid is not None

    shown = device(house.premises, grid, START)

    assert shown["alarms"] == [
        {"name": "Peak", "point": "power_w", "state": "between conditions", "since": "2026-06-01T12:00:00.000Z"}
    ]


def test_who_follows_a_device_reads_its_incidents_and_confirmations_too() -> None:
    lines = [fact(RAISED), fact(Confirmation("grid", START, "wish-1", is_done=False))]

    assert [json.loads(line) for line in lines] == [
        {
            "at": "2026-06-01T12:00:00.000Z",
            "device": "grid",
            "incident": "ALARM",
            "name": "Peak",
            "message": "Power is 9000.5 W, above 8000 W",
        },
        {"at": "2026-06-01T12:00:00.000Z", "device": "grid", "confirmed": "wish-1", "is_done": False},
    ]
