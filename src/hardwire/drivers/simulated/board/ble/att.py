"""The attribute server of a connected peripheral: one request in, one answer out (Bluetooth Core, volume 3, part F)."""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile

from hardwire.drivers.simulated.board.ble.attributes import PRIMARY_SERVICE, Attribute, Attributes
from hardwire.drivers.simulated.board.ble.gatt import AttError, RefusedError
from hardwire.drivers.simulated.board.ble.peripheral import Notification, Peripheral
from hardwire.drivers.simulated.board.ble.uuids import uuid_from, uuid_octets

# Section 3.4.8.
ERROR = 0x01
MTU_REQUEST = 0x02
FIND_INFORMATION = 0x04
FIND_BY_TYPE_VALUE = 0x06
READ_BY_TYPE = 0x08
READ = 0x0A
READ_BLOB = 0x0C
READ_MULTIPLE = 0x0E
READ_BY_GROUP_TYPE = 0x10
WRITE = 0x12
PREPARE_WRITE = 0x16
EXECUTE_WRITE = 0x18
NOTIFICATION = 0x1B
INDICATION = 0x1D
CONFIRMATION = 0x1E
WRITE_COMMAND = 0x52

COMMAND_FLAG = 0x40
"""What wants no answer has this bit in its opcode (section 3.3)."""

DEFAULT_MTU = 23
LARGEST_MTU = 247
"""So that an answer fits into one packet of the radio: 251 bytes with the four of its header."""
PREPARED_LIMIT = 64
"""Writes that are prepared and not yet executed; with the smallest packets a long value takes 29."""

SHORT_UUIDS = 1
LONG_UUIDS = 2


class _Trouble(Exception):
    """A request is answered with an error."""

    def __init__(self, error: AttError, handle: int = 0) -> None:
        super().__init__()
        self.error = error
        self.handle = handle


