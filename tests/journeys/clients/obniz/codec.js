// obniz.js's own encoder: JSON objects on standard input as an array; prints an array of hex texts, null for those it refuses.
"use strict";

const { createCommandManager } = require("obniz/dist/src/obniz/libs/wscommand");

const manager = createCommandManager();
// It complains on standard error's twin, which belongs to the answer.
console.log = console.error;

let text = "";
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => {
  const encoded = JSON.parse(text).map((object) => {
    try {
      const bytes = manager.compress(object);
      return bytes ? Buffer.from(bytes).toString("hex") : null;
    } catch {
      return null;
    }
  });
  process.stdout.write(`${JSON.stringify(encoded)}\n`);
});
