// homewizard-energy-api against a v1 device: node energy_api.js BASE_URL; prints as JSON what it saw.
"use strict";

const { EnergySocketApi, P1MeterApi } = require("homewizard-energy-api");

const [, , base] = process.argv;
const POLLS = 3;

/** Poll until `POLLS` answers have come; return how many of them were as wanted. */
function poll(polling, isWanted) {
  return new Promise((resolve, reject) => {
    const seen = [];
    polling.on("error", reject);
    polling.on("response", (answer) => {
      seen.push(isWanted(answer));
      if (seen.length < POLLS) return;
      polling.stop();
      resolve(seen.filter(Boolean).length);
    });
    polling.start();
  });
}

async function main() {
  const meter = new P1MeterApi(base, { polling: { interval: 200 } });
  const found = { device: await meter.getBasicInformation() };
  found.measured = await meter.getData();
  found.off = await meter.updateSystem({ cloud_enabled: false });
  found.on = await meter.updateSystem({ cloud_enabled: true });
  found.system = await meter.getSystem();
  found.identify = await meter.identify();
  found.telegram = await meter.getTelegram();
  found.polled = await poll(meter.polling.getData, (answer) => typeof answer.active_power_w === "number");
  found.polledTelegrams = await poll(meter.polling.getTelegram, (answer) => answer.startsWith("/"));
  // A P1 meter is no socket.
  found.state = await new EnergySocketApi(base).getState().catch((error) => error.statusCode);
  return found;
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
