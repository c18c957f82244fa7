// A peripheral of the owner's own; a program that leaves without a word lets it go.
"use strict";

const { collect, more, open, run } = require("./common.js");

const LAMP = { localName: "Lamp" };

run(async () => {
  const careless = await open(more[0]);
  await careless.ble.initWait();
  const taken = await careless.ble.scan.startOneWait(LAMP, { duration: 10 });
  await taken.connectWait();
  await careless.closeWait();

  const obniz = await open(more[0]);
  await obniz.ble.initWait();
  const lamp = await obniz.ble.scan.startOneWait(LAMP, { duration: 10 });
  await lamp.connectWait();
  const [service] = lamp.services;
  let hear = () => {};
  const told = collect(5, (callback) => (hear = callback));
  const began = Date.now();
  await service.getCharacteristic("2a37").registerNotifyWait((value) => hear(value));
  const values = await told;
  const tookMs = Date.now() - began;
  const name = Buffer.from(await service.getCharacteristic("2a38").readWait()).toString();
  await lamp.disconnectWait();
  return {
    address: lamp.address, rssi: lamp.rssi, company: lamp.manufacturerSpecificData, uuids: lamp.advertisementServiceUuids(),
    values, tookMs, name, complaints: obniz.complaints,
  };
});
