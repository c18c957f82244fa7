"""The gate: Host, Origin and CORS rules against hostile pages."""

import pytest

from hardwire.model.errors import BadValueError
from hardwire.server.requests.gate import Admission, Gate, Refusal, answer_headers, origin_of, preflight

NAMES = {"p1meter-aabbcc.local", "hub", "hub.local"}


def gate(public_url: str = "https://hub.example.org", origins: tuple[str, ...] = ("http://dash.example:3000",)) -> Gate:
    return Gate(NAMES.__contains__, public_url=public_url, origins=origins)


def admitted(host: str, *origins: str, is_tls: bool = False, public_url: str = "https://hub.example.org") -> Admission:
    verdict = gate(public_url).admit(hosts=[host], origins=origins, is_tls=is_tls)
    assert isinstance(verdict, Admission), verdict
    return verdict


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("localhost:8080", "localhost"),
        ("LOCALHOST:8080", "localhost"),
        ("localhost.", "localhost"),
        ("localhost:", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1:8443", "127.0.0.1"),
        ("192.168.1.50:80", "192.168.1.50"),
        ("[::1]", "::1"),
        ("[::1]:8080", "::1"),
        ("[0:0:0:0:0:0:0:1]:8080", "::1"),
        ("[fe80::1%25eth0]:8080", "fe80::1"),
        ("[::ffff:127.0.0.1]", "::ffff:7f00:1"),
        ("p1meter-aabbcc.local", "p1meter-aabbcc.local"),
        ("P1Meter-AABBCC.local:443", "p1meter-aabbcc.local"),
        ("hub.local:8080", "hub.local"),
        ("hub.example.org", "hub.example.org"),
        ("hub.example.org:8080", "hub.example.org"),
    ],
)
def test_a_host_that_is_ours_passes(host: str, name: str) -> None:
    verdict = gate().admit(hosts=[host], origins=[], is_tls=False)

    assert isinstance(verdict, Admission)
    assert verdict.host == name
    assert not verdict.is_foreign


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "foo.localhost",
        "127.0.0.1.evil.example",
        "127.0.0.1.nip.io",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.0.0.01",
        "256.0.0.1",
        "p1meter-aabbcc.local.evil.example",
        "evil-p1meter-aabbcc.local",
        "p1meter-ddeeff.local",
        "hub.example.org.evil.example",
        "evilhub.example.org",
        "xn--lcalhost-54a.example",
    ],
)
def test_another_name_is_refused_against_dns_rebinding(host: str) -> None:
    verdict = gate().admit(hosts=[host], origins=[], is_tls=False)

    assert isinstance(verdict, Refusal)
    assert verdict.status == 403
    assert "public_url" in verdict.reason


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        ["localhost", "localhost"],
        ["localhost", "evil.example"],
        [""],
        [" "],
        [" localhost"],
        ["localhost "],
        ["localhost\n"],
        ["localhost\x00"],
        ["localhost, evil.example"],
        ["user@localhost"],
        ["http://localhost"],
        ["localhost/"],
        ["localhost:8080/evil"],
        ["localhost#"],
        ["localhost:99999"],
        ["localhost:0"],
        ["localhost:-1"],
        ["localhost:80a"],
        ["localhost:８０"],
        ["localhost:80:80"],
        [":8080"],
        ["."],
        ["..localhost"],
        ["localhost.."],
        ["::1"],
        ["[::1"],
        ["[::1]evil"],
        ["[::g]"],
        ["[1:2]"],
        ["[127.0.0.1]"],
        ["[v1.evil]"],
        ["löcalhost"],
        ["%6cocalhost"],
        ["*"],
        ["null"] * 2,
        ["a" * 254],
        ["a" * 100_000],
    ],
)
def test_an_absurd_host_is_a_bad_request(hosts: list[str]) -> None:
    verdict = gate().admit(hosts=hosts, origins=[], is_tls=False)

    assert isinstance(verdict, Refusal)
    assert verdict.status == 400


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("/", "localhost:8080"),
        ("//evil.example/x", "localhost:8080"),
        ("/http://evil.example/", "localhost:8080"),
        ("*", "localhost"),
        ("http://localhost:8080/x", "localhost:8080"),
        ("HTTP://LOCALHOST:8080?x", "localhost:8080"),
        ("http://localhost", "localhost:80"),
        ("https://localhost/", "localhost"),
        ("http://[::1]:8080/", "[0:0:0:0:0:0:0:1]:8080"),
    ],
)
def test_a_target_that_names_no_other_host_passes(target: str, host: str) -> None:
    assert isinstance(gate().admit(hosts=[host], origins=[], is_tls=False, target=target), Admission)


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example/",
        "http://localhost:8081/",
        "http://localhost:8080@evil.example/",
        "http://user@localhost:8080/",
        "http://localhost:8080.evil.example/",
        "http://localhost:8080\\@evil.example/",
        "http:///x",
        "http:localhost:8080/",
        "file://localhost:8080/etc/passwd",
        "ftp://localhost:8080/",
        "localhost:8080",
        "evil.example:443",
        "",
        "x",
    ],
)
def test_a_target_that_names_another_host_than_the_header_is_a_bad_request(target: str) -> None:
    verdict = gate().admit(hosts=["localhost:8080"], origins=[], is_tls=False, target=target)

    assert isinstance(verdict, Refusal)
    assert verdict.status == 400


