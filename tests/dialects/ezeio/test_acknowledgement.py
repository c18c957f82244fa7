"""What a key's callback is told."""

import json

from hardwire.contracts.errand import Errand
from hardwire.dialects.ezeio.functions.acknowledgement import acknowledge
from tests.dialects.ezeio.control_premises import CONTROL_KEY, arm
from tests.dialects.ezeio.premises import START, House, add_unit, make_house

ERRAND = Errand(
    id="ctl_1",
    device="valve",
    credential=CONTROL_KEY,
    actions=("Set field 12 to 888", "Set output 2 to 100"),
    made=START,
    steps=(),
)


def house_of() -> House:
    house = make_house()
    arm(house)
    return house


def errand(**fields: str) -> Errand:
    return Errand(**{**{name: getattr(ERRAND, name) for name in ERRAND.__struct_fields__}, **fields})


def test_a_confirmation_names_the_key_the_unit_and_what_was_done() -> None:
    text = acknowledge(house_of().premises, ERRAND, START)

    assert text == (
        '{"apikeyid":10009,"subject":"CONTROL_ACK","time":"2026-06-01T12:00:00Z",'
        '"meta":{"serial":"VLV-001","group":123,"accountgroupid":123,"name":"Valve","note":"In the shed"},'
        '"actions":["Set field 12 to 888","Set output 2 to 100"]}'
    )


def test_a_unit_of_a_group_that_is_gone_and_a_key_without_a_number_are_told_as_0() -> None:
    house = make_house()
    add_unit(house, "stray", "STR-001", group="gone")

    text = acknowledge(house.premises, errand(device="stray", credential="plant"), START)

    assert text is not None
    told = json.loads(text)
    assert (told["apikeyid"], told["meta"]["group"], told["meta"]["accountgroupid"]) == (0, 0, None)


def test_of_a_device_that_is_gone_or_is_no_unit_nothing_is_told() -> None:
    house = house_of()

    told = [acknowledge(house.premises, errand(device=device), START) for device in ("gone", "hidden")]

    assert told == [None, None]
