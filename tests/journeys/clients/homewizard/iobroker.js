// ioBroker.homewizard's own client classes against a v2 device: node iobroker.js HOST:PORT CA_FILE CERTIFICATE_NAME.
// It prints `press` when it wants the button pressed, and goes on at the next line of its input; then what it saw, as JSON.
"use strict";

const { readFileSync } = require("node:fs");
const https = require("node:https");
const { createInterface } = require("node:readline");
const { HomeWizardClient } = require("iobroker.homewizard/build/lib/homewizard-client");
const { HomeWizardWebSocket } = require("iobroker.homewizard/build/lib/websocket-client");

const [, , address, caFile, name] = process.argv;
const [host, port] = address.split(":");
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

/** What a call gave, or the status that it was refused with. */
const outcome = (call) => call.catch((error) => error.statusCode);

async function main() {
  const stranger = new HomeWizardClient(host, "", place);
  const found = { before: await stranger.requestPairing().catch((error) => [error.statusCode, error.errorCode]) };
  found.certificate = stranger.getServerCertCn();
  console.log("press");
  await line();
  const { token } = await stranger.requestPairing();
  const user = new HomeWizardClient(host, token, place);
  const bright = (percent) => outcome(user.setSystem({ status_led_brightness_pct: percent }).then((told) => told.status_led_brightness_pct));
  const cloud = (isOn) => outcome(user.setSystem({ cloud_enabled: isOn }).then((told) => told.cloud_enabled));
  const full = (isFull) => outcome(user.setBatteries({ charge_to_full: isFull }).then((told) => told.mode));
  found.device = await user.getDeviceInfo();
  found.measurement = await user.getMeasurement();
  found.bright = await bright(12);
  found.dark = await cloud(false);
  await cloud(true);
  found.full = await full(true);
  found.notFull = await full(false);
  found.identify = await outcome(user.identify().then(() => "done"));

  const first = listen(token);
  await first.until("measurement", 3);
  // Each product pushes a setting that it has.
  await (found.bright === 12 ? bright(13) : cloud(false));
  await first.until("system", 2);
  found.reboot = await outcome(user.reboot().then(() => "done"));
  // What starts anew ends its sockets.
  if (found.reboot === "done") await first.until("gone", 1);
  first.socket.close();
  const second = listen(token);
  await second.until("measurement", 1);
  // Its user goes, and its socket with it; the next attempt is refused as a bad token.
  await user.deleteUser();
  await second.until("gone", 1);
  second.socket.close();
  const third = listen(token);
  await third.until("gone", 1);
  third.socket.close();
  return { ...found, heard: [first.heard, second.heard, third.heard] };
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
