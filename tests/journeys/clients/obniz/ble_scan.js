// Scans that look for something, scans that hear everything, and parts that are known by what they advertise.
"use strict";

const { Obniz, more, open, run, sleep } = require("./common.js");

const TARGETS = {
  name: { localName: "Hardwire Thermo" },
  prefix: { localNamePrefix: "Hardwire H" },
  uuid: { uuids: ["180d"] },
  address: { deviceAddress: "c4a0b1e00003" },
  bytes: { binary: [[0x4c, 0x00, 0x02, 0x15]] },
  nobody: { localName: "Nobody" },
};

run(async () => {
  const obniz = await open(more[0]);
  await obniz.ble.initWait();
  const found = {};
  for (const [name, target] of Object.entries(TARGETS)) {
    const all = await obniz.ble.scan.startAllWait(target, { duration: 1, filterOnDevice: true });
    found[name] = all.map((one) => one.address);
  }

  // The library begins to listen after the answer to its start: on a busy machine the first find can come with it and be missed.
  async function oneOf(target) {
    for (let attempt = 0; attempt < 3; attempt++) {
      const one = await obniz.ble.scan.startOneWait(target, { duration: 5 });
      await sleep(300);
      if (one) return one;
    }
    throw new Error("nothing found in three scans");
  }
  const tag = await oneOf(TARGETS.name);
  const beacon = await oneOf(TARGETS.address);
  const iBS03T = Obniz.getPartsClass("iBS03T");
  const iBeacon = Obniz.getPartsClass("iBeacon");
  const parts = {
    tag: [iBS03T.isDevice(tag), iBeacon.isDevice(tag)],
    beacon: [iBS03T.isDevice(beacon), iBeacon.isDevice(beacon)],
    told: iBS03T.getData(tag),
    place: iBeacon.getData(beacon),
  };

  const heard = [];
  obniz.ble.scan.onfind = (one) => heard.push([one.address, one.rssi]);
  await obniz.ble.scan.startWait(null, { duration: 30, duplicate: true, activeScan: false });
  await sleep(2000);
  await obniz.ble.scan.endWait();
  const before = heard.length;
  await sleep(500);
  return { found, parts, heard, late: heard.length - before, complaints: obniz.complaints };
});
