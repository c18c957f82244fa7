// ioBroker.homewizard's own client classes against a v2 device: node iobroker.js PORT CA_FILE SERIAL.
// It prints `press` when it wants the button pressed, and goes on at the next line of its input; then what it saw, as JSON.
"use strict";

const { readFileSync } = require("node:fs");
const https = require("node:https");
const { createInterface } = require("node:readline");
const { HomeWizardClient } = require("iobroker.homewizard/build/lib/homewizard-client");
const { HomeWizardWebSocket } = require("iobroker.homewizard/build/lib/websocket-client");

const [, , port, caFile, serial] = process.argv;
const host = "127.0.0.1";
const name = `appliance/p1dongle/${serial}`;
// As its own agents are made, with the hub's CA for the vendor's: chain, version, and the name in the certificate.
const agent = new https.Agent({
  ca: readFileSync(caFile),
  rejectUnauthorized: true,
  minVersion: "TLSv1.2",
  checkServerIdentity: (_, certificate) =>
    certificate.subject.CN === name ? undefined : new Error(`CN is ${certificate.subject.CN}`),
});
const place = { agent, port: Number(port) };
const timers = {
  schedule: setTimeout,
  cancel: clearTimeout,
  // Its heartbeat comes every 30 s: too long for a test.
  scheduleRepeating: (beat) => setInterval(beat, 200),
  cancelRepeating: clearInterval,
};

function line() {
  const input = createInterface({ input: process.stdin });
  return new Promise((resolve) => input.once("line", resolve)).finally(() => input.close());
}

/** Open a socket; `heard` fills with what it tells, `until(kind, n)` waits for the n-th of a kind. */
function listen(token) {
  const heard = { connected: 0, measurement: [], system: [], batteries: [], complaints: [], gone: [] };
  const waiting = new Set();
  const tell = (kind, what) => {
    if (kind === "connected") heard.connected += 1;
    else heard[kind].push(what);
    for (const check of waiting) check();
  };
  const until = (kind, count) =>
    new Promise((resolve) => {
      const check = () => {
        if (heard[kind].length < count) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  const socket = new HomeWizardWebSocket(
    host,
    token,
    {
      log: { debug: () => {}, info: () => {}, warn: (text) => heard.complaints.push(text), error: (text) => heard.complaints.push(text) },
      onConnected: () => tell("connected"),
      onDisconnected: (error) => tell("gone", error ? error.statusCode : null),
      onMeasurement: (measurement) => tell("measurement", measurement.power_w),
      onSystem: (system) => tell("system", system.status_led_brightness_pct),
      onBattery: (batteries) => tell("batteries", batteries.mode),
    },
    timers,
    place,
  );
  socket.connect();
  return { heard, until, socket };
}

async function main() {
  const stranger = new HomeWizardClient(host, "", place);
  const found = { before: await stranger.requestPairing().catch((error) => [error.statusCode, error.errorCode]) };
  found.certificate = stranger.getServerCertCn();
  console.log("press");
  await line();
  const { token } = await stranger.requestPairing();
  const user = new HomeWizardClient(host, token, place);
  found.device = await user.getDeviceInfo();
  found.measurement = await user.getMeasurement();
  found.bright = (await user.setSystem({ status_led_brightness_pct: 12 })).status_led_brightness_pct;
  found.full = (await user.setBatteries({ charge_to_full: true })).mode;
  found.notFull = (await user.setBatteries({ charge_to_full: false })).mode;
  await user.identify();
  found.reboot = await user.reboot().catch((error) => error.statusCode);

  const { heard, until, socket } = listen(token);
  await until("measurement", 3);
  await user.setSystem({ status_led_brightness_pct: 13 });
  await until("system", 2);
  // Its user goes, and its socket with it; the next attempt is refused as a bad token.
  await user.deleteUser();
  await until("gone", 1);
  socket.close();
  const again = listen(token);
  await again.until("gone", 1);
  again.socket.close();
  return { ...found, heard, again: again.heard };
}

main().then(
  (found) => {
    console.log(JSON.stringify(found));
    process.exit(0);
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
