// What the client finds on a board of each kind, and that whatever it finds works. Arguments: the boards' ids.
"use strict";

const { more, open, run } = require("./common");

const numbers = (obniz, family) => [...Array(40).keys()].filter((number) => obniz[family + number]);

/** Use everything that the client believes the board to have. */
async function use(obniz) {
  const ios = numbers(obniz, "io");
  const ads = numbers(obniz, "ad");
  const found = { hw: obniz.hw, ios: ios.length, ads: ads.length };
  if (ios.length) {
    obniz.wired("LED", { anode: ios[0], cathode: ios[1] }).on();
    const pwm = obniz.getFreePwm();
    pwm.start({ io: ios[2] });
    pwm.freq(1000);
    pwm.duty(50);
    found.level = await obniz[`io${ios[0]}`].inputWait();
    obniz.getFreeUart().start({ tx: ios[0], rx: ios[1] });
    obniz.getFreeI2C().start({ mode: "master", sda: ios[2], scl: ios[3], clock: 400000 });
  }
  if (ads.length) found.volts = await obniz[`ad${ads[0]}`].getWait();
  if (obniz.display) {
    found.display = [obniz.display.width, obniz.display.height];
    obniz.display.clear();
    obniz.display.print("hello");
  }
  if (obniz.switch) found.switch = await obniz.switch.getWait();
  if (obniz.wifi) found.networks = (await obniz.wifi.scanWait()).length;
  if (obniz.storage) {
    obniz.storage.save("kept", [1, 2]);
    found.kept = await obniz.storage.readWait("kept");
  }
  await obniz.ble.initWait();
  await obniz.pingWait();
  return found;
}

run(async () => {
  const found = [];
  for (const id of more) {
    const obniz = await open(id);
    // A pin that two functions are started on is worth a complaint, which is not what this is about.
    found.push({ ...(await use(obniz)), complaints: obniz.complaints.filter((one) => !one.includes("is taken by")) });
    await obniz.closeWait();
  }
  return found;
});
