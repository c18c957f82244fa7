"""Who sends much takes turns: in order, with a slice of the loop's time for all together."""

import asyncio
from collections.abc import Callable

from hardwire.server.sockets.rota import SHARE_S, Rota


class Watch:
    """A clock that each call of a client moves on."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def caller(name: str, heard: list[str], watch: Watch, takes_s: float) -> Callable[[], None]:
    def read_on() -> None:
        heard.append(name)
        watch.now_s += takes_s

    return read_on


async def test_each_that_waits_is_called_once_in_order() -> None:
    watch, heard = Watch(), list[str]()
    rota = Rota(asyncio.get_running_loop(), watch)

    for name in "abc":
        rota.add(caller(name, heard, watch, 0.0))
    await asyncio.sleep(0)

    assert heard == ["a", "b", "c"]


async def test_all_together_take_no_more_than_their_share_of_a_turn() -> None:
    watch, heard = Watch(), list[str]()
    rota = Rota(asyncio.get_running_loop(), watch)
    for name in "abcde":
        rota.add(caller(name, heard, watch, SHARE_S / 2))

    turns = []
    for _ in range(4):
        await asyncio.sleep(0)
        turns.append("".join(heard))

    assert turns == ["ab", "abcd", "abcde", "abcde"]


async def test_who_comes_again_waits_behind_those_who_wait() -> None:
    watch, heard = Watch(), list[str]()
    rota = Rota(asyncio.get_running_loop(), watch)

    def greedy() -> None:
        heard.append("greedy")
        if heard.count("greedy") < 3:
            rota.add(greedy)

    rota.add(greedy)
    rota.add(caller("modest", heard, watch, 0.0))
    await asyncio.sleep(0)
    in_one_turn = list(heard)
    for _ in range(3):
        await asyncio.sleep(0)

    assert in_one_turn == ["greedy", "modest"]
    assert heard == ["greedy", "modest", "greedy", "greedy"]


async def test_one_that_fails_costs_nobody_a_turn() -> None:
    watch, heard, told = Watch(), list[str](), list[str]()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context["message"]))
    rota = Rota(loop, watch)

    def faulty() -> None:
        raise RuntimeError("a fault")

    rota.add(faulty)
    rota.add(caller("next", heard, watch, 0.0))
    await asyncio.sleep(0)

    assert (heard, told) == (["next"], ["a client was not heard"])
