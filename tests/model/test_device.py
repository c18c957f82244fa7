"""A device and its points."""

from hardwire.model.device import Device
from hardwire.model.point import Point


def test_a_point_is_found_by_its_name_wherever_it_stands() -> None:
    device = Device(id="grid", kind="meter", points=(Point(name="power_w"), Point(name="energy_kwh")))

    found = [device.point(name) for name in ("power_w", "energy_kwh")]

    assert found == list(device.points)


def test_a_name_that_no_point_has_gives_none() -> None:
    device = Device(id="grid", kind="meter", points=(Point(name="power_w"),))

    assert device.point("voltage_v") is None
    assert Device(id="bare", kind="meter").point("power_w") is None
