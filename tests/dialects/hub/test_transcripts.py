"""The conversations of the hub's own API, line by line."""

from datetime import timedelta
from pathlib import Path

import pytest

from hardwire.model.access import OWNER, Credential, Group, Right
from hardwire.model.audit import AuditEntry
from hardwire.model.board.display import DisplayShown
from hardwire.model.board.pin import PinLevel
from hardwire.model.fact import Sample
from hardwire.model.history import HistoryRow
from tests.dialects.hub.premises import CLIENTS, make_house
from tests.dialects.transcript import START, Stage

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
NAMES = {
    "made": Credential(id="10002", kind="ezeio", name="logger", rights=Right.READ, expires=START + timedelta(days=7)),
    "wide": Credential(
        id="10003",
        kind="ezeio",
        group="attic",
        rights=Right.READ | Right.CONTROL,
        functions=("status", "control"),
        is_inherited=True,
        callback="https://example.org/ack",
    ),
    "cellar": Group(id="cellar", number=9, name="Cellar"),
    "samples": [Sample("grid", START, {"power_w": 230.5})],
    "rows": (
        HistoryRow(START - timedelta(minutes=60), {"power_w": 230.5}),
        HistoryRow(START - timedelta(minutes=50), {"power_w": 231.0, "lamp": 1.0}),
    ),
    "lines": (
        (
            7,
            AuditEntry(at=START, actor="owner", action="key.issued", subject="10002", detail="ezeio for group home"),
        ),
        (
            8,
            AuditEntry(
                at=START,
                actor="hub",
                action="lockout.began",
                subject="address 192.0.2.7",
                detail="wrong credentials, for 30 s",
            ),
        ),
    ),
    "slow": CLIENTS[2],
    "level": PinLevel(0, True),
    "shown": DisplayShown(b"PNG"),
}


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_hub_says_and_does_what_the_transcript_shows(path: Path) -> None:
    house = make_house()
    # The owner's own socket proves who asks; what a token and a cookie prove is another file's matter.
    stage = Stage(
        house.dialect,
        names=NAMES,
        remember=lambda sample: house.roster.remember(sample, sample.at),
        request={"caller": OWNER},
    )

    stage.play(path)