@pytest.mark.parametrize(
    ("host", "is_tls", "origin"),
    [
        ("localhost:8080", False, "http://localhost:8080"),
        ("localhost:8443", True, "https://localhost:8443"),
        ("localhost", False, "http://localhost"),
        ("localhost:80", False, "http://localhost"),
        ("localhost:443", True, "https://localhost"),
        ("localhost:443", False, "http://localhost:443"),
        ("[::1]:8080", False, "http://[::1]:8080"),
        ("hub.example.org", False, "https://hub.example.org"),
        ("hub.example.org:443", False, "https://hub.example.org"),
        ("hub.example.org:8080", False, "http://hub.example.org:8080"),
    ],
)
def test_an_admission_says_which_origin_the_request_came_to(host: str, is_tls: bool, origin: str) -> None:
    assert admitted(host, is_tls=is_tls).origin == origin


@pytest.mark.parametrize(
    ("host", "is_tls", "page"),
    [
        ("localhost:8080", False, "http://localhost:8080"),
        ("localhost:8080", False, "HTTP://LocalHost:8080"),
        ("localhost", False, "http://localhost:80"),
        ("localhost:8443", True, "https://localhost:8443"),
        ("192.168.1.50:8080", False, "http://192.168.1.50:8080"),
        ("[::1]:8080", False, "http://[::1]:8080"),
        ("hub.example.org", False, "https://hub.example.org"),
        ("localhost:8080", False, "https://hub.example.org"),
        ("localhost:8080", False, "http://dash.example:3000"),
    ],
)
def test_the_own_public_and_configured_origins_pass(host: str, is_tls: bool, page: str) -> None:
    assert not admitted(host, page, is_tls=is_tls).is_foreign


@pytest.mark.parametrize(
    "page",
    [
        "null",
        "",
        "https://evil.example",
        "http://localhost",
        "http://localhost:3000",
        "https://localhost:8080",
        "http://localhost:8080.evil.example",
        "http://localhost:8080@evil.example",
        "http://evil.example/http://localhost:8080",
        "http://localhost:8080/",
        "http://localhost:8080 http://evil.example",
        "http://evil.example, http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://sub.localhost:8080",
        "http://dash.example",
        "https://dash.example:3000",
        "http://hub.example.org",
        "ws://localhost:8080",
        "file://",
        "chrome-extension://abcdefghijklmnop",
        "localhost:8080",
        "//localhost:8080",
        "javascript:alert(1)",
        "http://",
        "http://:8080",
        "http://löcalhost:8080",
        "http://localhost:8080\r\nX-Evil: 1",
        "http://" + "a" * 10_000,
    ],
)
def test_any_other_origin_is_foreign(page: str) -> None:
    assert admitted("localhost:8080", page).is_foreign


