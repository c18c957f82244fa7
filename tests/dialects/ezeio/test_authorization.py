"""What is read from an Authorization header, whatever is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.ezeio.access.authorization import (
    HEADER_LIMIT,
    BearerProof,
    DigestProof,
    Unreadable,
    parameters,
    proof_of,
)

PROOF = 'Digest username="12345", nonce="n", uri="/v1", response="r", qop=auth, nc=0000000A, cnonce="c"'

ANYTHING = st.text(alphabet=st.characters(), max_size=300)
TOKENS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABC0123456789-_!", min_size=1, max_size=12)
NEARLY = st.lists(
    st.sampled_from(
        [
            "Digest ",
            "username",
            "nonce",
            "uri",
            "response",
            "qop",
            "nc",
            "cnonce",
            "=",
            '"',
            "\\",
            ",",
            " ",
            "auth",
            "é",
        ]
    ),
    max_size=40,
).map("".join)


def test_a_proof_is_taken_apart() -> None:
    headers = {"authorization": PROOF}

    proof = proof_of(headers)

    assert proof == DigestProof("12345", "n", "/v1", "r", "MD5", "auth", "c", "0000000A")
    assert proof.count == 10


@pytest.mark.parametrize(
    "text", ["a=" + " " * 500_000 + '"', "a" + " " * 500_000, " ," * 500_000, 'a="' + "\\a" * 500_000]
)
def test_no_header_costs_more_than_its_length(text: str) -> None:
    # With work that grows with the square of the length this would not end within the hour.
    found = parameters(text)

    assert not found


@pytest.mark.parametrize("scheme", ["digest", "DIGEST", "Digest"])
def test_the_scheme_is_read_in_any_case(scheme: str) -> None:
    header = PROOF.replace("Digest", scheme)

    proof = proof_of({"authorization": header})

    assert isinstance(proof, DigestProof)


@pytest.mark.parametrize("header", ["", "Basic MTIzNDU6eA==", "Negotiate", "Digestive x"])
def test_other_schemes_are_no_proof(header: str) -> None:
    proof = proof_of({"authorization": header})

    assert proof is None


def test_a_bearer_key_goes_with_the_number_in_the_other_header() -> None:
    headers = {"authorization": "Bearer  secret ", "ezeapikey": " 12345 "}

    proof = proof_of(headers)

    assert proof == BearerProof("12345", "secret")


def test_a_header_of_endless_length_is_not_read() -> None:
    header = f"{PROOF}, opaque={'x' * HEADER_LIMIT}"

    proof = proof_of({"authorization": header})

    assert proof == Unreadable("The Authorization header is too long")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=1,b=2", {"a": "1", "b": "2"}),
        (' a = 1 ,, \tB\t=\t"2" , ', {"a": "1", "b": "2"}),
        ('a="x, y=z"', {"a": "x, y=z"}),
        (r'a="say \"hi\" \\"', {"a": r'say "hi" \ '.rstrip()}),
        ('a=""', {"a": ""}),
        ("a=", {"a": ""}),
        ("", {}),
        (" ,, ", {}),
        ("a", None),
        ("a=1 b=2", None),
        ('a="1', None),
        ('a="1"2', None),
        ("=1", None),
        ("a=1,A=2", None),
    ],
)
def test_parameters_are_read_in_every_allowed_writing(text: str, expected: dict[str, str] | None) -> None:
    found = parameters(text)

    assert found == expected


@given(ANYTHING | NEARLY, ANYTHING)
def test_no_header_leads_to_an_unhandled_error(authorization: str, key_id: str) -> None:
    proof = proof_of({"authorization": authorization, "ezeapikey": key_id})

    assert proof is None or isinstance(proof, DigestProof | BearerProof | Unreadable)


@given(ANYTHING | NEARLY)
def test_whatever_follows_the_scheme_is_read_or_refused(text: str) -> None:
    proof = proof_of({"authorization": f"Digest {text}"})

    assert isinstance(proof, DigestProof | Unreadable)


@given(st.dictionaries(TOKENS.map(str.lower), st.text(alphabet=st.characters(codec="utf-8"), max_size=20), max_size=8))
def test_what_was_quoted_comes_back(values: dict[str, str]) -> None:
    escaped = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in values.items()}
    text = ", ".join(f'{name}="{value}"' for name, value in escaped.items())

    found = parameters(text)

    assert found == values


@st.composite
def written(draw: st.DrawFn, proof: DigestProof) -> str:
    """Return a header that says the same: in any order, quoted or bare, with commas and spaces between."""
    fields = {
        "username": proof.username,
        "nonce": proof.nonce,
        "uri": proof.uri,
        "response": proof.response,
        "algorithm": proof.algorithm,
        "qop": proof.qop,
        "cnonce": proof.cnonce,
        "nc": proof.count_text,
        "opaque": draw(QUOTABLE),
        **({} if proof.realm is None else {"realm": proof.realm}),
    }
    between = st.sampled_from([",", ", ", " ,", ",\t", ",,", " , , "])
    around = st.sampled_from(["", " ", "\t"])
    text = ""
    for name, value in draw(st.permutations(list(fields.items()))):
        spelt = draw(st.sampled_from([name, name.upper(), name.title()]))
        is_token = value != "" and not set(value).intersection(' \t\r\n",\\') and value.isprintable()
        if is_token and draw(st.booleans()):
            shown = value
        else:
            shown = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        text += f"{spelt}{draw(around)}={draw(around)}{shown}{draw(between)}"
    return f"{draw(st.sampled_from(['Digest', 'digest', 'DIGEST']))} {text}"


QUOTABLE = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
PROOFS = st.builds(
    DigestProof,
    username=QUOTABLE,
    nonce=QUOTABLE,
    uri=QUOTABLE,
    response=QUOTABLE,
    algorithm=st.sampled_from(["MD5", "md5", "SHA-256", "MD5-sess"]),
    qop=st.sampled_from(["auth", "auth-int"]),
    cnonce=QUOTABLE.filter(bool),
    count_text=st.integers(0, 2**32 - 1).map(lambda count: f"{count:08x}"),
    realm=st.none() | QUOTABLE,
)


@given(st.data())
def test_however_a_header_is_written_it_says_the_same(drawn: st.DataObject) -> None:
    proof = drawn.draw(PROOFS)
    header = drawn.draw(written(proof))

    found = proof_of({"authorization": header})

    assert found == proof
