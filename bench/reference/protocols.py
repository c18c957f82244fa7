"""The few words of NATS and of MQTT that a fan-out through their WebSocket listeners needs.

What is sent by each connection of the load is told as hexadecimal text, where `NNN` stands for the three digits of the
connection's device (`client.c`, `say`).

Sources: NATS client protocol (CONNECT, SUB, PUB); MQTT 3.1.1, sections 2.2, 3.1, 3.3 and 3.8.
"""

HOLE = "NNN"


def payload(size: int, number: int) -> bytes:
    """Return a message of that many bytes with exactly one opening brace: the load counts those."""
    return f'{{"power_w":{1000 + number % 9000}}}'.encode().ljust(size)


def nats_greeting(subject: str) -> str:
    """Return what a connection says to watch a subject, which may hold `NNN`."""
    return _holed(b'CONNECT {"verbose":false,"pedantic":false}\r\nSUB %s 1\r\n', subject)


def nats_publish(subject: str, message: bytes) -> bytes:
    """Return the publication of a message."""
    return b"PUB %s %d\r\n%s\r\n" % (subject.encode(), len(message), message)


def mqtt_greeting(topic: str) -> str:
    """Return what a connection says to watch a topic, which may hold `NNN`: CONNECT without a name, then SUBSCRIBE."""
    named = topic.encode()
    subscribe = b"\x00\x01" + len(named).to_bytes(2, "big") + b"%s" + b"\x00"
    size = len(subscribe) - 2 + len(named)
    return mqtt_connect().hex() + _holed(b"\x82" + _length(size).replace(b"%", b"%%") + subscribe, topic)


def mqtt_connect() -> bytes:
    """Return a CONNECT with a clean session, no client identifier and no keep-alive."""
    return b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00"


def mqtt_publish(topic: str, message: bytes) -> bytes:
    """Return a PUBLISH of quality of service 0."""
    named = topic.encode()
    return b"\x30" + _length(2 + len(named) + len(message)) + len(named).to_bytes(2, "big") + named + message


def _length(size: int) -> bytes:
    """Return a remaining length: seven bits a byte, the lowest first (section 2.2.3)."""
    out = bytearray()
    while True:
        size, low = divmod(size, 128)
        out.append(low | (0x80 if size else 0))
        if not size:
            return bytes(out)


def _holed(pattern: bytes, name: str) -> str:
    before, hole, after = name.partition(HOLE)
    head, _, tail = pattern.partition(b"%s")
    return head.replace(b"%%", b"%").hex() + before.encode().hex() + hole + after.encode().hex() + tail.hex()
