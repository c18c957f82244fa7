// One program of an older obniz.js uses a board: what its frames have differently, and that its answers still find it.
"use strict";

const { collect, more, open, run } = require("./common");

run(async () => {
  const obniz = await open(more[0]);
  // Version 1 reports both by the same two functions, and hands on nothing.
  obniz.error = (error) => obniz.complaints.push(JSON.stringify(error));
  const found = { firmware: obniz.firmware_ver };

  obniz.io2.pull("5v");
  found.pulledUp = await obniz.io2.inputWait();
  found.wave = await collect(3, (each) => obniz.io1.input(each));
  obniz.io1.end();
  found.volts = await obniz.ad1.getWait();

  const pwm = obniz.getFreePwm();
  pwm.start({ io: 0 });
  pwm.freq(1000);
  pwm.duty(50);
  pwm.end();

  const uart = obniz.getFreeUart();
  const arrived = collect(1, (each) => {
    let text = "";
    uart.onreceive = (_, received) => {
      text += received;
      if (text.length >= 5) each(text);
    };
  });
  uart.start({ tx: 4, rx: 5, baud: 9600 });
  uart.send("Hello");
  [found.uart] = await arrived;
  uart.end();

  // Its frame ends before the chip select, which came with version 4.
  const spi = obniz.getFreeSpi();
  spi.start({ mode: "master", clk: 6, mosi: 7, miso: 8, frequency: 1000000 });
  found.spi = await spi.writeWait([18, 152, 0, 255]);
  spi.write([1, 2]);
  spi.end();

  const i2c = obniz.getFreeI2C();
  i2c.start({ mode: "master", sda: 9, scl: 10, clock: 400000 });
  i2c.write(0x50, [0, 16, 1, 2, 3]);
  obniz.wait(10);
  i2c.write(0x50, [0, 16]);
  found.eeprom = await i2c.readWait(0x50, 3);
  i2c.end();

  obniz.io.animation("blink", "loop", [
    { duration: 10, state: () => obniz.io3.output(true) },
    { duration: 10, state: () => obniz.io3.output(false) },
  ]);
  obniz.io.animation("blink", "pause");

  const [samples] = await collect(1, (each) => {
    obniz.logicAnalyzer.start({ io: 1, interval: 1, duration: 600 });
    obniz.logicAnalyzer.onmeasured = each;
  });
  obniz.logicAnalyzer.end();
  found.samples = samples.length;

  found.echo = await new Promise((resolve) =>
    obniz.measure.echo({
      io_pulse: 1,
      io_echo: 2,
      pulse: "positive",
      pulse_width: 0.011,
      measure_edges: 3,
      timeout: 30,
      callback: resolve,
    }),
  );

  obniz.display.clear();
  obniz.display.print("Hello");
  obniz.display.qr("https://example.test");
  found.switch = await obniz.switch.getWait();

  // Version 1 has the board scan, version 3 speaks to the Bluetooth controller itself.
  if (obniz.ble.initWait) await obniz.ble.initWait();
  obniz.ble.scan.start({}, { duration: 5 });
  found.named = await new Promise((resolve) => {
    obniz.ble.scan.onfind = (peripheral) => {
      const name = typeof peripheral.localName === "function" ? peripheral.localName() : peripheral.localName;
      if (name) resolve(name);
    };
  });

  found.message = await new Promise((resolve) => {
    obniz.onmessage = (message, from) => resolve([message, from]);
    obniz.message([obniz.id], { n: 1 });
  });

  await obniz.pingWait();
  obniz.reset();
  await obniz.pingWait();
  found.complaints = obniz.complaints;
  obniz.close();
  return found;
});
