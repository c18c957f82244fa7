"""An answer of a dialect on its way to the wire."""

from hardwire.contracts.act import Respond
from hardwire.server.requests.answer import response_of


def test_each_challenge_is_a_header_of_its_own_in_their_order() -> None:
    answer = Respond(401, b"{}", challenges=("Digest algorithm=SHA-256", "Digest algorithm=MD5"))

    response = response_of(answer, {"Vary": "Origin"})

    assert response.headers.getall("WWW-Authenticate") == ["Digest algorithm=SHA-256", "Digest algorithm=MD5"]
    assert response.headers["Vary"] == "Origin"


def test_an_answer_without_challenges_has_no_such_header() -> None:
    response = response_of(Respond(200, b"{}"), {})

    assert "WWW-Authenticate" not in response.headers
