"""obniz.js's own drivers of parts on simulated boards: each gives the values of the room, and complains of nothing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from hardwire.drivers.simulated.board.parts import room
from tests.journeys.client import Client
from tests.journeys.hub import Hub, running_hub

MODES = ("text", "binary", "both")
"""Text both ways; binary requests with text answers; binary both ways."""
Find = Callable[[str], Client]
Found = Mapping[str, Any]  # Any: what a driver of obniz.js gives, each its own shape

DEMO = "demo bench"
GIVEN = "given parts"
OTHER = "other parts"
BOARDS = {
    (DEMO, "text"): "2345-0001",
    (DEMO, "binary"): "2345-0002",
    (GIVEN, "text"): "2345-0003",
    (GIVEN, "binary"): "2345-0004",
    (OTHER, "text"): "2345-0005",
    (OTHER, "binary"): "2345-0006",
}
"""What stands on its bench, and how it answers programs that take binary frames: the id of that board."""
WIRED = ("LED", "Button", "HC-SR04", "ServoMotor", "DCMotor", "FullColorLED", "StepperMotor", "WS2812")
DEMO_PARTS = ("24LC256", "SHT31", "SHT31 at 0x45", "BME280", "BME280 at 0x77", "MPU6050", "S11059")
ANALOG = ("LM60", "Potentiometer", "KXR94-2050")
MORE_PARTS = (
    *("ADT7410", "SHT20", "BMP280", "AMG8833", "D6T44L", "AM2320", "DHT20", "HMC5883L", "Grove_3AxisAccelerometer"),
    *("Grove_SHT35Sensor", "ADT7310", "Grove_GPS"),
)
OTHER_PARTS = ("DHT12", "MPU6886", "MPU9250", "MCP23S08", "PCA9685", "MCP4725", "CCS811")

BENCHES = {
    DEMO: "",
    GIVEN: """
parts = [
  { part = "ADT7410" }, { part = "SHT20" }, { part = "BMP280", address = 0x77 }, { part = "AMG8833" },
  { part = "D6T44L" }, { part = "AM2320" }, { part = "DHT20" }, { part = "HMC5883L" }, { part = "ADXL345" },
  { part = "ADT7310" }, { part = "GPS" },
]
voltages = [
  { channel = 7, shape = "constant", offset_v = 2.5 },
  { channel = 8, shape = "constant", offset_v = 2.3 },
  { channel = 9, shape = "constant", offset_v = 3.5 },
  { channel = 10, shape = "constant", offset_v = 1.25 },
  { channel = 11, shape = "constant", offset_v = 0.564 },
]
""",
    OTHER: """
parts = [
  { part = "DHT12" }, { part = "MPU6886", address = 0x69 }, { part = "MPU9250", address = 0x68 }, { part = "AK8963" },
  { part = "MCP23S08", select = 5 }, { part = "PCA9685" }, { part = "MCP4725" }, { part = "CCS811" },
]
""",
}
CONFIG = "".join(
    f"""
[devices.board{number}]
driver = "simulated"
kind = "board"
obniz = {{ id = "{id}", open = true, replies = "{replies}" }}
{BENCHES[bench]}"""
    for number, ((bench, replies), id) in enumerate(BOARDS.items())
)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub with all these boards; each is as it was when its program has left."""
    with running_hub(tmp_path_factory.mktemp("parts-hub"), demo=False, config=CONFIG) as started:
        yield started


def wired(client: Client, hub: Hub, mode: str, bench: str, *parts: str) -> Found:
    """What these drivers found on a bench; none has failed or complained."""
    board = BOARDS[bench, "binary" if mode == "both" else "text"]
    requests = "text" if mode == "text" else "binary"
    found: Found = client.run("obniz/parts.js", hub.ws, requests, board, *parts, timeout_s=120)

    assert {name: one["failed"] for name, one in found.items() if "failed" in one} == {}
    assert {name: one["complaints"] for name, one in found.items() if one["complaints"]} == {}
    return found


def now_us(one: Mapping[str, Any]) -> int:
    return int(one["at"]) * 1_000


def has_climate(one: Mapping[str, Any], address: int, *, digit: float = 0.05) -> bool:
    """Say whether a driver found the room's temperature and, where it measures that, its humidity."""
    temperature = pytest.approx(room.temperature_c(now_us(one), address), abs=digit)
    humidity = pytest.approx(room.humidity_percent(now_us(one), address), abs=max(digit, 0.1))
    return bool(one["temperature"] == temperature and one.get("humidity", humidity) == humidity)


def xyz(one: Mapping[str, float]) -> tuple[float, float, float]:
    return one["x"], one["y"], one["z"]


