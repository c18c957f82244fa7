"""The documented answers of `eventlog` and `control`, byte for byte."""

from datetime import timedelta
from pathlib import Path

from hardwire.contracts.act import Respond
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts, Session
from hardwire.model.unit import input_name, output_name
from tests.dialects.ezeio.control_premises import CONTROL_KEY, arm, incident
from tests.dialects.ezeio.field_premises import INHERITING_KEY, equip
from tests.dialects.ezeio.premises import KEY, START, House, make_house


def golden(name: str) -> str:
    return (Path(__file__).parent / "golden" / f"{name}.json").read_text("utf-8").removesuffix("\n")


def call(house: House, number: str, path: str) -> Session:
    """Begin a call that is not answered at once."""
    headers = {"ezeapikey": number, "authorization": f"Bearer {KEY}"}
    session = house.dialect.answer(Request(method="GET", target=path, path=path, headers=headers))
    list(session.open(START))
    return session


def body(acts: Acts) -> str:
    *_, answer = acts
    assert isinstance(answer, Respond)
    return answer.body.decode()


def test_an_event_with_all_that_there_is_of_it() -> None:
    house = make_house()
    equip(house)
    inputs = {input_name(number): value for number, value in enumerate((4, 2, 2, 2, 2, 4, 1554, 29665), 1)}
    outputs = {output_name(number): value for number, value in enumerate((0, 100, 100, 47), 1)}
    event = incident(
        "2026-05-31T20:48:17",
        {
            "humidity": 38.4,
            "temperature": 82.45,
            "uptime_s": 544,
            "vin_mv": 12350,
            "vbat_mv": 12172,
            "v5_mv": 5054,
            **inputs,
            **outputs,
        },
        source="SCRIPT",
        name="USER",
        action="Mine",
        params=(111.0, 222.0, 333.0, 444.0),
        message="Sent by a script",
    )
    session = call(house, INHERITING_KEY, "/v1/eventlog/baa144/from=2026-05-23")

    told = body(session.reply(0, ((72857, event),), START + timedelta(milliseconds=25)))

    assert told == golden("eventlog")


def test_fields_that_were_set_with_a_key_that_is_called_back() -> None:
    house = make_house()
    arm(house)
    session = call(house, CONTROL_KEY, "/v1/control/VLV001/field[12]=888/field[13]=1")

    told = body(session.reply(0, True, START + timedelta(milliseconds=11)))

    assert told == golden("control")
