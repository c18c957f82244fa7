// obniz.js's own codec. Standard input: {"requests": [objects], "reports": [hex texts], "answers": [objects]}. Standard
// output: what it makes of each, under the same names: hex texts of requests, arrays of objects of reports, null for what
// it refuses; and of answers the number of schemas of their family that they fit, since it drops what fits none.
"use strict";

const { createCommandManager } = require("obniz/dist/src/obniz/libs/wscommand");

const schemas = require("obniz/dist/src/obniz/libs/wscommand/WSSchema").default;

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

const ODD_NAMES = { io: "ioAnimation", logic_analyzer: "logicAnalyzer" };

const fits = (object) => {
  const [[key, value]] = Object.entries(object);
  const family = `/response/${ODD_NAMES[key] ?? key.replace(/(?<=[a-z])[0-9]+$/, "")}/`;
  const uris = schemas.getSchemaUris().filter((uri) => uri.startsWith(family));
  return uris.filter((uri) => schemas.validate(value, schemas.getSchema(uri))).length;
};

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => {
  const { requests, reports, answers } = JSON.parse(text);
  const answer = {
    requests: requests.map(
      attempt((object) => {
        const bytes = manager.compress(object);
        return bytes && Buffer.from(bytes).toString("hex");
      }),
    ),
    reports: reports.map(attempt((hex) => manager.binary2Json(Uint8Array.from(Buffer.from(hex, "hex"))))),
    answers: answers.map(fits),
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
