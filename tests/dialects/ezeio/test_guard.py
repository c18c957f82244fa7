"""Whose proof is believed."""

from datetime import timedelta
from hashlib import md5, sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.contracts.question import CountNonce
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.access.guard import Guard, Refused, Shown, Verdict
from hardwire.dialects.ezeio.access.keys import ha1
from hardwire.dialects.ezeio.access.nonces import Nonces
from tests.dialects.ezeio.premises import KEY, START, House, key, make_house, no_entropy

TARGET = "/v1/subscribe/ticket"
NONCE = Nonces(lambda: bytes(32), no_entropy).mint(START)


def proof(
    *,
    user: str = "12345",
    secret: str = KEY,
    uri: str = TARGET,
    nonce: str = NONCE,
    nc: str = "00000001",
    algorithm: str = "MD5",
    more: str = "",
) -> str:
    """Return the header that an honest client sends, computed here from RFC 2617 and RFC 7616, and nothing else."""

    def hexed(text: str) -> str:
        return {"MD5": md5, "SHA-256": sha256}[algorithm](text.encode()).hexdigest()

    first = hexed(f"{user}:hardwire:{secret}")
    response = hexed(f"{first}:{nonce}:{nc}:xyz:auth:{hexed(f'GET:{uri}')}")
    return (
        f'Digest username="{user}", nonce="{nonce}", uri="{uri}", algorithm={algorithm}, '
        f'qop=auth, nc={nc}, cnonce="xyz", response="{response}"{more}'
    )


def request(
    authorization: str,
    *,
    target: str = TARGET,
    is_foreign: bool = False,
    key_id: str = "",
    origin: str = "http://hub.local:8080",
) -> Request:
    headers = {"authorization": authorization, "ezeapikey": key_id}
    return Request(method="GET", target=target, path=TARGET, headers=headers, is_foreign=is_foreign, origin=origin)


def guard(house: House | None = None, *algorithms: str) -> Guard:
    return Guard((house or make_house()).premises, no_entropy, "hardwire", algorithms or ("MD5",))


def reason(verdict: Verdict) -> tuple[int, str]:
    assert isinstance(verdict, Refused)
    return verdict.status, verdict.reason


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
    assert verdict.challenges[0].endswith("stale=true")


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
    assert "stale" not in verdict.challenges[0]


def test_an_old_nonce_with_a_wrong_key_is_not_called_stale() -> None:
    verdict = guard().judge(request(proof(secret="wrong")), START + timedelta(minutes=10))

    assert isinstance(verdict, Refused)
    assert "stale" not in verdict.challenges[0]


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


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256", "sha-256", "md5"])
def test_each_algorithm_that_is_offered_is_taken_in_whatever_letters(algorithm: str) -> None:
    header = proof(algorithm=algorithm.upper()).replace(f"algorithm={algorithm.upper()}", f'algorithm="{algorithm}"')

    verdict = guard(None, "SHA-256", "MD5").judge(request(header), START)

    assert isinstance(verdict, Shown)


def test_both_are_offered_in_headers_of_their_own_with_one_nonce() -> None:
    verdict = guard(None, "SHA-256", "MD5").judge(Request(method="GET", target=TARGET, path=TARGET), START)

    assert isinstance(verdict, Refused)
    assert [challenge.partition("algorithm=")[2].partition(",")[0] for challenge in verdict.challenges] == [
        "SHA-256",
        "MD5",
    ]
    assert all(NONCE in challenge for challenge in verdict.challenges)


@pytest.mark.parametrize(
    ("offered", "header", "sentence"),
    [
        ("MD5", proof(algorithm="SHA-256"), "Digest with algorithm MD5 and qop auth is needed"),
        ("SHA-256", proof(), "Digest with algorithm SHA-256 and qop auth is needed"),
        ("MD5", proof().replace("=MD5", "=MD5-sess"), "Digest with algorithm MD5 and qop auth is needed"),
        ("MD5", proof().replace("qop=auth", "qop=auth-int"), "Digest with algorithm MD5 and qop auth is needed"),
        ("MD5", proof(more=', realm="elsewhere"'), "The Authorization header was made for another realm"),
    ],
)
def test_what_is_not_offered_is_challenged_anew_with_the_reason(offered: str, header: str, sentence: str) -> None:
    verdict = guard(None, offered).judge(request(header), START)

    assert reason(verdict) == (401, sentence)


@pytest.mark.parametrize(
    "header",
    [
        proof(more=", userhash=true"),
        proof().replace('username="12345"', "username*=UTF-8''12345"),
        proof(user="1234\N{LATIN SMALL LETTER E WITH ACUTE}"),
        proof(more=', realm="caf\N{LATIN SMALL LETTER E WITH ACUTE}"'),
    ],
)
def test_a_name_that_is_no_plain_number_is_no_readable_header(header: str) -> None:
    status, _ = reason(guard().judge(request(header), START))

    assert status == 400


def test_a_key_of_an_earlier_version_works_with_md5_and_in_headers_only() -> None:
    house = make_house()
    house.access.add(key("80000", secret_hash=ha1("hardwire", "80000", KEY)))
    old = guard(house, "SHA-256", "MD5")

    by_md5 = old.judge(request(proof(user="80000")), START)
    by_sha = old.judge(request(proof(user="80000", algorithm="SHA-256")), START)
    by_bearer = old.judge(request(f"Bearer {KEY}", key_id="80000"), START)

    assert isinstance(by_md5, Shown)
    assert reason(by_sha) == (401, "Wrong API key ID or key")
    assert isinstance(by_bearer, Shown)


@pytest.mark.parametrize(
    ("target", "uri", "is_it"),
    [
        ("/v1/a?b=%5B1%5D", "/v1/a?b=%5B1%5D", True),
        ("/v1/a?b=%5B1%5D", "/v1/a?b=[1]", False),
        ("/v1/a?b=1", "/v1/a", False),
        ("/v1/a", "/v1/A", False),
        ("http://hub.local:8080/v1/a?b", "/v1/a?b", True),
        ("http://hub.local:8080/v1/a?b", "http://hub.local:8080/v1/a?b", True),
        ("/v1/a?b", "HTTP://Hub.Local:8080/v1/a?b", True),
        ("/v1/a?b", "http://other.local:8080/v1/a?b", False),
        ("/v1/a?b=http://one/c", "/v1/a?b=http://two/c", False),
        ("/v1/a", "", False),
    ],
)
def test_the_uri_is_that_of_the_request_byte_for_byte(target: str, uri: str, is_it: bool) -> None:
    verdict = guard().judge(request(proof(uri=uri), target=target), START)

    assert isinstance(verdict, Shown if is_it else Refused)
