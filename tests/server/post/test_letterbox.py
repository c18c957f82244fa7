"""One try to post a message, to receivers on real sockets."""

import base64
import hmac
from collections.abc import AsyncIterator, Mapping

import pytest

from hardwire.contracts.post import Post
from hardwire.server.post.letterbox import Delivery, Fate, HttpLetterbox, host_of, signed_headers
from tests.fakes.receiver import Receiver, listening
from tests.fakes.still_clock import NOON

KEY = b"a secret of the receiver"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with listening(receiver):
        yield receiver


@pytest.fixture
async def letterbox() -> AsyncIterator[HttpLetterbox]:
    letterbox = HttpLetterbox()
    yield letterbox
    await letterbox.close()


def post(url: str) -> Post:
    return Post(id="msg_1", url=url, body='{"a":"é"}', made=NOON, due=NOON)


async def test_a_receiver_gets_the_body_as_it_is_with_a_signature_that_it_can_check(
    letterbox: HttpLetterbox, receiver: Receiver
) -> None:
    delivery = await letterbox.deliver(post(f"{receiver.url}/in?x=1"), KEY, NOON)

    (line, headers, body) = receiver.got[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(KEY, signed, "sha256")).decode()
    assert delivery == Delivery(Fate.ARRIVED)
    assert (line, body) == ("POST /in?x=1", '{"a":"é"}'.encode())
    assert headers["webhook-id"] == "msg_1"
    assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert hmac.compare_digest(headers["webhook-signature"], wanted)
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"].startswith("hardwire/")


async def test_without_a_secret_nothing_is_signed(letterbox: HttpLetterbox, receiver: Receiver) -> None:
    await letterbox.deliver(post(receiver.url), b"", NOON)

    assert "webhook-signature" not in receiver.got[0][1]


@pytest.mark.parametrize(
    ("status", "headers", "delivery"),
    [
        (200, {}, Delivery(Fate.ARRIVED)),
        (299, {}, Delivery(Fate.ARRIVED)),
        (307, {"Location": "/elsewhere"}, Delivery(Fate.LATER, "the receiver answered 307")),
        (400, {}, Delivery(Fate.LATER, "the receiver answered 400")),
        (410, {}, Delivery(Fate.REFUSED, "the receiver answered 410")),
        (429, {"Retry-After": "120"}, Delivery(Fate.LATER, "the receiver answered 429", 120)),
        (503, {"Retry-After": "tomorrow"}, Delivery(Fate.LATER, "the receiver answered 503")),
        (503, {"Retry-After": "9" * 20}, Delivery(Fate.LATER, "the receiver answered 503")),
    ],
)
async def test_what_becomes_of_a_message_is_told_by_the_status(
    letterbox: HttpLetterbox, receiver: Receiver, status: int, headers: Mapping[str, str], delivery: Delivery
) -> None:
    receiver.status, receiver.headers = status, headers

    assert await letterbox.deliver(post(receiver.url), KEY, NOON) == delivery

    assert len(receiver.got) == 1, "a redirect was followed"


async def test_an_answer_without_end_is_not_read(letterbox: HttpLetterbox, receiver: Receiver) -> None:
    delivery = await letterbox.deliver(post(f"{receiver.url}/pour"), KEY, NOON)

    assert delivery.fate is Fate.ARRIVED


async def test_a_receiver_that_does_not_answer_is_left(
    letterbox: HttpLetterbox, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardwire.server.post.letterbox.TIMEOUT_S", 0.2)
    receiver.hangs = True

    delivery = await letterbox.deliver(post(receiver.url), KEY, NOON)

    assert delivery == Delivery(Fate.LATER, "no answer within 0.2 s")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/secret-path", "http://[half/secret-path", "http:///secret-path"])
async def test_what_cannot_be_reached_is_tried_later_and_its_path_is_not_told(
    letterbox: HttpLetterbox, url: str
) -> None:
    delivery = await letterbox.deliver(post(url), KEY, NOON)

    assert delivery.fate is Fate.LATER
    assert "secret" not in delivery.reason


async def test_a_letterbox_that_was_never_used_closes() -> None:
    await HttpLetterbox().close()


def test_the_signature_is_that_of_the_published_example() -> None:
    # The test vector that the Standard Webhooks libraries share.
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = NOON.fromtimestamp(1614265330, NOON.tzinfo)

    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', key, at)

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_of_an_address_only_the_host_is_told() -> None:
    assert host_of("https://user:pass@ops.example:8443/secret?token=1") == "ops.example"
    assert host_of("no address") == ""
