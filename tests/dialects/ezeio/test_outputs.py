"""What clients know as outputs."""

from hardwire.dialects.ezeio.functions.writes import steps_of, write_of
from hardwire.dialects.ezeio.unit.outputs import out_of, outputs_of
from hardwire.model.device import Device
from hardwire.model.point import Keeper, Point, PointKind
from hardwire.model.unit import output_point

LOGGER = Device(
    id="logger",
    kind="unit",
    points=(output_point(1), output_point(3), Point(name="lamp", kind=PointKind.FLAG, writable=True)),
)
BOARD = Device(
    id="board",
    kind="board",
    points=(
        Point(name="ad0"),
        Point(name="cloud", kind=PointKind.FLAG, writable=True, keeper=Keeper.HUB),
        Point(name="door", kind=PointKind.FLAG),
        *(Point(name=f"io{number}", kind=PointKind.FLAG, writable=True) for number in range(12)),
    ),
)


def test_a_logger_has_its_outputs_by_their_numbers() -> None:
    out = out_of(LOGGER, {"output_1": 47.2, "output_3": 100, "lamp": True})

    assert out == {"1": 47, "2": 0, "3": 100, "4": 0}


def test_the_first_switches_of_any_other_device_are_its_outputs() -> None:
    assert [point.name for point in outputs_of(BOARD).values()] == ["io0", "io1", "io2", "io3"]
    assert out_of(BOARD, {"io0": True, "io1": False, "io4": True}) == {"1": 100, "2": 0, "3": 0, "4": 0}


def test_a_switch_is_on_from_half() -> None:
    steps = steps_of([write_of(f"output[{number}]={number * 20}") for number in (1, 2, 3, 4)], BOARD, {})

    assert steps == ({"io0": False, "io1": False, "io2": True, "io3": True},)
