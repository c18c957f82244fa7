"""Whose proof is believed."""

from datetime import timedelta
from hashlib import md5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.contracts.question import CountNonce
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.guard import Guard, Refused, Shown
from hardwire.dialects.ezeio.keys import ha1
from hardwire.dialects.ezeio.nonces import Nonces
from tests.dialects.ezeio.premises import KEY, START, House, key, make_house, no_entropy

TARGET = "/v1/subscribe/ticket"
NONCE = Nonces(no_entropy).mint(START)


def hexed(text: str) -> str:
    return md5(text.encode()).hexdigest()


def proof(
    *, user: str = "12345", secret: str = KEY, uri: str = TARGET, nonce: str = NONCE, nc: str = "00000001"
) -> str:
    """Return the header that an honest client sends, computed here from RFC 2617 and nothing else."""
    kept = hexed(f"{user}:hardwire:{secret}")
    response = hexed(f"{kept}:{nonce}:{nc}:xyz:auth:{hexed(f'GET:{uri}')}")
    return (
        f'Digest username="{user}", realm="hardwire", nonce="{nonce}", uri="{uri}", '
        f'qop=auth, nc={nc}, cnonce="xyz", response="{response}"'
    )


def request(authorization: str, *, target: str = TARGET, is_foreign: bool = False, key_id: str = "") -> Request:
    headers = {"authorization": authorization, "ezeapikey": key_id}
    return Request(method="GET", target=target, path=target, headers=headers, is_foreign=is_foreign)


def guard(house: House | None = None) -> Guard:
    return Guard((house or make_house()).premises, no_entropy, "hardwire")


def test_the_example_of_rfc_2617_is_right_and_its_nonce_only_unknown() -> None:
    house = make_house()
    house.access.add(key("Mufasa", secret_hash=ha1("testrealm@host.com", "Mufasa", "Circle Of Life")))
    header = (
        'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
        'uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", '
        'response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )

    verdict = Guard(house.premises, no_entropy, "testrealm@host.com").judge(
        request(header, target="/dir/index.html"), START
    )

    assert isinstance(verdict, Refused)
    assert verdict.challenge.endswith("stale=true")


def test_the_right_digest_shows_the_key_if_its_use_is_a_new_one() -> None:
    verdict = guard().judge(request(proof(nc="0000002a")), START + timedelta(seconds=100))

    assert isinstance(verdict, Shown)
    assert verdict.credential.id == "12345"
    assert verdict.use == CountNonce(NONCE, 42, 200.0)


def test_the_response_may_be_written_in_capitals() -> None:
    header = proof()
    response = header.rpartition('response="')[2].rstrip('"')

    verdict = guard().judge(request(header.replace(response, response.upper())), START)

    assert isinstance(verdict, Shown)


@pytest.mark.parametrize("user", ["12345", "99999", "60000", ""])
def test_a_wrong_key_is_answered_alike_whether_its_number_exists_or_not(user: str) -> None:
    verdict = guard().judge(request(proof(user=user, secret="wrong")), START)

    assert isinstance(verdict, Refused)
    assert (verdict.status, verdict.reason) == (401, "Wrong API key ID or key")
    assert "stale" not in verdict.challenge


def test_an_old_nonce_with_a_wrong_key_is_not_called_stale() -> None:
    verdict = guard().judge(request(proof(secret="wrong")), START + timedelta(minutes=10))

    assert isinstance(verdict, Refused)
    assert "stale" not in verdict.challenge


def test_a_credential_without_a_usable_hash_lets_nobody_in() -> None:
    house = make_house()
    house.access.add(key("80000", secret_hash=b""))

    by_digest = guard(house).judge(request(proof(user="80000")), START)
    by_bearer = guard(house).judge(request(f"Bearer {KEY}", key_id="80000"), START)

    assert isinstance(by_digest, Refused)
    assert isinstance(by_bearer, Refused)


def test_a_page_of_another_origin_gets_in_by_bearer_and_not_by_digest() -> None:
    by_digest = guard().judge(request(proof(), is_foreign=True), START)
    by_bearer = guard().judge(request(f"Bearer {KEY}", key_id="12345", is_foreign=True), START)

    assert isinstance(by_digest, Refused)
    assert by_digest.status == 403
    assert isinstance(by_bearer, Shown)


def test_an_expired_key_is_a_wrong_key() -> None:
    late = START + timedelta(minutes=2)

    verdict = guard().judge(request(f"Bearer {KEY}", key_id="70000"), late)

    assert isinstance(verdict, Refused)
    assert verdict.status == 401


@given(
    st.text(alphabet=st.characters(), max_size=40),
    st.text(alphabet=st.characters(), max_size=40),
    st.text(alphabet=st.characters(), max_size=40),
)
def test_no_text_in_a_proof_leads_to_an_unhandled_error(user: str, response: str, target: str) -> None:
    def quoted(text: str) -> str:
        return text.replace("\\", "\\\\").replace('"', '\\"')

    header = (
        f'Digest username="{quoted(user)}", nonce="{quoted(response)}", uri="{quoted(target)}", '
        f'qop=auth, nc=00000001, cnonce="{quoted(user)}", response="{quoted(response)}"'
    )

    verdict = guard().judge(request(header, target=target), START)
    by_bearer = guard().judge(request(f"Bearer {response}", key_id=user), START)

    assert isinstance(verdict, Refused)
    assert isinstance(by_bearer, Refused)