class AttServer:
    """The attributes of one peripheral while one client is connected to it."""

    def __init__(self, peripheral: Peripheral) -> None:
        self._attributes = Attributes(peripheral)
        self._mtu = DEFAULT_MTU
        self._prepared: list[tuple[int, int, bytes]] = []
        self._is_unconfirmed = False
        self._requests: Mapping[int, Callable[[bytes, int], bytes]] = {
            MTU_REQUEST: self._exchange_mtu,
            FIND_INFORMATION: self._find_information,
            FIND_BY_TYPE_VALUE: self._find_by_type_value,
            READ_BY_TYPE: self._read_by_type,
            READ: self._read,
            READ_BLOB: self._read_blob,
            READ_MULTIPLE: self._read_multiple,
            READ_BY_GROUP_TYPE: self._read_by_group_type,
            WRITE: self._write,
            PREPARE_WRITE: self._prepare_write,
            EXECUTE_WRITE: self._execute_write,
        }

    def answer(self, pdu: bytes, now_us: int) -> bytes | None:
        """Return the answer to what a client sent; None where there is none."""
        if not pdu:
            return None
        opcode, parameters = pdu[0], pdu[1:]
        if opcode == CONFIRMATION:
            self._is_unconfirmed = False
            return None
        if opcode == WRITE_COMMAND:
            self._write_silently(parameters, now_us)
            return None
        if opcode & COMMAND_FLAG or opcode & 1:
            # A command that we do not know, or an answer to what was never asked (section 3.3: they are ignored).
            return None
        request = self._requests.get(opcode)
        try:
            if request is None:
                raise _Trouble(AttError.REQUEST_NOT_SUPPORTED)
            return request(parameters, now_us)
        except _Trouble as trouble:
            return bytes((ERROR, opcode)) + _u16(trouble.handle) + bytes((trouble.error,))

    def told(self, notification: Notification) -> bytes | None:
        """Return what tells a subscriber a value, cut to one packet; None while it owes the last confirmation."""
        if notification.is_confirmed:
            if self._is_unconfirmed:
                return None
            self._is_unconfirmed = True
        opcode = INDICATION if notification.is_confirmed else NOTIFICATION
        handle = self._attributes.value_handle(notification.characteristic)
        return bytes((opcode,)) + _u16(handle) + notification.octets[: self._mtu - 3]

    def _exchange_mtu(self, parameters: bytes, now_us: int) -> bytes:
        (mtu,) = _words(parameters, 1)
        # The smaller of both is what counts, so it is also what is told: no client can take it for another.
        self._mtu = max(DEFAULT_MTU, min(mtu, LARGEST_MTU))
        return bytes((MTU_REQUEST + 1,)) + _u16(self._mtu)

    def _find_information(self, parameters: bytes, now_us: int) -> bytes:
        start, end = _range(parameters)
        found = self._attributes.between(start, end)
        if not found:
            raise _Trouble(AttError.ATTRIBUTE_NOT_FOUND, start)
        size = len(found[0].uuid)
        same = takewhile(lambda attribute: len(attribute.uuid) == size, found)
        kind = SHORT_UUIDS if size == 4 else LONG_UUIDS
        entries = [_u16(attribute.handle) + uuid_octets(attribute.uuid) for attribute in same]
        return bytes((FIND_INFORMATION + 1, kind)) + self._fitting(entries, 2)

    def _find_by_type_value(self, parameters: bytes, now_us: int) -> bytes:
        start, end = _range(parameters[:4])
        found = [
            _u16(attribute.handle) + _u16(attribute.group_end or attribute.handle)
            for attribute in self._between(start, end, parameters[4:6])
            if self._is_value(attribute, parameters[6:], now_us)
        ]
        if not found:
            raise _Trouble(AttError.ATTRIBUTE_NOT_FOUND, start)
        return bytes((FIND_BY_TYPE_VALUE + 1,)) + self._fitting(found, 1)

    def _read_by_type(self, parameters: bytes, now_us: int) -> bytes:
        start, end = _range(parameters[:4])
        found = self._between(start, end, parameters[4:])
        if not found:
            raise _Trouble(AttError.ATTRIBUTE_NOT_FOUND, start)
        return self._listed(READ_BY_TYPE, found, now_us)

    def _read_by_group_type(self, parameters: bytes, now_us: int) -> bytes:
        start, end = _range(parameters[:4])
        if uuid_from(parameters[4:]) != PRIMARY_SERVICE:
            # None of the peripherals has secondary services; a server may say so (section 3.4.4.9).
            raise _Trouble(AttError.UNSUPPORTED_GROUP_TYPE, start)
        found = self._between(start, end, parameters[4:])
        if not found:
            raise _Trouble(AttError.ATTRIBUTE_NOT_FOUND, start)
        return self._listed(READ_BY_GROUP_TYPE, found, now_us)

    def _listed(self, opcode: int, found: Sequence[Attribute], now_us: int) -> bytes:
        """Return as many of the values as have the first one's length and fit (sections 3.4.4.2 and 3.4.4.10)."""
        entries: list[bytes] = []
        for attribute in found:
            try:
                octets = self._octets(attribute, now_us)
            except _Trouble:
                if entries:
                    break
                raise
            group = _u16(attribute.group_end) if opcode == READ_BY_GROUP_TYPE else b""
            entry = _u16(attribute.handle) + group + octets
            # What is longer than a packet is cut; its own request reads the rest.
            entry = entry[: min(self._mtu - 2, 255)]
            if entries and len(entry) != len(entries[0]):
                break
            entries.append(entry)
        return bytes((opcode + 1, len(entries[0]))) + self._fitting(entries, 2)

    def _read(self, parameters: bytes, now_us: int) -> bytes:
        (handle,) = _words(parameters, 1)
        return bytes((READ + 1,)) + self._octets(self._attribute(handle), now_us)[: self._mtu - 1]

    def _read_blob(self, parameters: bytes, now_us: int) -> bytes:
        handle, offset = _words(parameters, 2)
        octets = self._octets(self._attribute(handle), now_us)
        if offset > len(octets):
            raise _Trouble(AttError.INVALID_OFFSET, handle)
        return bytes((READ_BLOB + 1,)) + octets[offset : offset + self._mtu - 1]

    def _read_multiple(self, parameters: bytes, now_us: int) -> bytes:
        if len(parameters) < 4:
            raise _Trouble(AttError.INVALID_PDU)
        handles = _words(parameters, len(parameters) // 2)
        joined = b"".join(self._octets(self._attribute(handle), now_us) for handle in handles)
        return bytes((READ_MULTIPLE + 1,)) + joined[: self._mtu - 1]

    def _write(self, parameters: bytes, now_us: int) -> bytes:
        (handle,) = _words(parameters[:2], 1)
        self._put(handle, parameters[2:], now_us)
        return bytes((WRITE + 1,))

    def _write_silently(self, parameters: bytes, now_us: int) -> None:
        try:
            self._write(parameters, now_us)
        except _Trouble:
            # A command has no answer, not even an error (section 3.4.5.3).
            pass

    def _prepare_write(self, parameters: bytes, now_us: int) -> bytes:
        handle, offset = _words(parameters[:4], 2)
        self._attribute(handle)
        if offset == 0:
            # Who was refused the rest of a long value, and says it all again, has not always cancelled (obniz.js).
            self._prepared = [one for one in self._prepared if one[0] != handle]
        if len(self._prepared) >= PREPARED_LIMIT:
            raise _Trouble(AttError.PREPARE_QUEUE_FULL, handle)
        self._prepared.append((handle, offset, parameters[4:]))
        return bytes((PREPARE_WRITE + 1,)) + parameters

    def _execute_write(self, parameters: bytes, now_us: int) -> bytes:
        if parameters not in (b"\x00", b"\x01"):
            raise _Trouble(AttError.INVALID_PDU)
        prepared, self._prepared = self._prepared, []
        if parameters == b"\x01":
            values: dict[int, bytes] = {}
            for handle, offset, octets in prepared:
                before = values.get(handle, b"")
                if offset != len(before):
                    raise _Trouble(AttError.INVALID_OFFSET, handle)
                values[handle] = before + octets
            for handle, octets in values.items():
                self._put(handle, octets, now_us)
        return bytes((EXECUTE_WRITE + 1,))

    def _put(self, handle: int, octets: bytes, now_us: int) -> None:
        try:
            self._attributes.write(self._attribute(handle), octets, now_us)
        except RefusedError as refused:
            raise _Trouble(refused.error, handle) from None

    def _octets(self, attribute: Attribute, now_us: int) -> bytes:
        try:
            return self._attributes.read(attribute, now_us)
        except RefusedError as refused:
            raise _Trouble(refused.error, attribute.handle) from None

    def _is_value(self, attribute: Attribute, octets: bytes, now_us: int) -> bool:
        try:
            return self._octets(attribute, now_us) == octets
        except _Trouble:
            return False

    def _attribute(self, handle: int) -> Attribute:
        attribute = self._attributes.at(handle)
        if attribute is None:
            raise _Trouble(AttError.INVALID_HANDLE, handle)
        return attribute

    def _between(self, start: int, end: int, type: bytes) -> Sequence[Attribute]:
        uuid = uuid_from(type)
        if uuid is None:
            raise _Trouble(AttError.INVALID_PDU)
        return self._attributes.between(start, end, uuid)

    def _fitting(self, entries: Sequence[bytes], head_bytes: int) -> bytes:
        count = (self._mtu - head_bytes) // len(entries[0])
        return b"".join(entries[:count])


def _range(parameters: bytes) -> tuple[int, int]:
    start, end = _words(parameters, 2)
    if not 1 <= start <= end:
        raise _Trouble(AttError.INVALID_HANDLE, start)
    return start, end


def _words(parameters: bytes, count: int) -> tuple[int, ...]:
    if len(parameters) != 2 * count:
        raise _Trouble(AttError.INVALID_PDU)
    return tuple(int.from_bytes(parameters[at : at + 2], "little") for at in range(0, 2 * count, 2))


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "little")
