// obniz.js's own drivers of parts, each on a connection of its own: `wired`, used, closed.
// Arguments: server, mode, board id, names of the parts below. Prints what each found, at which time, and complaints.
"use strict";

const { collect, more, open, run, sleep } = require("./common.js");

const [id, ...names] = more;
const SDA_SCL = { sda: 2, scl: 3 };
const within = (promise, what) =>
  Promise.race([promise, sleep(10000).then(() => Promise.reject(new Error(`${what} took too long`)))]);

/** Each gets an open board and returns what it found; `at` is taken when it is done. */
const PARTS = {
  async LED(obniz) {
    const led = obniz.wired("LED", { anode: 0, cathode: 3 });
    led.on();
    const lit = [await obniz.io0.inputWait(), await obniz.io3.inputWait()];
    led.off();
    const dark = await obniz.io0.inputWait();
    led.blink(20);
    const blinking = await highs(obniz, 0, 1, 200);
    led.endBlink();
    return { lit, dark, blinking };
  },

  async Button(obniz) {
    const button = obniz.wired("Button", { signal: 4, gnd: 5 });
    const first = await collect(1, (heard) => (button.onchange = heard));
    const open = await button.isPressedWait();
    // io6 has the bench's 2 Hz wave: somebody who presses four times in two seconds.
    const pressed = obniz.wired("Button", { signal: 6 });
    const presses = await collect(4, (heard) => (pressed.onchange = heard));
    return { first, open, presses };
  },

  async "HC-SR04"(obniz) {
    const sensor = obniz.wired("HC-SR04", { gnd: 0, echo: 7, trigger: 8, vcc: 3 });
    return { mm: await sensor.measureWait() };
  },

  async ServoMotor(obniz) {
    const servo = obniz.wired("ServoMotor", { gnd: 0, vcc: 3, signal: 2 });
    servo.angle(90);
    return { highMs: (await highs(obniz, 2, 0.1, 60)) * 0.1 };
  },

  async DCMotor(obniz) {
    const motor = obniz.wired("DCMotor", { forward: 4, back: 5 });
    motor.power(50);
    motor.forward();
    await obniz.pingWait();
    motor.reverse();
    await obniz.pingWait();
    motor.stop();
    await obniz.pingWait();
    return { status: motor.status };
  },

  async FullColorLED(obniz) {
    const led = obniz.wired("FullColorLED", { r: 2, common: 3, g: 4, b: 5, commonType: "cathode" });
    led.rgb(255, 64, 0);
    await obniz.pingWait();
    return { highMs: (await highs(obniz, 4, 0.01, 10)) * 0.01 };
  },

  async StepperMotor(obniz) {
    const motor = obniz.wired("StepperMotor", { a: 0, b: 5, aa: 2, bb: 3, common: 4 });
    motor.speed(200);
    await motor.stepWait(20);
    const forth = motor.currentStep;
    await motor.stepToWait(5);
    return { forth, back: motor.currentStep };
  },

  async WS2812(obniz) {
    const led = obniz.wired("WS2812", { gnd: 0, vcc: 3, din: 2 });
    led.rgb(255, 0, 128);
    led.rgbs([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    await obniz.pingWait();
    return {};
  },

  async LM60(obniz) {
    const sensor = obniz.wired("LM60", { gnd: 0, output: 11, vcc: 3 });
    return { temperature: await sensor.getWait() };
  },

  async Potentiometer(obniz) {
    const meter = obniz.wired("Potentiometer", { pin0: 0, pin1: 10, pin2: 2 });
    const [position] = await collect(1, (heard) => (meter.onchange = heard));
    return { position, vcc: meter.vcc_voltage };
  },

  async "KXR94-2050"(obniz) {
    const sensor = obniz.wired("KXR94-2050", { x: 7, y: 8, z: 9, vcc: 0, gnd: 2, enable: 4, self_test: 5 });
    await sleep(100);
    return await sensor.getWait();
  },

  async "24LC256"(obniz) {
    const eeprom = obniz.wired("24LC256", { ...SDA_SCL, address: 0x50 });
    eeprom.set(0x1f0, [1, 2, 3, 254]);
    const written = await eeprom.getWait(0x1f0, 4);
    eeprom.set(0x23e, [7, 8, 9]);
    return { written, wrapped: await eeprom.getWait(0x200, 1), rest: await eeprom.getWait(0x23e, 2) };
  },

  async SHT31(obniz) {
    const sensor = obniz.wired("SHT31", { ...SDA_SCL, address: 0x44 });
    return await sensor.getAllWait();
  },

  async "SHT31 at 0x45"(obniz) {
    const sensor = obniz.wired("SHT31", { ...SDA_SCL, adr: 4, addressmode: 5 });
    return await sensor.getAllWait();
  },

  async BME280(obniz) {
    const sensor = obniz.wired("BME280", { vio: 0, vcore: 1, gnd: 4, csb: 5, sdi: 2, sck: 3, sdo: 6 });
    await sensor.applyCalibrationWait();
    return { ...(await sensor.getAllWait()), altitude: await sensor.getAltitudeWait() };
  },

  async "BME280 at 0x77"(obniz) {
    const sensor = obniz.wired("BME280", { sdi: 2, sck: 3, address: 0x77 });
    await sensor.applyCalibrationWait();
    await sensor.setIIRStrengthWait(1);
    return await sensor.getAllWait();
  },

  async MPU6050(obniz) {
    const sensor = obniz.wired("MPU6050", { gnd: 0, vcc: 1, ...SDA_SCL });
    const who = await sensor.whoamiWait();
    const narrow = await sensor.getAllWait();
    sensor.setConfig(16, 2000);
    const wide = await sensor.getAllWait();
    return { who, ...narrow, wide };
  },

  async S11059(obniz) {
    const sensor = obniz.wired("S11059", { vcc: 0, gnd: 1, ...SDA_SCL });
    sensor.init(1, 3);
    return { level: await sensor.getValWait() };
  },

  async ADT7410(obniz) {
    const sensor = obniz.wired("ADT7410", { ...SDA_SCL, addressMode: 8 });
    return { temperature: await sensor.getTempWait() };
  },

  async SHT20(obniz) {
    const sensor = obniz.wired("SHT20", SDA_SCL);
    return { temperature: await sensor.getTempWait(), humidity: await sensor.getHumidWait() };
  },

  async BMP280(obniz) {
    const sensor = obniz.wired("BMP280", { sdi: 2, sck: 3, address: 0x77 });
    await sensor.applyCalibrationWait();
    return await sensor.getAllWait();
  },

  async AMG8833(obniz) {
    const camera = obniz.wired("AMG8833", { ...SDA_SCL, address: 0x69 });
    const pixels = await camera.getAllPixWait();
    return { pixels, one: await camera.getOnePixWait(0) };
  },

  async D6T44L(obniz) {
    const sensor = obniz.wired("D6T44L", SDA_SCL);
    return { pixels: await sensor.getAllPixWait() };
  },

  async AM2320(obniz) {
    return await obniz.wired("AM2320", SDA_SCL).getAllWait();
  },

  async DHT12(obniz) {
    return await obniz.wired("DHT12", SDA_SCL).getAllDataWait();
  },

  async DHT20(obniz) {
    return await obniz.wired("DHT20", SDA_SCL).getAllDataWait();
  },

  async HMC5883L(obniz) {
    return await obniz.wired("HMC5883L", SDA_SCL).getWait();
  },

  async MPU6886(obniz) {
    const sensor = obniz.wired("MPU6886", { ...SDA_SCL, address: 0x69 });
    return { who: await sensor.whoamiWait(), ...(await sensor.getAllWait()) };
  },

  async MPU9250(obniz) {
    const sensor = obniz.wired("MPU9250", SDA_SCL);
    return { who: await sensor.whoamiWait(), ...(await sensor.getAllWait()) };
  },

  async Grove_3AxisAccelerometer(obniz) {
    const sensor = obniz.wired("Grove_3AxisAccelerometer", SDA_SCL);
    await sleep(1500);
    return { g: await sensor.getWait() };
  },

  async Grove_SHT35Sensor(obniz) {
    const sensor = obniz.wired("Grove_SHT35Sensor", SDA_SCL);
    // Until it is launched it gives zeros.
    await sleep(400);
    return await sensor.getAllWait();
  },

  async ADT7310(obniz) {
    const sensor = obniz.wired("ADT7310", { din: 0, dout: 1, clk: 2 });
    return { temperature: await sensor.getTempWait() };
  },

  async MCP23S08(obniz) {
    const expander = obniz.wired("MCP23S08", { mosi: 0, miso: 1, clk: 2, cs: 5 });
    await expander.initWait();
    expander.ios[0].direction = false;
    await expander.flushWait("direction");
    await expander.ios[0].outputWait(true);
    await expander.writeWait(6, 0x80);
    return { latch: await expander.readWait(0x0a), port: await expander.readWait(0x09) };
  },

  async PCA9685(obniz) {
    const driver = obniz.wired("PCA9685", SDA_SCL);
    driver.freq(50);
    driver.getPWM(1).duty(50);
    driver.i2c.write(0x40, [0x0a]);
    return { channel: await driver.i2c.readWait(0x40, 4) };
  },

  async MCP4725(obniz) {
    const converter = obniz.wired("MCP4725", SDA_SCL);
    converter.setVoltage(2.5);
    return { state: await converter.i2c.readWait(0x60, 3) };
  },

  async CCS811(obniz) {
    const sensor = obniz.wired("CCS811", SDA_SCL);
    await sensor.configWait();
    return { isReady: await sensor.checkAvailableDataWait(), ...(await sensor.readAlgorithmResultsWait()) };
  },

  async Grove_GPS(obniz) {
    const gps = obniz.wired("Grove_GPS", { tx: 0, rx: 1 });
    for (let tries = 0; tries < 30; tries++) {
      await sleep(100);
      const told = gps.getGpsInfo();
      if (told.latitude) return told;
    }
    throw new Error("no position in three seconds");
  },
};

/** The levels of a pin, sampled for some ms by the logic analyzer, which leaves the pin to its function. */
function highs(obniz, pin, interval, duration) {
  return within(
    new Promise((resolve) => {
      obniz.logicAnalyzer.start({ io: pin, interval, duration });
      obniz.logicAnalyzer.onmeasured = (samples) => resolve(samples.filter((level) => level).length);
    }),
    "the logic analyzer",
  );
}

run(async () => {
  const found = {};
  for (const name of names) {
    const obniz = await open(id);
    try {
      const values = await within(PARTS[name](obniz), name);
      found[name] = { ...values, at: Date.now(), complaints: obniz.complaints };
    } catch (error) {
      found[name] = { failed: String(error), complaints: obniz.complaints };
    }
    await obniz.closeWait();
  }
  return found;
});
