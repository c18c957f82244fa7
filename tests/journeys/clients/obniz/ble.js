// A program's whole life as a Bluetooth central: scan, connect, discover, read, write, hear, leave, come back.
"use strict";

const { collect, more, open, run } = require("./common.js");

const NOTEBOOK = "8f5a00014a1c4d1e9c3b6d2f1e0b7a10";
const NOTE = "8f5a00024a1c4d1e9c3b6d2f1e0b7a10";

run(async () => {
  const obniz = await open(more[0]);
  await obniz.ble.initWait();

  const all = await obniz.ble.scan.startAllWait(null, { duration: 2 });
  const seen = Object.fromEntries(
    all.map((one) => [one.address, [one.localName, one.advertisementServiceUuids(), one.address_type]]),
  );

  const thermometer = all.find((one) => one.localName === "Hardwire Thermo");
  let departures = 0;
  thermometer.ondisconnect = () => departures++;
  await thermometer.connectWait();
  const services = Object.fromEntries(
    thermometer.services.map((service) => [
      service.uuid,
      service.characteristics.map((one) => [one.uuid, one.properties, one.descriptors.map((each) => each.uuid)]),
    ]),
  );

  const temperature = thermometer.getService("181a").getCharacteristic("2a6e");
  const read = await temperature.readWait();
  const description = Buffer.from(await temperature.getDescriptor("2901").readWait()).toString();
  let hear = () => {};
  const notified = collect(2, (callback) => (hear = callback));
  await temperature.registerNotifyWait((value) => hear(value));
  const temperatures = await notified;
  await temperature.unregisterNotifyWait();

  const measurement = thermometer.getService("1809").getCharacteristic("2a1c");
  const indicated = collect(2, (callback) => (hear = callback));
  await measurement.registerNotifyWait((value) => hear(value));
  const measurements = await indicated;

  const note = thermometer.getService(NOTEBOOK).getCharacteristic(NOTE);
  const first = await note.readWait();
  const long = Array.from({ length: 400 }, (_, place) => place % 256);
  await note.writeWait(long);
  const written = JSON.stringify(await note.readWait()) === JSON.stringify(long);
  await note.writeWait([1, 2, 3], false);
  const silently = await note.readWait();
  await note.writeWait(first);
  await thermometer.disconnectWait();

  const again = await obniz.ble.directConnectWait(thermometer.address, "random");
  const kept = Buffer.from(await again.getService(NOTEBOOK).getCharacteristic(NOTE).readWait()).toString();
  await again.disconnectWait();
  return {
    seen, services, read, description, temperatures, measurements, written, silently, kept, departures,
    complaints: obniz.complaints,
  };
});
