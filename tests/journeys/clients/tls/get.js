// node get.js URL CA_FILE [TOKEN]: an https request that trusts one CA only; prints {"status": ..., "body": ...}.
const { readFileSync } = require("node:fs");
const https = require("node:https");

const [url, caFile, token] = process.argv.slice(2);
const headers = token ? { Authorization: `Bearer ${token}` } : {};
https
  .get(url, { ca: readFileSync(caFile), headers }, (answer) => {
    let body = "";
    answer.setEncoding("utf8");
    answer.on("data", (part) => (body += part));
    answer.on("end", () => console.log(JSON.stringify({ status: answer.statusCode, body })));
  })
  .on("error", (error) => console.log(JSON.stringify({ error: error.code })));
