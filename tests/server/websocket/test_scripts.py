"""Conversations at random end as the model says; `make fuzz` plays thousands more."""

from hypothesis import HealthCheck, given, settings

from tests.server.websocket.bench import Bench
from tests.server.websocket.scripts import LIMIT_BYTES, Script, play, scripts


# One bench for all of them: each conversation is a connection of its own.
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=scripts())
async def test_a_conversation_goes_as_the_model_says(bench: Bench, script: Script) -> None:
    bench.doors.dialect.message_limit_bytes = LIMIT_BYTES

    await play(bench, script)

    assert bench.sessions[-1].told[0] == ("open",)