def test_two_origin_lines_are_foreign_even_when_both_are_ours() -> None:
    assert admitted("localhost:8080", "http://localhost:8080", "http://localhost:8080").is_foreign


def test_an_attackers_page_on_its_own_address_is_foreign() -> None:
    assert admitted("192.168.1.50:8080", "http://192.168.1.66:8080").is_foreign


def test_behind_a_proxy_a_plain_page_of_the_public_name_is_foreign() -> None:
    assert admitted("hub.example.org", "http://hub.example.org").is_foreign


def test_without_public_url_nothing_but_the_hosts_own_origin_passes() -> None:
    assert admitted("localhost:8080", "https://hub.example.org", public_url="").is_foreign
    assert not admitted("localhost:8080", "http://localhost:8080", public_url="").is_foreign


@pytest.mark.parametrize(
    "url",
    ["hub.example.org", "ftp://hub", "https://hub/path", "https://hub?x", "https://user@hub", "https://", "null", "*"],
)
def test_a_public_url_that_is_no_origin_names_the_setting(url: str) -> None:
    with pytest.raises(BadValueError) as caught:
        gate(public_url=url)

    assert caught.value.path == "hub.public_url"


def test_a_configured_origin_that_is_none_names_its_place() -> None:
    with pytest.raises(BadValueError) as caught:
        gate(origins=("http://ok.example", "null"))

    assert caught.value.path == "hub.origins[1]"


def test_a_configured_url_becomes_a_canonical_origin() -> None:
    assert origin_of("HTTPS://Hub.Example.org:443/", "hub.public_url") == "https://hub.example.org"


@pytest.mark.parametrize("page", ["http://dash.example:3000", "https://evil.example", "null"])
def test_a_preflight_lets_the_browser_send_the_request_that_will_be_judged(page: str) -> None:
    admission = admitted("localhost:8080", page)

    headers = preflight(admission, method="OPTIONS", wanted_method="POST")

    assert headers is not None
    assert headers["Access-Control-Allow-Origin"] == page
    assert "POST" in headers["Access-Control-Allow-Methods"]
    assert "authorization" in headers["Access-Control-Allow-Headers"].lower()
    assert headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(
    ("method", "wanted", "pages"),
    [("OPTIONS", None, ["http://a.example"]), ("GET", "POST", ["http://a.example"]), ("OPTIONS", "POST", [])],
)
def test_what_is_no_preflight_goes_on(method: str, wanted: str | None, pages: list[str]) -> None:
    assert preflight(admitted("localhost:8080", *pages), method=method, wanted_method=wanted) is None


def test_an_origin_that_would_split_the_answer_is_never_echoed() -> None:
    admission = admitted("localhost:8080", "http://a\r\nSet-Cookie: x")

    assert preflight(admission, method="OPTIONS", wanted_method="GET") is None
    assert answer_headers(admission, has_token=True) == {}


@pytest.mark.parametrize("has_token", [True, False])
def test_our_own_pages_may_read_every_answer(has_token: bool) -> None:
    headers = answer_headers(admitted("localhost:8080", "http://dash.example:3000"), has_token=has_token)

    assert headers["Access-Control-Allow-Origin"] == "http://dash.example:3000"


def test_a_foreign_page_may_read_an_answer_only_when_its_token_was_taken() -> None:
    admission = admitted("localhost:8080", "https://evil.example")

    with_token = answer_headers(admission, has_token=True)
    without_token = answer_headers(admission, has_token=False)

    assert with_token["Access-Control-Allow-Origin"] == "https://evil.example"
    assert without_token == {"Vary": "Origin"}


def test_a_program_that_is_no_browser_gets_no_cors_headers() -> None:
    assert answer_headers(admitted("localhost:8080"), has_token=False) == {}


@pytest.mark.parametrize("is_embedded", [True, False])
def test_what_a_page_of_another_site_embeds_is_foreign_without_an_origin(is_embedded: bool) -> None:
    verdict = gate().admit(hosts=["localhost"], origins=[], is_tls=False, is_embedded=is_embedded)

    assert isinstance(verdict, Admission)
    assert verdict.is_foreign == is_embedded
    assert answer_headers(verdict, has_token=False) == {}