@pytest.mark.parametrize("mode", MODES)
def test_parts_on_pins_and_pwm_do_what_they_should(hub: Hub, client: Find, mode: str) -> None:
    found = wired(client("obniz-js"), hub, mode, DEMO, *WIRED)

    assert (found["LED"]["lit"], found["LED"]["dark"]) == ([True, False], False)
    assert found["LED"]["blinking"] == pytest.approx(100, abs=25)
    assert (found["Button"]["first"], found["Button"]["open"]) == ([False], False)
    assert found["Button"]["presses"] in ([True, False] * 2, [False, True] * 2)
    assert found["HC-SR04"]["mm"] == pytest.approx(1_000, abs=5)
    # 90 degrees are 1.4 to 1.5 ms of each 20 ms in samples of 0.1 ms; a quarter of the green is a quarter of the time.
    assert found["ServoMotor"]["highMs"] == pytest.approx(3 * 1.45, abs=0.2)
    assert found["FullColorLED"]["highMs"] == pytest.approx(10 * 64 / 255, abs=0.1)
    assert found["DCMotor"]["status"] == {"direction": None, "power": 50}
    assert (found["StepperMotor"]["forth"], found["StepperMotor"]["back"]) == (20, 5)


@pytest.mark.parametrize("mode", MODES)
def test_the_parts_of_the_demo_bench_measure_the_room(hub: Hub, client: Find, mode: str) -> None:
    found = wired(client("obniz-js"), hub, mode, DEMO, *DEMO_PARTS)

    eeprom = found["24LC256"]
    assert (eeprom["written"], eeprom["wrapped"], eeprom["rest"]) == ([1, 2, 3, 254], [9], [7, 8])
    assert has_climate(found["SHT31"], 0x44)
    assert has_climate(found["SHT31 at 0x45"], 0x45)
    assert has_climate(found["BME280"], 0x76)
    assert has_climate(found["BME280 at 0x77"], 0x77)
    assert found["BME280"]["pressure"] * 100 == pytest.approx(room.pressure_pa(now_us(found["BME280"])), abs=20)
    assert -40 < found["BME280"]["altitude"] < 40
    motion = found["MPU6050"]
    assert motion["who"] == 0x68
    for measured in (motion, motion["wide"]):
        assert xyz(measured["accelerometer"]) == pytest.approx((0, 0, 1), abs=0.06)
        assert xyz(measured["gyroscope"]) == pytest.approx((0, 0, 0), abs=1)
        assert 15 < measured["temperature"] < 30
    level = found["S11059"]["level"]
    assert level == sorted(level, reverse=True)
    light = room.light_lx(now_us(found["S11059"]))
    assert level[0] == pytest.approx(light * 117 * 179.2 / 546, rel=0.05)


@pytest.mark.parametrize("mode", MODES)
def test_parts_that_a_bench_is_given_measure_too(hub: Hub, client: Find, mode: str) -> None:
    found = wired(client("obniz-js"), hub, mode, GIVEN, *ANALOG, *MORE_PARTS)
    other = wired(client("obniz-js"), hub, mode, OTHER, *OTHER_PARTS)

    assert found["LM60"]["temperature"] == pytest.approx(22.4, abs=0.5)
    assert found["Potentiometer"]["position"] == pytest.approx(0.25, abs=0.01)
    assert xyz(found["KXR94-2050"]) == pytest.approx((0, -0.2, 1), abs=0.02)
    assert has_climate(found["ADT7410"], 0x48, digit=0.1)
    assert has_climate(found["SHT20"], 0x40, digit=0.1)
    assert has_climate(found["BMP280"], 0x77)
    assert has_climate(found["AM2320"], 0x5C, digit=0.1)
    assert has_climate(found["DHT20"], 0x38)
    assert has_climate(found["Grove_SHT35Sensor"], 0x45)
    assert has_climate(found["ADT7310"], 0, digit=0.1)
    assert has_climate(other["DHT12"], 0x5C, digit=0.1)
    assert len(found["AMG8833"]["pixels"]) == 64
    assert all(20 < pixel < 36 for pixel in (*found["AMG8833"]["pixels"], *found["D6T44L"]["pixels"]))
    assert sum(one**2 for one in xyz(found["HMC5883L"])) ** 0.5 == pytest.approx(0.49, abs=0.02)
    # The driver has gains of its own, from the one chip that its author had.
    assert found["Grove_3AxisAccelerometer"]["g"][2] == pytest.approx(0.9, abs=0.05)
    assert found["Grove_GPS"]["latitude"] == pytest.approx(52.09, abs=0.01)
    assert (other["MPU6886"]["who"], other["MPU9250"]["who"]) == (0x19, 0x71)
    assert xyz(other["MPU9250"]["accelerometer"]) == pytest.approx((0, 0, 1), abs=0.06)
    assert sum(one**2 for one in xyz(other["MPU9250"]["compass"])) ** 0.5 == pytest.approx(49, abs=1)
    assert (other["MCP23S08"]["latch"], other["MCP23S08"]["port"]) == (0x01, 0x81)
    assert other["PCA9685"]["channel"] == [0, 0, 0xFF, 0x07]
    assert other["MCP4725"]["state"] == [0x80, 0x80, 0x00]
    assert other["CCS811"]["isReady"]
    assert other["CCS811"]["eCO2"] == pytest.approx(room.co2_ppm(now_us(other["CCS811"])), abs=2)
