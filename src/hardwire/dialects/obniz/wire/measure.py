"""The `measure` family: the edges of an echo (obniz reference, sections 3.11 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.duration import microseconds, milliseconds
from hardwire.dialects.obniz.wire.family import Family, Form, Written, by_forms, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, choice, fields_of, flag, named, needed, number, pin, whole
from hardwire.model.board.measure import MOST_EDGES, EchoMeasured, Edge, MeasureEcho
from hardwire.model.command import Command
from hardwire.model.fact import Happening

_MODULE = 12
_TIMES_MS = (0.001, 1000)
# One byte counts them on the binary wire.
_MOST_TOLD = 255
_LONGEST_US = 1_000_000
_PULSES = {"positive": True, "negative": False}


def _echo(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    place = ".echo"
    echo = fields_of(fields["echo"], place)
    return (
        MeasureEcho(
            pulse_pin=pin(needed(echo, "io_pulse", place), f"{place}.io_pulse"),
            echo_pin=pin(needed(echo, "io_echo", place), f"{place}.io_echo"),
            is_positive=choice(echo.get("pulse", "positive"), _PULSES, f"{place}.pulse"),
            pulse_us=microseconds(needed(echo, "pulse_width", place), *_TIMES_MS, f"{place}.pulse_width"),
            edges=whole(echo.get("measure_edges", MOST_EDGES), 1, MOST_EDGES, f"{place}.measure_edges"),
            timeout_us=microseconds(echo.get("timeout", 1000), *_TIMES_MS, f"{place}.timeout"),
        ),
    )


_FORMS: Sequence[Form] = (("echo", _echo),)


def _framed_echo(payload: bytes) -> Sequence[Command]:
    kind, pulse_pin, is_positive = sized(payload, 13)[:3]
    if kind:
        raise Misfit(f"{kind} is no kind of measurement")
    return (
        MeasureEcho(
            pulse_pin=pulse_pin,
            echo_pin=payload[7],
            is_positive=is_positive > 0,
            pulse_us=whole(int.from_bytes(payload[3:7]), 1, _LONGEST_US, ".pulse_width"),
            # The vendor's encoder writes 0 where the program named no number.
            edges=whole(payload[8] or MOST_EDGES, 1, MOST_EDGES, ".measure_edges"),
            timeout_us=whole(int.from_bytes(payload[9:13]), 1, _LONGEST_US, ".timeout"),
        ),
    )


def _asked(command: MeasureEcho) -> Written:
    return {
        "measure": {
            "echo": {
                "io_pulse": command.pulse_pin,
                "io_echo": command.echo_pin,
                "pulse": "positive" if command.is_positive else "negative",
                "pulse_width": milliseconds(command.pulse_us),
                "measure_edges": command.edges,
                "timeout": milliseconds(command.timeout_us),
            }
        }
    }


def _asked_frame(command: MeasureEcho) -> bytes:
    pulse = bytes((0, command.pulse_pin, command.is_positive)) + command.pulse_us.to_bytes(4)
    return frame(_MODULE, 0, pulse + bytes((command.echo_pin, command.edges)) + command.timeout_us.to_bytes(4))


def _measured(happening: EchoMeasured) -> str:
    edges = ",".join(
        f'{{"edge":{"true" if edge.is_rising else "false"},"timing":{edge.after_us / 1000}}}'
        for edge in happening.edges
    )
    return f'{{"measure":{{"echo":[{edges}]}}}}'


def _measured_frame(happening: EchoMeasured) -> bytes:
    edges = b"".join(bytes((edge.is_rising,)) + edge.after_us.to_bytes(4) for edge in happening.edges)
    return frame(_MODULE, 0, bytes((len(happening.edges),)) + edges)


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    edges = needed(fields_of(value, ""), "echo")
    if type(edges) is not list:
        raise Misfit(f"an array of edges is needed, not {named(edges)}", ".echo")
    if len(edges) > _MOST_TOLD:
        raise Misfit(f"at most {_MOST_TOLD} edges are taken, not {len(edges)}", ".echo")
    return (EchoMeasured(tuple(_edge(edge, f".echo.{place}") for place, edge in enumerate(edges))),)


def _edge(value: Any, place: str) -> Edge:  # Any: JSON
    edge = fields_of(value, place)
    # Rounded, not cut as durations of commands are: the vendor's decoder writes microseconds / 1000.
    after_us = round(number(needed(edge, "timing", place), 0, 0xFFFFFFFF / 1000, f"{place}.timing") * 1000)
    return Edge(flag(needed(edge, "edge", place), f"{place}.edge"), after_us)


def _framed_told(payload: bytes) -> Sequence[Happening]:
    if not payload:
        raise Misfit("a number of edges is needed")
    edges = sized(payload[1:], payload[0] * 5)
    return (
        EchoMeasured(
            tuple(Edge(edges[at] > 0, int.from_bytes(edges[at + 1 : at + 5])) for at in range(0, len(edges), 5))
        ),
    )


FAMILY = Family(
    name="measure",
    decode=lambda number, value: by_forms(number, value, _FORMS),
    module=_MODULE,
    functions={0: _framed_echo},
    requests={MeasureEcho: _asked},
    framed_requests={MeasureEcho: _asked_frame},
    answers={EchoMeasured: _measured},
    framed_answers={EchoMeasured: _measured_frame},
    reports=_told,
    framed_reports={0: _framed_told},
)
