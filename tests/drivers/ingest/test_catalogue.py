"""What a logger calls its fields, and the numbers that they keep."""

from collections.abc import Mapping

from hardwire.drivers.ingest.catalogue import GUESSES, WORDS_LIMIT, Catalogue, ordered
from hardwire.drivers.ingest.settings import FIELDS_LIMIT, Field, Settings
from hardwire.hub.roster import Roster
from hardwire.model.device import Device
from hardwire.model.unit import register_name


class Shelf:
    """A catalogue with a roster that numbers its points, as the hub does."""

    def __init__(self, settings: Settings, roster: Roster | None = None) -> None:
        self.catalogue = Catalogue(settings)
        self.roster = roster or Roster()
        self.declare()

    def declare(self) -> None:
        for are_all in (True, False):
            points = tuple(p for p in self.catalogue.points(are_all=are_all) if p.is_field)
            self.roster.declare(Device(id="one", kind="unit", points=points))
        self.catalogue.number(self.roster.field_numbers("one"))

    def bring(self, *keys: str) -> Mapping[str, str]:
        """Let keys appear; returns why some mean nothing."""
        proposal = self.catalogue.propose(set(keys) - self.catalogue.keys.keys())
        self.catalogue.adopt(ordered(proposal.names.values()))
        self.declare()
        return proposal.reasons

    @property
    def numbers(self) -> Mapping[str, int]:
        """Point -> number, of those that are shown."""
        return {p.name: n for p in self.catalogue.points() if (n := self.catalogue.number_of(p.name)) is not None}


FIXED = Settings(fields=(Field(name="level", unit="m"), Field(name="flow", writable=True)))


def test_declared_fields_go_by_number_and_by_name_and_no_others_come() -> None:
    shelf = Shelf(FIXED)

    reasons = shelf.bring("1", "2", "level", "flow", "3", "flo", "xyz")

    assert shelf.catalogue.keys == {"1": "level", "2": "flow", "level": "level", "flow": "flow"}
    assert set(reasons) == {"3", "flo", "xyz"}
    assert "did you mean 'flow'?" in reasons["flo"]
    assert "there are 1, 2, level, flow" in reasons["xyz"]
    assert shelf.catalogue.points()[0].unit == "m"


def test_words_of_a_unit_come_without_a_number() -> None:
    shelf = Shelf(FIXED)

    reasons = shelf.bring("vin_mv", "register_2_34", "input_8", "input_9", "register_41_1")

    assert set(reasons) == {"input_9", "register_41_1"}
    assert shelf.numbers == {"level": 1, "flow": 2}
    assert set(shelf.catalogue.words) == {"vin_mv", "register_2_34", "input_8"}
    assert [point.is_field for point in shelf.catalogue.points()] == [True, True, False, False, False]


def test_outputs_and_registers_of_the_settings_can_be_written_and_are_there_once() -> None:
    shelf = Shelf(Settings(fields=(), outputs=(2,), registers=((2, 34),)))

    shelf.bring("output_2", "output_3")

    assert [(p.name, p.writable) for p in shelf.catalogue.points()] == [
        ("output_2", True),
        ("register_2_34", True),
        ("output_3", False),
    ]


def test_fields_appear_as_they_come_and_keep_their_numbers() -> None:
    shelf = Shelf(Settings())

    shelf.bring("level")
    shelf.bring("flow", "level", "1", "2")

    assert shelf.numbers == {"level": 1, "field_2": 2, "flow": 3}
    assert shelf.catalogue.keys["1"] == "level"


def test_a_number_is_its_own_whatever_came_before() -> None:
    shelf = Shelf(Settings())

    shelf.bring("7", "flow")
    shelf.bring("3", "field_4", "005")

    assert shelf.numbers == {"field_7": 7, "flow": 8, "field_3": 3, "field_4": 4, "field_5": 5}
    assert shelf.catalogue.keys["7"] == "field_7"
    assert shelf.catalogue.found == (
        "-field_1",
        "-field_2",
        "field_3",
        "field_4",
        "field_5",
        "-field_6",
        "field_7",
        "flow",
    )


def test_what_was_kept_gives_the_same_numbers_on_a_hub_that_forgot_them() -> None:
    shelf = Shelf(Settings())
    shelf.bring("7", "flow")
    shelf.bring("3", "vin_mv")

    again = Shelf(Settings())
    again.catalogue.recall(shelf.catalogue.found, shelf.catalogue.words)
    again.declare()

    assert again.numbers == shelf.numbers
    assert again.catalogue.keys == shelf.catalogue.keys


def test_numbers_of_fields_that_were_declared_once_are_found_again_by_them() -> None:
    roster = Roster()
    Shelf(FIXED, roster)

    shelf = Shelf(Settings(), roster)
    shelf.bring("2", "new")

    assert shelf.numbers == {"flow": 2, "new": 3}


def test_a_unit_has_no_more_fields_than_there_are_numbers() -> None:
    shelf = Shelf(Settings())

    reasons = shelf.bring("90", "one more", "91", "0", "5")

    assert set(reasons) == {"one more", "91", "0"}
    assert "at most" in reasons["one more"]
    assert f"from 1 to {FIELDS_LIMIT}" in reasons["91"]
    assert shelf.numbers == {"field_5": 5, "field_90": 90}
    assert not shelf.bring("89", "vin_mv")


def test_names_that_nobody_could_read_are_refused() -> None:
    shelf = Shelf(Settings())

    reasons = shelf.bring("", " a", "a ", "a\n", "-field_1", "ingest:fields", "x" * 65, "7up", "✓", "Temp. (°C) %/h-1")

    assert shelf.numbers == {"Temp. (°C) %/h-1": 1}
    assert all("letter first" in reason for reason in reasons.values())


def test_a_number_that_was_passed_over_is_given_to_nobody() -> None:
    roster = Roster()
    roster.know_numbers({"one": {"level": 12}})

    shelf = Shelf(Settings(), roster)
    reasons = shelf.bring("5", "12", "new")

    assert shelf.numbers == {"level": 12, "new": 13}
    assert "from 13 to 90" in reasons["5"]


def test_what_was_meant_is_guessed_for_a_few_keys_and_none_that_is_too_long() -> None:
    catalogue = Shelf(Settings(fields=(Field(name="temperature"),))).catalogue
    keys = [f"temperatur{number}" for number in range(100)]

    few = catalogue.propose(keys).reasons
    long = catalogue.propose(["temperature" * 50]).reasons

    assert sum("did you mean" in reason for reason in few.values()) == GUESSES
    assert not any("did you mean" in reason for reason in long.values())


def test_a_unit_has_so_many_inputs_and_registers_and_no_more() -> None:
    shelf = Shelf(Settings())
    words = [register_name(device, register) for device in range(1, 6) for register in range(1, 151)]

    first = shelf.bring(*words[: WORDS_LIMIT - 1])
    second = shelf.bring(*words[WORDS_LIMIT - 2 : WORDS_LIMIT + 1])

    assert first == {}
    assert len(second) == 1
    assert len(shelf.catalogue.words) == WORDS_LIMIT
