// obniz.js's own codec. Standard input: {"requests": [objects], "reports": [hex texts]}. Standard output: what it makes
// of each, under the same names: hex texts of requests, arrays of objects of reports; null for what it refuses.
"use strict";

const { createCommandManager } = require("obniz/dist/src/obniz/libs/wscommand");

const manager = createCommandManager();
// What it writes of an animation depends on the board's version.
manager.setHw({ hw: "obnizb1", firmware: "7.1.0" });
// It complains on standard error's twin, which belongs to the answer.
console.log = console.error;

const attempt = (make) => (sent) => {
  try {
    return make(sent) ?? null;
  } catch {
    return null;
  }
};

let text = "";
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => {
  const { requests, reports } = JSON.parse(text);
  const answer = {
    requests: requests.map(
      attempt((object) => {
        const bytes = manager.compress(object);
        return bytes && Buffer.from(bytes).toString("hex");
      }),
    ),
    reports: reports.map(attempt((hex) => manager.binary2Json(Uint8Array.from(Buffer.from(hex, "hex"))))),
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
