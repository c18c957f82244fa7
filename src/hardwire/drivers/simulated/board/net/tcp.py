"""TCP as a function of the board: connections that its programs ask for, through links that know the world."""

from collections.abc import Collection, Sequence

from hardwire.drivers.simulated.board.function import Tell
from hardwire.drivers.simulated.board.hardware import require
from hardwire.drivers.simulated.board.net.tcp_conversation import Conversation, EchoLink, OpenLink
from hardwire.drivers.simulated.board.net.tcp_policy import TcpPolicy
from hardwire.model.board.system import BoardWarned
from hardwire.model.board.tcp import CloseTcp, ConnectTcp, TcpAnswered, TcpResult, WriteTcp
from hardwire.model.command import Command
from hardwire.model.errors import CallerError
from hardwire.model.fact import Happening

PORT_LIMIT = 65_535


class Tcp:
    """The board's TCP channels. Hosts on the bench are inside the board; all others need the owner's leave."""

    commands: Sequence[type[Command]] = (ConnectTcp, WriteTcp, CloseTcp)

    def __init__(
        self, numbers: Collection[int], hosts: Collection[str], policy: TcpPolicy, open_link: OpenLink, tell: Tell
    ) -> None:
        """`hosts` are those inside the board, as `example.test:80`; each sends back what it gets."""
        self._numbers = numbers
        self._hosts = {host.lower() for host in hosts}
        self._policy = policy
        self._open_link = open_link
        self._tell = tell
        self._conversations: dict[int, Conversation] = {}

    def power_on(self) -> None:
        """End every connection; a board that was reset says nothing about those that it had."""
        for conversation in self._conversations.values():
            conversation.drop()
        self._conversations.clear()

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Connect, write or close.

        Raises:
            UnknownError: the board has no such channel.
            CallerError: code `not-connected` where there is nobody to write to.
        """
        match command:
            case ConnectTcp(number, port, host):
                require("tcp", self._numbers, number)
                self._connect(number, host.lower(), port)
            case WriteTcp(number, octets):
                require("tcp", self._numbers, number)
                conversation = self._conversations.get(number)
                if conversation is None or not conversation.is_connected:
                    raise CallerError(f"tcp{number} is not connected", code="not-connected")
                conversation.write(octets)
            case _:
                assert isinstance(command, CloseTcp)
                require("tcp", self._numbers, command.channel)
                if command.channel in self._conversations:
                    self._conversations[command.channel].close()
        return ()

    def _connect(self, number: int, host: str, port: int) -> None:
        if number in self._conversations:
            self._refuse(number, TcpResult.PORT_USED, f"tcp{number} is connected already; close it first")
        elif not 1 <= port <= PORT_LIMIT:
            self._refuse(number, TcpResult.PORT_AREA_ERROR, f"a port is 1 to {PORT_LIMIT}, not {port}")
        elif f"{host}:{port}" in self._hosts:
            conversation = self._begin(number)
            conversation.hold(EchoLink(conversation))
            conversation.connected()
        elif not self._policy.may_look_up(host, port):
            problem = f"this board may not connect to {host}:{port}; the setting tcp_allow does not name it"
            self._refuse(number, TcpResult.ERROR, f"tcp{number}: {problem}")
        else:
            conversation = self._begin(number)
            conversation.hold(self._open_link(host, port, conversation))

    def _begin(self, number: int) -> Conversation:
        def over() -> None:
            del self._conversations[number]

        conversation = Conversation(number, self._tell, over)
        self._conversations[number] = conversation
        return conversation

    def _refuse(self, number: int, result: TcpResult, problem: str) -> None:
        self._tell(BoardWarned(problem))
        self._tell(TcpAnswered(number, result))
