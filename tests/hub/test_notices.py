"""Who hears what."""

import asyncio

from hardwire.hub.notices import Notices
from hardwire.model.command import Done, Reply


def test_only_those_who_listen_to_a_topic_hear_it() -> None:
    notices = Notices()
    heard: list[tuple[str, str]] = []
    notices.listen("a", "one", lambda topic, message: heard.append((topic, message)))

    notices.tell("a", "x")
    notices.tell("b", "y")

    assert heard == [("a", "x")]


def test_who_is_forgotten_hears_and_bears_nothing_more() -> None:
    notices = Notices()
    heard: list[str] = []
    for who in ("goes", "stays"):
        notices.listen("a", who, lambda topic, message, who=who: heard.append(who))  # type: ignore[misc]  # bound at once
        notices.bear("key", who, lambda who=who: heard.append(f"{who} revoked"))  # type: ignore[misc]  # bound at once

    notices.forget("goes", {"a", "unheard"}, {"key"})
    notices.tell("a", "x")
    notices.revoke("key")

    assert heard == ["stays", "stays revoked"]


def test_an_ear_may_leave_while_it_hears() -> None:
    notices = Notices()
    heard: list[str] = []

    def leave(topic: str, message: str) -> None:
        heard.append(message)
        notices.forget("one", {"a"}, ())

    notices.listen("a", "one", leave)
    notices.listen("a", "two", lambda topic, message: heard.append(message))

    notices.tell("a", "x")
    notices.tell("a", "y")

    assert heard == ["x", "x", "y"]


async def test_an_answer_is_given_when_it_is_there() -> None:
    notices = Notices()
    answers: list[int] = []
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    notices.ask(answer, answers.append)
    await asyncio.sleep(0)
    before = list(answers)

    answer.set_result(7)
    for _ in range(3):
        await asyncio.sleep(0)

    assert before == []
    assert answers == [7]


async def test_a_reply_by_callback_can_be_waited_for_and_a_second_one_is_ignored() -> None:
    notices = Notices()

    def submit_twice(on_reply: "object") -> None:
        assert callable(on_reply)
        on_reply(Done())
        on_reply(None)

    reply: Reply = await notices.answered(submit_twice)

    assert reply == Done()
