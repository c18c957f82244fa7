"""The vocabulary of meters, batteries and sockets."""

from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.model.energy import KEPT_BY_THE_DEVICE, MEASURED, STEERED, SWITCHED, energy_point, energy_points


def test_every_name_stands_once() -> None:
    names = [point.name for point in (*MEASURED, *SWITCHED, *STEERED, *KEPT_BY_THE_DEVICE)]

    assert len(names) == len(set(names))


def test_every_field_of_every_product_is_a_word_of_it() -> None:
    fields = {field.name for product in CATALOGUE.values() for field in product.fields}

    assert {name for name in fields if energy_point(name) is None} == set()


def test_points_come_in_the_order_of_the_vocabulary() -> None:
    points = energy_points(["voltage_v", "nothing", "power_w"])

    assert [point.name for point in points] == ["power_w", "voltage_v"]
    assert [point.unit for point in points] == ["W", "V"]
