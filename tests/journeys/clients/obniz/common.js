// What every obniz.js journey starts and ends with. Arguments of a script: server URL, mode (`binary` or `text`), more.
"use strict";

const Obniz = require("obniz");

const [, , server, mode, ...more] = process.argv;

/** Connect to a board; what obniz.js complains about is kept in `obniz.complaints`. */
async function open(id, options = {}) {
  const obniz = new Obniz(id, {
    obniz_server: server,
    auto_connect: false,
    binary: mode === "binary",
    ...options,
  });
  obniz.complaints = [];
  obniz.onerror = async (_, error) => obniz.complaints.push(String(error));
  obniz.warning = (text) => obniz.complaints.push(typeof text === "string" ? text : JSON.stringify(text));
  const isConnected = await obniz.connectWait({ timeout: 10 });
  if (!isConnected) throw new Error(`no connection to ${id}`);
  return obniz;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Collect what calls back until there is enough of it. */
function collect(count, start) {
  return new Promise((resolve) => {
    const values = [];
    start((value) => {
      if (values.push(value) === count) resolve(values.slice());
    });
  });
}

/** Run a journey and print what it found as one line of JSON. */
function run(journey) {
  journey().then(
    (found) => process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit(0)),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}

module.exports = { Obniz, collect, mode, more, open, run, server, sleep };
