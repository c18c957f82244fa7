// One program uses a board: pins, analog inputs, the display, the switch, ping, wait.
"use strict";

const { collect, open, run } = require("./common");

run(async () => {
  const obniz = await open("1234-5678");
  const found = { hw: obniz.hw, firmware: obniz.firmware_ver };

  obniz.io0.output(true);
  obniz.io2.pull("5v");
  found.pulledUp = await obniz.io2.inputWait();
  obniz.io2.pull("0v");
  found.pulledDown = await obniz.io2.inputWait();
  obniz.io3.drive("open-drain");
  obniz.io3.output(false);
  obniz.io3.end();

  // A 2 Hz square wave stands before io1: the present level at once, then each change.
  found.wave = await collect(4, (each) => obniz.io1.input(each));
  obniz.io1.end();

  obniz.io4.pull("5v");
  found.firstLevel = await collect(1, (each) => obniz.io4.input(each));
  obniz.io4.end();

  found.once = await obniz.ad0.getWait();
  found.streamed = await collect(3, (each) => obniz.ad5.start(each));
  obniz.ad5.end();

  obniz.display.clear();
  obniz.display.print("Hello from obniz.js");
  obniz.display.setPinName(0, "LED", "anode");

  found.switch = await obniz.switch.getWait();

  const before = Date.now();
  await obniz.pingWait();
  found.pingMs = Date.now() - before;

  const held = Date.now();
  obniz.wait(300);
  await obniz.pingWait();
  found.heldMs = Date.now() - held;

  const led = obniz.wired("LED", { anode: 0, cathode: 7 });
  led.on();
  const button = obniz.wired("Button", { signal: 8 });
  found.button = await button.isPressedWait();
  await obniz.pingWait();

  found.complaints = obniz.complaints;
  await obniz.closeWait();
  return found;
});
