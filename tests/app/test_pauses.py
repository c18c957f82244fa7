"""The collector: idle while a hub is built, spared what stands, as it was when the hub is gone."""

import gc
import sys
from collections.abc import Iterator

import pytest

from hardwire.app import pauses


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    pauses.end()


def test_nothing_is_collected_while_a_hub_is_being_built() -> None:
    pauses.begin()

    assert not gc.isenabled()


def test_what_stands_is_looked_through_no_more_and_what_comes_is_still_collected() -> None:
    pauses.begin()
    standing: list[object] = [[] for _ in range(1000)]
    pauses.settle()

    young = {id(one) for one in gc.get_objects()}
    ring: list[object] = []
    ring.append(ring)
    del ring

    assert gc.isenabled()
    assert not {id(one) for one in standing} & young
    assert gc.collect() >= 1
    assert sys.getswitchinterval() == pytest.approx(pauses.SWITCH_S)


def test_a_hub_that_is_gone_leaves_the_interpreter_as_it_was() -> None:
    before = (gc.get_threshold(), sys.getswitchinterval(), gc.get_freeze_count())

    pauses.begin()
    pauses.settle()
    pauses.end()

    assert (gc.get_threshold(), sys.getswitchinterval(), gc.get_freeze_count()) == before
    assert gc.isenabled()
