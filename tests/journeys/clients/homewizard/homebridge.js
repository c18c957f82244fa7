// The Homebridge plug-in for power consumption on a P1 meter: node homebridge.js HOST; prints what HomeKit would be shown.
// Homebridge itself announces to the whole network, so its registry is a stand-in: services that remember what they are told.
"use strict";

const { HomewizardPowerConsumption } = require("homebridge-homewizard-power-consumption/dist/Platform.js");

const [, , host] = process.argv;
const BEATS = 3;
const told = {};
const complaints = [];
const named = new Proxy({}, { get: (_, name) => name });

class Service {
  constructor(accessory, name) {
    this.shown = told[accessory] ??= {};
    this.shown[name] ??= {};
    this.values = this.shown[name];
  }
  setCharacteristic(name, value) {
    (this.values[name] ??= []).push(value);
    if (Object.values(told).filter((services) => services.LightSensor?.CurrentAmbientLightLevel?.length >= BEATS).length === 2) {
      console.log(JSON.stringify({ told, complaints }));
      process.exit(0);
    }
    return this;
  }
}

class Accessory {
  constructor(name, uuid) {
    this.name = name;
    this.UUID = uuid;
  }
  getService(name) {
    return name === "AccessoryInformation" ? new Service(this.name, name) : undefined;
  }
  addService(name) {
    return new Service(this.name, name);
  }
}

const log = { info: () => {}, debug: () => {}, error: (text) => complaints.push(text) };
const api = {
  hap: { Service: named, Characteristic: named, uuid: { generate: (text) => text } },
  platformAccessory: Accessory,
  registerPlatformAccessories: () => {},
  unregisterPlatformAccessories: () => {},
  on: (event, launched) => setImmediate(launched),
};

new HomewizardPowerConsumption(log, { ip: host, pollInterval: 0.2 }, api);
setTimeout(() => {
  console.error(JSON.stringify({ told, complaints }));
  process.exit(1);
}, 20_000);
