"""The words of NATS and MQTT that the benchmark speaks, byte for byte."""

from bench.reference import protocols


def test_a_payload_has_one_opening_brace_and_its_length() -> None:
    message = protocols.payload(40, 12)

    assert (message.count(b"{"), len(message)) == (1, 40)
    assert message.startswith(b'{"power_w":1012}')


def test_a_nats_reader_greets_and_subscribes_with_its_own_subject() -> None:
    said = bytes.fromhex(protocols.nats_greeting("bench.NNN").replace("NNN", b"007".hex()))

    assert said == b'CONNECT {"verbose":false,"pedantic":false}\r\nSUB bench.007 1\r\n'


def test_a_nats_publication_tells_its_length() -> None:
    said = protocols.nats_publish("bench.001", b"hello")

    assert said == b"PUB bench.001 5\r\nhello\r\n"


def test_an_mqtt_reader_connects_and_subscribes_with_its_own_topic() -> None:
    said = bytes.fromhex(protocols.mqtt_greeting("bench/NNN").replace("NNN", b"042".hex()))

    connect, subscribe = said[:14], said[14:]
    assert connect == b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00"
    assert subscribe == b"\x82\x0e\x00\x01\x00\x09bench/042\x00"


def test_an_mqtt_reader_of_all_topics_needs_no_number() -> None:
    said = protocols.mqtt_greeting("bench/+")

    assert bytes.fromhex(said).endswith(b"\x00\x07bench/+\x00")


def test_an_mqtt_publication_has_a_remaining_length_of_seven_bits_a_byte() -> None:
    said = protocols.mqtt_publish("bench/001", bytes(763))

    assert said[:3] == bytes((0x30, 0x80 | (774 & 127), 774 >> 7))
    assert said[3:14] == b"\x00\x09bench/001"
