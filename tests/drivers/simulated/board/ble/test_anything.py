"""Whatever is written to the controller, it answers in packets that are well formed, keeps its bounds and lives on."""

from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.board.ble.hci import Opcode, u16
from hardwire.model.errors import CallerError
from tests.drivers.simulated.board.ble.paper import SECOND, Rig, complete, packet

OPCODES = [*Opcode, 0x0C6C, 0x2002]
REQUESTS = [0x02, 0x04, 0x06, 0x08, 0x0A, 0x0C, 0x0E, 0x10, 0x12, 0x16, 0x18, 0x1E, 0x52]
HANDLES = st.integers(0, 18).map(u16)

COMMANDS = st.builds(
    lambda opcode, parameters: b"\x01" + u16(opcode) + bytes((len(parameters),)) + parameters,
    st.sampled_from(OPCODES),
    st.binary(max_size=40) | st.builds(lambda rest: u16(0x40) + rest, st.binary(min_size=30, max_size=30)),
)
PDUS = st.builds(
    lambda opcode, first, second, rest: packet(0x40, 4, bytes((opcode,)) + first + second + rest),
    st.sampled_from(REQUESTS),
    HANDLES,
    HANDLES | st.just(b""),
    st.binary(max_size=8) | st.sampled_from([b"\x00\x28", b"\x03\x28", b"\x02\x29"]),
)
PACKETS = COMMANDS | PDUS | st.binary(max_size=20) | st.binary(max_size=20).map(lambda octets: b"\x02\x40\x00" + octets)


def is_well_formed(told: bytes) -> bool:
    match told[0]:
        case 4:
            return len(told) == 3 + told[2]
        case 2:
            size_bytes = int.from_bytes(told[3:5], "little")
            return len(told) == 5 + size_bytes and size_bytes == 4 + int.from_bytes(told[5:7], "little") <= 251
        case _:
            return False


@given(st.lists(PACKETS, max_size=30))
def test_the_controller_lives_through_anything(packets: list[bytes]) -> None:
    rig = Rig()
    rig.connect()

    told: list[bytes] = []
    for one in packets:
        try:
            rig.write(one)
        except CallerError:
            continue
        told += rig.run(SECOND // 50)
    told += rig.run(5 * SECOND)

    assert all(map(is_well_formed, told))
    assert len(told) < 2_000
    rig.command(0x0C03)
    assert rig.command(0x0C6C) == [complete(0x0C6C, 0, b"\x01\x00")]
