"""One obniz.py program uses buses, PWM, measurements and parts; prints what it found as a line of JSON.

Arguments: server URL, board id.
"""

import asyncio
import json
import sys

from obniz import Obniz


async def journey(server: str, id: str) -> dict:
    """Connect and use every family that this client has beyond pins."""
    loop = asyncio.get_running_loop()
    connected = loop.create_future()
    obniz = Obniz(id, {"obniz_server": server})
    obniz.onconnect = lambda board: connected.set_result(board.hw)
    found = {"hw": await asyncio.wait_for(connected, 10)}
    complaints = found["complaints"] = []
    obniz.warning = lambda message: complaints.append(str(message))
    obniz.error = lambda message: complaints.append(str(message))

    pwm = obniz.get_free_pwm()
    pwm.start({"io": 0})
    pwm.freq(1000)
    pwm.duty(30)
    samples = asyncio.Queue()
    obniz.logicAnalyzer.onmeasured = samples.put_nowait
    obniz.logicAnalyzer.start({"io": 0, "interval": 0.1, "duration": 100})
    bits = await samples.get()
    obniz.logicAnalyzer.end()
    pwm.end()
    found["high"] = sum(map(bool, bits)) / len(bits)

    obniz.io.animation(
        "blink",
        "loop",
        [
            {"duration": 10, "state": lambda index: obniz.io2.output(True)},
            {"duration": 10, "state": lambda index: obniz.io2.output(False)},
        ],
    )
    obniz.io.animation("blink", "pause")

    uart = obniz.get_free_uart()
    arrived = asyncio.Queue()
    uart.onreceive = lambda octets, text: arrived.put_nowait(text)
    uart.start({"tx": 4, "rx": 5, "baud": 9600})
    uart.send("hello")
    found["uart"] = await arrived.get()
    uart.end()

    spi = obniz.get_free_spi()
    spi.start({"mode": "master", "clk": 6, "mosi": 7, "miso": 8, "frequency": 1_000_000})
    found["spi"] = await spi.write_wait([18, 152])
    spi.end()

    i2c = obniz.get_free_i2c()
    i2c.start({"mode": "master", "sda": 9, "scl": 10, "clock": 400_000, "pull": "5v"})
    i2c.write(0x50, [0, 64, 7, 8, 9])
    await obniz.wait(20)
    i2c.write(0x50, [0, 64])
    found["eeprom"] = await i2c.read_wait(0x50, 3)
    i2c.end()

    echo = loop.create_future()
    obniz.measure.echo(
        {
            "io_pulse": 1,
            "io_echo": 2,
            "pulse": "positive",
            "pulse_width": 0.011,
            "measure_edges": 3,
            "timeout": 30,
            "callback": echo.set_result,
        }
    )
    found["echo"] = await echo

    # A bus for each: this client never gives the one of a part back.
    climate = obniz.wired("SHT31", {"vcc": 0, "gnd": 1, "sda": 2, "scl": 3, "adr": 4, "addressmode": 4})
    found["sht31"] = dict(await climate.get_all_wait())
    climate.i2c.end()
    air = obniz.wired("BME280", {"gnd": 1, "sdi": 2, "sck": 3})
    await air.apply_calibration()
    found["bme280"] = dict(await air.get_all_wait())
    warm = obniz.wired("LM60", {"output": 5})
    measured = loop.create_future()
    warm.onchange = lambda celsius: measured.done() or measured.set_result(celsius)
    found["lm60"] = await measured
    sonar = obniz.wired("HC-SR04", {"gnd": 8, "echo": 9, "trigger": 10, "vcc": 11})
    found["hc_sr04_mm"] = await sonar.measure_wait()
    servo = obniz.wired("ServoMotor", {"signal": 6})
    servo.angle(90)
    motor = obniz.wired("DCMotor", {"forward": 7, "back": 8})
    motor.forward()
    motor.stop()
    await obniz.ping_wait()
    return found


print(json.dumps(asyncio.run(asyncio.wait_for(journey(sys.argv[1], sys.argv[2]), 40))))
