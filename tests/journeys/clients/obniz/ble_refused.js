// What a Bluetooth program is refused, what it asks of a connection, and that it goes on after a reset.
"use strict";

const { more, open, run } = require("./common.js");

const told = async (work) => work.then((value) => value, (error) => [error.code, error.message.split(" for ")[0]]);

run(async () => {
  const obniz = await open(more[0]);
  await obniz.ble.initWait();
  const belt = await obniz.ble.scan.startOneWait({ localName: "Hardwire Heart" }, { duration: 10 });
  await belt.connectWait();
  const service = belt.getService("180d");
  const refused = {
    read: await told(service.getCharacteristic("2a37").readWait()),
    write: await told(service.getCharacteristic("2a38").writeWait([1])),
    control: await told(service.getCharacteristic("2a39").writeWait([9])),
    pairing: (await told(belt.pairingWait()))[1],
  };
  const controlled = await told(service.getCharacteristic("2a39").writeWait([1]));
  const phy = await belt.readPhyWait();
  const hidden = await obniz.ble.scan.startOneWait({ localName: "Hardwire Heart" }, { duration: 1 });

  await obniz.ble.resetWait();
  const back = await obniz.ble.scan.startOneWait({ localName: "Hardwire Heart" }, { duration: 10 });
  await back.connectWait();
  const again = back.services.map((one) => one.uuid);
  const left = new Promise((resolve) => (back.ondisconnect = resolve));
  await back.disconnectWait();
  await left;

  obniz.ble.advertisement.setAdvData({ flags: ["general_discoverable_mode"], localName: "me" });
  await obniz.ble.advertisement.startWait();
  await obniz.ble.advertisement.endWait();
  return { refused, controlled, phy, hidden, again, complaints: obniz.complaints };
});
