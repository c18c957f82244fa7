// A JavaScript library's classes against the v1 products: node energy_api.js MODULE '{"HWE-P1": BASE_URL, ...}'.
// MODULE is homewizard-energy-api or its fork. Prints as JSON what each product's class saw, by product.
"use strict";

const [, , name, places] = process.argv;
const { EnergySocketApi, KwhMeter1PhaseApi, KwhMeter3PhaseApi, P1MeterApi, WaterMeterApi } = require(name);

const POLLS = 3;
const CLASSES = {
  "HWE-P1": P1MeterApi,
  "SDM230-wifi": KwhMeter1PhaseApi,
  "HWE-KWH1": KwhMeter1PhaseApi,
  "SDM630-wifi": KwhMeter3PhaseApi,
  "HWE-KWH3": KwhMeter3PhaseApi,
  "HWE-SKT": EnergySocketApi,
  "HWE-WTR": WaterMeterApi,
};

/** What a call gave, or the status that it was refused with. */
const outcome = (call) => call.catch((error) => ({ status: error.statusCode, said: error.response }));

/** Poll until `POLLS` answers have come; return them. */
function poll(polling) {
  return new Promise((resolve, reject) => {
    const seen = [];
    polling.on("error", reject);
    polling.on("response", (answer) => {
      seen.push(answer);
      if (seen.length < POLLS) return;
      polling.stop();
      resolve(seen);
    });
    polling.start();
  });
}

/** Switch, lock and dim a socket; it ends as it began. */
async function switched(socket) {
  const found = { first: await socket.getState() };
  found.off = await socket.updateState({ power_on: false });
  found.measuredOff = await measuredAs(socket, (power) => power === 0);
  found.on = await socket.updateState({ power_on: true });
  found.locked = await socket.updateState({ switch_lock: true });
  found.refused = await outcome(socket.updateState({ power_on: false }));
  found.both = await socket.updateState({ switch_lock: false, power_on: false });
  found.dim = await socket.updateState({ brightness: 20, power_on: true });
  found.tooBright = await outcome(socket.updateState({ brightness: 300 }));
  found.state = await socket.getState();
  await socket.updateState({ brightness: found.first.brightness });
  found.polled = await poll(new EnergySocketApi(socket.baseUrl, { polling: { interval: 100 } }).polling.getState);
  return found;
}

/** The first measured power that is as wanted; null when none comes. */
async function measuredAs(api, isWanted) {
  for (let tries = 0; tries < 40; tries += 1) {
    const { active_power_w: power } = await api.getData();
    if (isWanted(power)) return power;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

async function use(product, base) {
  const api = new CLASSES[product](base, { polling: { interval: 100 } });
  const found = { device: await api.getBasicInformation(), measured: await api.getData() };
  found.polled = await poll(api.polling.getData);
  if (api.updateSystem) {
    found.off = await api.updateSystem({ cloud_enabled: false });
    found.on = await api.updateSystem({ cloud_enabled: true });
    found.system = await api.getSystem();
  }
  if (api.identify) found.identify = await api.identify();
  if (api.getTelegram) {
    found.telegram = await api.getTelegram();
    found.parsed = await api.getParsedTelegram();
    // All that one object polls comes by one event: telegrams are polled by an object of their own.
    const telegrams = new P1MeterApi(base, { polling: { interval: 100 } });
    found.polledTelegrams = await poll(telegrams.polling.getTelegram);
  }
  if (product === "HWE-SKT") found.switched = await switched(api);
  // What no other product has: the library passes on the status.
  else found.state = await outcome(new EnergySocketApi(base).getState());
  return found;
}

async function main() {
  const found = {};
  const entries = Object.entries(JSON.parse(places));
  await Promise.all(entries.map(async ([product, base]) => (found[product] = await use(product, base))));
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
