"""What it costs to read twenty commands, as JSON and as frames."""

from collections.abc import Callable, Iterator
from time import perf_counter_ns

from bench.row import Figure, Row
from hardwire.dialects.obniz.wire import binary, text
from hardwire.dialects.obniz.wire.family import Findings

COMMANDS = 20
# What a program of some parts sends: outputs, readings, a bus, a servo.
TEXT = (
    '[{"io0":true},{"io1":false},{"io2":"get"},{"io3":{"direction":"input","stream":true}},'
    '{"io4":{"output_type":"push-pull3v"}},{"io5":{"pull_type":"pull-up5v"}},{"ad1":{"stream":false}},'
    '{"ad2":{"stream":true}},{"pwm0":{"io":6}},{"pwm0":{"freq":50}},{"pwm0":{"pulse":1.5}},'
    '{"i2c0":{"mode":"master","sda":7,"scl":8,"clock":400000}},{"i2c0":{"address":118,"data":[208]}},'
    '{"i2c0":{"address":118,"read":1}},{"uart0":{"tx":9,"rx":10,"baud":9600}},{"uart0":{"data":[72,105]}},'
    '{"system":{"wait":10}},{"switch":"get"},{"display":{"clear":true}},{"io11":null}]'
)
FRAMES = bytes.fromhex(
    "02000200010200020100020201020201010302030204020204020503"
    "0703010107000102"
    "0300020006030205000000003203030500000005dc"
    "0600080000070800061a800602040000" + "76d0" + "06030700007600000001"
    "04000d00090a000025800108000000000402030048" + "69"
    "000402000a0901000800000205010b"
)


def codec(rounds: int, times: int) -> Iterator[Row]:
    """Read each message so often, in turns."""
    costs: dict[str, list[float]] = {"JSON": [], "binary": []}
    readers: dict[str, Callable[[], Findings]] = {
        "JSON": lambda: text.decode(TEXT),
        "binary": lambda: binary.decode(FRAMES),
    }
    for read in readers.values():
        found = read()
        assert (len(found.wishes), found.has_trouble) == (COMMANDS, False), found
    for _ in range(rounds):
        for name, read in readers.items():
            begin = perf_counter_ns()
            for _ in range(times):
                read()
            costs[name].append((perf_counter_ns() - begin) / times / 1_000)
    for name, goal in (("JSON", "<= 120 us"), ("binary", "<= 60 us")):
        yield Row(work=f"{COMMANDS} commands read, {name}", unit="us", hub=Figure.of(costs[name]), goal=goal)
