"""Which device a name means."""

from hardwire.model.device import Device
from hardwire.server.network.names import Names
from tests.hub.premises import METER, Premises

APPLIANCE = "appliance/p1dongle/5c2fafaabbcc"


def named() -> tuple[Premises, Names]:
    premises = Premises()
    premises.dialect.names = {"meter": APPLIANCE}
    premises.dialect.host_names = {"meter": ("p1meter-aabbcc.local",), "board": ("board.local",)}
    premises.serve(METER)
    return premises, Names(premises.hub, {"paper": premises.dialect}, own=("hub.example",))


def test_a_device_is_found_by_its_certificates_name_and_by_its_host_name() -> None:
    _, names = named()

    found = [names.device(name) for name in (APPLIANCE, "p1meter-aabbcc.local", "hub.example", None)]

    assert found == ["meter", "meter", None, None]
    assert names.is_appliance(APPLIANCE)
    assert not names.is_appliance("p1meter-aabbcc.local")


def test_the_hub_answers_to_its_own_names_and_its_devices() -> None:
    _, names = named()

    answers = [names.is_host(name) for name in ("hub.example", "p1meter-aabbcc.local", "evil.example")]

    assert answers == [True, True, False]
    assert {"hub.example", "p1meter-aabbcc.local"} <= set(names.hosts())


def test_a_name_in_the_domain_of_the_houses_router_is_the_local_one() -> None:
    _, names = named()

    found = [names.device(f"p1meter-aabbcc.{domain}") for domain in ("lan", "home.arpa", "internal", "example", "box")]
    is_known = [names.is_host(name) for name in ("p1meter-aabbcc.lan", "hub.lan", "p1meter-aabbcc.evil.lan", "lan")]

    assert found == ["meter", "meter", "meter", None, None]
    assert is_known == [True, False, False, False]


def test_a_devices_certificate_name_is_known_by_its_id() -> None:
    _, names = named()

    found = [names.appliance("meter"), names.appliance("board")]

    assert found == [APPLIANCE, None]


def test_the_default_device_of_a_dialect_gives_the_default_certificate() -> None:
    premises, names = named()
    before = names.default_appliance()
    premises.hub.roster.show("meter", "paper", "5c2f", None)

    default = names.default_appliance()

    assert before is None
    assert default == APPLIANCE


def test_a_default_device_without_a_certificate_name_gives_none() -> None:
    premises, names = named()
    premises.serve(Device(id="board", kind="board"))
    premises.hub.roster.show("board", "paper", "1", None)

    default = names.default_appliance()

    assert default is None


def test_names_come_and_go_with_their_devices() -> None:
    premises, names = named()
    premises.serve(Device(id="board", kind="board"))
    came = names.device("board.local")

    premises.hub.forget("board")

    assert came == "board"
    assert names.device("board.local") is None
