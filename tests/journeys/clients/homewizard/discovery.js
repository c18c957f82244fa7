// What a JavaScript library's discovery finds on loopback: node discovery.js MODULE COUNT. Prints the devices as JSON.
// Its own mDNS socket would ask on every interface; in its place stands one of the same package on loopback.
"use strict";

const path = require("path");
const [, , name, count] = process.argv;
const { HomeWizardEnergyDiscovery } = require(name);
const multicastDns = require(require.resolve("multicast-dns", { paths: [path.dirname(require.resolve(name))] }));

const found = [];
const discovery = new HomeWizardEnergyDiscovery();
discovery.mdns = multicastDns({ interface: "127.0.0.1" });
discovery.on("error", (error) => {
  throw error;
});
discovery.on("response", (device) => {
  found.push(device);
  if (found.length < Number(count)) return;
  discovery.stop();
  console.log(JSON.stringify(found));
});
discovery.mdns.on("ready", () => discovery.mdns.query("_hwenergy._tcp.local", "PTR"));
