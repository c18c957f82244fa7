"""A board on a desk whose clock moves only when told to: what it answers and tells is written down."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hardwire.drivers.simulated.board.board import Board
from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.function import Aside, Later
from hardwire.drivers.simulated.board.settings import Bench, Settings
from hardwire.model.board.logic_analyzer import StartLogicAnalyzer
from hardwire.model.board.pin import PinLevel, ReadPin
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.fakes.paper_feed import NOON


def settings(hardware: str = "obnizb1", **more: object) -> Settings:
    """Return the settings of a board whose bench holds what a test puts there, and nothing else."""
    return Settings(**{"hardware": hardware, "bench": Bench.EMPTY, **more})  # type: ignore[arg-type]  # by name


def wave(pin: int, frequency_hz: float) -> Generator:
    """Return a generator on a pin."""
    return Generator(pin=pin, frequency_hz=frequency_hz)


def analyzer(pin: int, interval_us: int, duration_us: int, level: bool = False, samples: int = 0) -> Command:
    """Return the command that starts the logic analyzer."""
    return StartLogicAnalyzer(
        pin=pin, interval_us=interval_us, duration_us=duration_us, trigger_level=level, trigger_samples=samples
    )


class Desk:
    """The board with its clock."""

    def __init__(self, one: Settings | None = None, now: datetime = NOON) -> None:
        self.board = Board(settings() if one is None else one)
        self.now = now
        self.told: list[Happening] = []
        """All that it has told so far."""

    def do(self, *commands: Command) -> list[Happening]:
        """Carry out commands one after another, each in its time, and return all answers."""
        answers: list[Happening] = []
        for command in commands:
            outcome = self.board.carry_out(command, self.now)
            assert not isinstance(outcome, Aside)
            if isinstance(outcome, Later):
                self._hear()
                self.pass_us(max(0, outcome.until_us - self.unix_us))
                outcome = self.board.finish(outcome.answers, self.now)
            answers += outcome
            self._hear()
        return answers

    @property
    def unix_us(self) -> int:
        """The time."""
        return (self.now - datetime(1970, 1, 1, tzinfo=self.now.tzinfo)) // timedelta(microseconds=1)

    def pass_us(self, span_us: int, *, is_late: bool = False) -> Sequence[Happening]:
        """Let time pass and return what is told meanwhile; a late board is looked at in the end only."""
        before = len(self.told)
        until = self.now + timedelta(microseconds=span_us)
        while not is_late and (due := self.board.next_change(self.now)) < until:
            self.now = due
            self._hear()
        self.now = until
        self._hear()
        return self.told[before:]

    def level(self, pin: int) -> bool:
        """Return what an input reads."""
        (answer,) = self.do(ReadPin(pin))
        assert isinstance(answer, PinLevel)
        return answer.level

    def _hear(self) -> None:
        if not self.board.is_offline(self.now):
            self.told += self.board.advance(self.now)
            self.board.changed_points(self.now)
