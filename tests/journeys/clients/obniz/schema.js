// obniz.js's own schema of what boards tell: arrays of objects on standard input as an array; prints an array of complaints, null for those that fit.
"use strict";

const schema = require("obniz/dist/src/obniz/libs/wscommand/WSSchema").default;

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => {
  const complaints = JSON.parse(text).map((told) =>
    schema.validate(told, "/response") ? null : `${schema.error.message} at ${schema.error.dataPath}`,
  );
  process.stdout.write(`${JSON.stringify(complaints)}\n`);
});
