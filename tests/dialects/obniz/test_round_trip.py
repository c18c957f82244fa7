"""Every word comes back from both encodings as it went, or with a loss that is named."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardwire.dialects.obniz.wire import answers, binary, reports, requests, text
from hardwire.dialects.obniz.wire.families import ANSWERS, FRAMED_ANSWERS, FRAMED_REQUESTS, REQUESTS
from hardwire.dialects.obniz.wire.family import Findings
from hardwire.model.board.system import Batch
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.dialects.obniz.loss import Loss
from tests.dialects.obniz.vocabulary import COMMANDS, FRAME_LOSSES, HAPPENINGS, TEXT_LOSSES

_ROUNDS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def commands(findings: Findings) -> list[Command]:
    """What was understood; there was nothing that was not."""
    assert (findings.warnings, findings.error) == ([], "")
    return [command for _, command in findings.wishes]


def told(report: reports.Reports) -> list[Happening]:
    """What was understood; there was nothing that was not."""
    assert report.troubles == []
    return report.happenings


def left(losses: Any, word: Any) -> list[Any] | None:  # Any: the words, of all types
    """What ought to come back; None where there ought to be no form."""
    loss: Loss | None = losses.get(type(word))
    if loss is None:
        return [word]
    rest = loss.left(word)
    return None if rest is None else [*rest]


def _named(kind: type) -> str:
    return kind.__name__


@pytest.mark.parametrize("kind", COMMANDS, ids=_named)
@_ROUNDS
@given(draw=st.data())
def test_a_command_comes_back_from_json(kind: type[Command], draw: st.DataObject) -> None:
    command = draw.draw(COMMANDS[kind])
    expected = left(TEXT_LOSSES, command)

    written = requests.as_object(command)

    assert (written is None) == (expected is None)
    assert commands(text.decode(requests.as_text((command,)))) == (expected or [])


@pytest.mark.parametrize("kind", COMMANDS, ids=_named)
@_ROUNDS
@given(draw=st.data())
def test_a_command_comes_back_from_frames(kind: type[Command], draw: st.DataObject) -> None:
    command = draw.draw(COMMANDS[kind])
    expected = left(FRAME_LOSSES, command)

    written = requests.as_frame(command)

    assert (written is None) == (expected is None)
    assert commands(binary.decode(written or b"")) == (expected or [])


@pytest.mark.parametrize("kind", HAPPENINGS, ids=_named)
@_ROUNDS
@given(draw=st.data())
def test_a_happening_comes_back_from_json(kind: type[Happening], draw: st.DataObject) -> None:
    happening = draw.draw(HAPPENINGS[kind])
    expected = left(TEXT_LOSSES, happening)

    written = answers.told(happening)

    assert (written is None) == (expected is None)
    assert told(reports.read(answers.array([] if written is None else [written]))) == (expected or [])


@pytest.mark.parametrize("kind", HAPPENINGS, ids=_named)
@_ROUNDS
@given(draw=st.data())
def test_a_happening_comes_back_from_frames(kind: type[Happening], draw: st.DataObject) -> None:
    happening = draw.draw(HAPPENINGS[kind])
    expected = left(FRAME_LOSSES, happening)

    written = answers.framed(happening)

    assert (written is None) == (expected is None)
    assert told(reports.read(written or b"")) == (expected or [])


def test_every_command_that_is_written_has_a_strategy() -> None:
    written: set[type[Command]] = {*REQUESTS, *FRAMED_REQUESTS}

    missing = sorted(map(_named, written - {*COMMANDS}))

    assert missing == []


def test_every_happening_that_is_written_has_a_strategy() -> None:
    written: set[type[Happening]] = {*ANSWERS, *FRAMED_ANSWERS, Batch}

    missing = sorted(map(_named, written - {*HAPPENINGS}))

    assert missing == []
