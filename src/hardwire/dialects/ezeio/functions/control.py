"""`control`: fields, registers and outputs are set, the log is flushed (ezeio reference, section 2)."""

from datetime import datetime

from hardwire.contracts.act import Ask
from hardwire.contracts.question import Answer, Order
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.function import Visit
from hardwire.dialects.ezeio.functions.target import UNKNOWN_SYSTEM, target_of
from hardwire.dialects.ezeio.functions.writes import WRITES_PER_CALL, steps_of, write_of
from hardwire.dialects.ezeio.path.grammar import CACHE_BUSTERS
from hardwire.dialects.ezeio.wire import actions_body
from hardwire.model.command import Reply
from hardwire.model.errors import BadValueError, HardwireError

# As long as it takes until the hub takes one more for the unit (`hub.orders`).
_RETRY_AFTER_S = 2


class Control:
    """One call of `control`: all of its commands are taken on, or none."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._actions: tuple[str, ...] = ()

    def begin(self, now: datetime) -> Acts:
        """Check every command, then have the hub take them on."""
        visit = self._visit
        target = target_of(visit)
        if target.unit is None:
            return [visit.refuse(404, UNKNOWN_SYSTEM, now)]
        if any(name not in CACHE_BUSTERS for name in visit.request.query):
            # A query that is passed over would leave half of what was meant undone.
            return [visit.refuse(400, "Commands stand in the path, as in field[12]=4711/output[2]=100", now)]
        if not target.arguments:
            return [visit.refuse(400, "No command given", now)]
        if len(target.arguments) > WRITES_PER_CALL:
            return [visit.refuse(400, f"At most {WRITES_PER_CALL} commands in one call", now)]
        device = target.unit.device
        try:
            writes = [write_of(text) for text in target.arguments]
            steps = steps_of(writes, device, visit.house.field_numbers(device.id))
        except BadValueError as error:
            return [visit.fail(error, now)]
        self._actions = tuple(write.action for write in writes)
        return [Ask(Order(device=device.id, steps=steps, credential=visit.credential.id, actions=self._actions))]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Report what was taken on: the unit has not confirmed anything yet."""
        visit = self._visit
        if isinstance(answer, HardwireError):
            if answer.code == "too-many":
                return [visit.refuse(429, answer.message, now, {"Retry-After": str(_RETRY_AFTER_S)})]
            return [visit.fail(answer, now)]
        callback = visit.credential.callback
        report = (*self._actions, *((f"Callback URI: {callback}",) if callback else ()))
        return [visit.answer(actions_body(visit.clocked(now), report, "OK"))]
