"""The virtual board's TCP channels: what clients hear, in which order, with links on paper."""

import pytest

from hardwire.drivers.simulated.board.net.tcp import Tcp
from hardwire.drivers.simulated.board.net.tcp_conversation import Conversation
from hardwire.drivers.simulated.board.net.tcp_policy import TcpPolicy
from hardwire.model.board.system import BoardWarned
from hardwire.model.board.tcp import CloseTcp, ConnectTcp, TcpAnswered, TcpConnected, TcpReceived, TcpResult, WriteTcp
from hardwire.model.command import Command
from hardwire.model.errors import CallerError, UnknownError
from hardwire.model.fact import Happening
from tests.drivers.simulated.board.settled import NOON_US

ECHO = "example.test"


class PaperLink:
    """A link that writes down what goes through it."""

    def __init__(self, host: str, port: int, conversation: Conversation) -> None:
        self.place = f"{host}:{port}"
        self.conversation = conversation
        self.written = b""
        self.is_closed = False
        self.is_stuck = False

    def write(self, octets: bytes) -> bool:
        """Write it down."""
        self.written += octets
        return not self.is_stuck

    def close(self) -> None:
        """Note it."""
        self.is_closed = True


class Rig:
    """A function with what it told and the links that it opened."""

    def __init__(self, *allowed: str) -> None:
        self.told: list[Happening] = []
        self.links: list[PaperLink] = []
        self.tcp = Tcp(range(8), ["Example.test:80"], TcpPolicy(allowed), self._open, self.told.append)

    def do(self, *commands: Command) -> None:
        """Carry out commands."""
        for command in commands:
            assert self.tcp.carry_out(command, NOON_US) == ()

    def news(self) -> list[Happening]:
        """Return what was told since the last call."""
        told = list(self.told)
        self.told.clear()
        return told

    def connected(self) -> PaperLink:
        """Return the link of a standing connection on tcp0."""
        self.do(ConnectTcp(0, 443, "example.com"))
        (link,) = self.links
        link.conversation.connected()
        self.news()
        return link

    def _open(self, host: str, port: int, conversation: Conversation) -> PaperLink:
        self.links.append(PaperLink(host, port, conversation))
        return self.links[-1]


def test_the_host_on_the_bench_sends_everything_back_without_a_link() -> None:
    rig = Rig()

    rig.do(ConnectTcp(3, 80, "Example.Test"), WriteTcp(3, b"GET /"), CloseTcp(3))

    assert rig.news() == [
        TcpConnected(3, True),
        TcpAnswered(3, TcpResult.OK),
        TcpReceived(3, b"GET /"),
        TcpConnected(3, False),
    ]
    assert rig.links == []


def test_a_connection_is_told_before_its_answer() -> None:
    rig = Rig("example.com:443")

    rig.do(ConnectTcp(0, 443, "Example.com"))
    before = rig.news()
    rig.links[0].conversation.connected()

    assert before == []
    assert rig.links[0].place == "example.com:443"
    assert rig.news() == [TcpConnected(0, True), TcpAnswered(0, TcpResult.OK)]


def test_bytes_go_both_ways() -> None:
    rig = Rig("example.com:443")
    link = rig.connected()

    rig.do(WriteTcp(0, b"ab"), WriteTcp(0, b"c"))
    link.conversation.received(b"\x00\xff")

    assert link.written == b"abc"
    assert rig.news() == [TcpReceived(0, b"\x00\xff")]


@pytest.mark.parametrize(("host", "port"), [("localhost", 80), ("example.com", 80), ("192.168.1.7", 443), ("", 80)])
def test_where_the_owner_has_not_said_so_nothing_is_looked_up(host: str, port: int) -> None:
    rig = Rig("example.com:443")

    rig.do(ConnectTcp(0, port, host))

    warning, answer = rig.news()
    assert isinstance(warning, BoardWarned)
    assert f"may not connect to {host}:{port}; the setting tcp_allow" in warning.message
    assert answer == TcpAnswered(0, TcpResult.ERROR)
    assert rig.links == []


def test_a_channel_in_use_keeps_its_connection() -> None:
    rig = Rig("example.com:443")
    link = rig.connected()

    rig.do(ConnectTcp(0, 80, ECHO))

    warning, answer = rig.news()
    assert warning == BoardWarned("tcp0 is connected already; close it first")
    assert answer == TcpAnswered(0, TcpResult.PORT_USED)
    assert not link.is_closed


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    rig = Rig("example.com:*")

    rig.do(ConnectTcp(0, port, "example.com"))

    assert rig.news()[1] == TcpAnswered(0, TcpResult.PORT_AREA_ERROR)


def test_a_failed_attempt_frees_its_channel_and_says_why() -> None:
    rig = Rig("example.com:443")
    rig.do(ConnectTcp(0, 443, "example.com"))

    rig.links[0].conversation.failed(TcpResult.LOOKUP_ERROR, "there is no host example.com")
    rig.do(ConnectTcp(0, 80, ECHO))

    assert rig.news() == [
        BoardWarned("tcp0: there is no host example.com"),
        TcpAnswered(0, TcpResult.LOOKUP_ERROR),
        TcpConnected(0, True),
        TcpAnswered(0, TcpResult.OK),
    ]


def test_an_end_by_the_host_frees_the_channel() -> None:
    rig = Rig("example.com:443")
    link = rig.connected()

    link.conversation.ended()

    assert rig.news() == [TcpConnected(0, False)]
    with pytest.raises(CallerError, match="tcp0 is not connected"):
        rig.do(WriteTcp(0, b"x"))


def test_closing_an_attempt_answers_whoever_waits_for_it() -> None:
    rig = Rig("example.com:443")
    rig.do(ConnectTcp(0, 443, "example.com"))

    rig.do(CloseTcp(0))

    assert rig.news() == [TcpConnected(0, False), TcpAnswered(0, TcpResult.ERROR)]
    assert rig.links[0].is_closed


def test_closing_nothing_says_nothing() -> None:
    rig = Rig()

    rig.do(CloseTcp(0))

    assert rig.news() == []


def test_nothing_is_written_before_the_connection_stands() -> None:
    rig = Rig("example.com:443")
    rig.do(ConnectTcp(0, 443, "example.com"))

    with pytest.raises(CallerError) as refused:
        rig.do(WriteTcp(0, b"x"))

    assert refused.value.code == "not-connected"
    assert rig.links[0].written == b""


def test_a_host_that_reads_too_slowly_loses_its_connection() -> None:
    rig = Rig("example.com:443")
    link = rig.connected()
    link.is_stuck = True

    rig.do(WriteTcp(0, b"x"))

    assert link.is_closed
    assert rig.news() == [
        BoardWarned("tcp0: the host reads too slowly; the connection was ended"),
        TcpConnected(0, False),
    ]


def test_power_on_ends_every_connection_without_a_word() -> None:
    rig = Rig("example.com:443")
    link = rig.connected()

    rig.tcp.power_on()
    rig.do(ConnectTcp(0, 80, ECHO))

    assert link.is_closed
    assert rig.news() == [TcpConnected(0, True), TcpAnswered(0, TcpResult.OK)]


@pytest.mark.parametrize("command", [ConnectTcp(8, 80, ECHO), WriteTcp(8, b"x"), CloseTcp(8)])
def test_a_channel_that_the_board_has_not_is_named(command: Command) -> None:
    with pytest.raises(UnknownError, match="no tcp8; it has tcp0"):
        Rig().do(command)
