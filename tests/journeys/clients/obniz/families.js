// One program uses what a board has beyond pins: PWM, animations, buses, the logic analyzer, echoes, queue mode.
"use strict";

const { collect, more, open, run, sleep } = require("./common");

run(async () => {
  const obniz = await open(more[0]);
  const found = {};

  // One kHz with three tenths high, seen by the logic analyzer on the same line.
  const pwm = obniz.getFreePwm();
  pwm.start({ io: 0 });
  pwm.freq(1000);
  pwm.duty(30);
  const samples = await collect(2, (each) => {
    obniz.logicAnalyzer.start({ io: 0, interval: 0.1, duration: 100 });
    obniz.logicAnalyzer.onmeasured = each;
  });
  obniz.logicAnalyzer.end();
  pwm.end();
  found.sampled = samples.map((bits) => bits.length);
  found.high = samples.map((bits) => bits.filter((bit) => bit).length / bits.length);

  const burst = obniz.getFreePwm();
  burst.start({ io: 1 });
  burst.freq(38000);
  burst.modulate("am", 0.07, [0, 1, 1, 0, 1]);
  burst.end();

  // Six transitions of an animation, then its end is told.
  const begun = Date.now();
  await obniz.io.repeatWait(
    [
      { duration: 50, state: () => obniz.io2.output(true) },
      { duration: 30, state: () => obniz.io2.output(false) },
    ],
    6,
  );
  found.animationMs = Date.now() - begun;
  obniz.io.animation("blink", "loop", [
    { duration: 10, state: () => obniz.io3.output(true) },
    { duration: 10, state: () => obniz.io3.output(false) },
  ]);
  obniz.io.animation("blink", "pause");
  obniz.io.animation("blink", "resume");
  obniz.io.animation("blink", "pause");
  obniz.io.animation("nobody's", "pause");

  const uart = obniz.getFreeUart();
  uart.start({ tx: 4, rx: 5, baud: 9600 });
  const arrived = [];
  uart.onreceive = (bytes) => arrived.push(...bytes);
  uart.send("hello");
  uart.send([0, 255, 10]);
  await obniz.pingWait();
  await sleep(100);
  uart.end();
  found.uart = arrived;

  const spi = obniz.getFreeSpi();
  spi.start({ mode: "master", clk: 6, mosi: 7, miso: 8, frequency: 1000000 });
  found.spi = await spi.writeWait([18, 152, 0, 255]);
  found.spiLong = (await spi.writeWait(Array.from({ length: 1024 }, (_, n) => n % 256))).length;
  spi.write([1, 2]);
  spi.end();

  const i2c = obniz.getFreeI2C();
  i2c.start({ mode: "master", sda: 9, scl: 10, clock: 400000 });
  i2c.write(0x50, [0, 16, 1, 2, 3]);
  obniz.wait(10);
  i2c.write(0x50, [0, 16]);
  found.eeprom = await i2c.readWait(0x50, 3);
  found.nobody = await i2c.readWait(0x13, 1).then(
    () => "answered",
    (error) => error.constructor.name,
  );
  i2c.end();
  found.slave = await collect(1, (each) => {
    i2c.onwritten = (bytes) => each(bytes.length > 0);
    i2c.start({ mode: "slave", sda: 9, scl: 10, slave_address: 1 });
  });
  i2c.end();

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

  // Everything that is told bears the board's time, in the order in which it happened.
  const stamps = await collect(3, (each) => {
    obniz.setQueueMode({ timestamp: "unix_milliseconds", interval: 50 });
    obniz.ad0.start(() => each(obniz.deviceTimestamp));
  });
  obniz.ad0.end();
  obniz.setQueueMode({ timestamp: "none", interval: 0 });
  found.stamps = stamps.map((stamp) => typeof stamp);
  found.stampsRise = stamps.every((stamp, n) => n === 0 || stamp >= stamps[n - 1]);

  obniz.setClock();
  obniz.keepWorkingAtOffline(true);
  obniz.keepWorkingAtOffline(false);
  await obniz.pingWait();
  obniz.reset();
  await obniz.pingWait();
  found.complaints = obniz.complaints;
  await obniz.closeWait();
  return found;
});
