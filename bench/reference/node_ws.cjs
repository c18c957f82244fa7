// The fan-out reference on Node and `ws`, as its users write it: every client that watches a device gets its own `send`.
//
//   node node_ws.cjs DEVICES CLIENTS PAYLOAD_BYTES [PEM]
//
// Speaks the lines of fanout.c: `port N`, `ready` once that many clients are there, `go BURSTS EACH`, `sent DELIVERIES`.
// A client watches the device that its path names (/bench/N), or all of them (/bench/all).
const fs = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const readline = require("node:readline");
const { WebSocketServer } = require("ws");

const [devices, clients, size] = process.argv.slice(2, 5).map(Number);
const pem = process.argv[5] && fs.readFileSync(process.argv[5]);
const server = pem ? https.createServer({ cert: pem, key: pem }) : http.createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
const watchers = Array.from({ length: devices }, () => new Set());
const everybody = [];
let number = 0;

sockets.on("connection", (socket, request) => {
  const named = request.url.split("/").pop();
  const watched = named === "all" ? watchers : [watchers[Number(named)]];
  for (const one of watched) one.add(socket);
  everybody.push(socket);
  if (everybody.length === clients) console.log("ready");
});

// A burst begins when the readers have taken the one before it, as the hub's does.
async function taken() {
  const asked = everybody.length > 200 ? everybody.filter((_, place) => place % 16 === 0) : everybody;
  while (asked.some((socket) => socket.bufferedAmount > 0)) await new Promise((go) => setTimeout(go, 1));
}

async function go(bursts, each) {
  let deliveries = 0;
  for (let burst = 0; burst < bursts; burst++) {
    for (let turn = 0; turn < each; turn++) {
      for (const watching of watchers) {
        const text = `{"power_w":${1000 + (number++ % 9000)}}`.padEnd(size);
        for (const socket of watching) socket.send(text);
        deliveries += watching.size;
      }
    }
    await new Promise((go) => setImmediate(go));
    await taken();
  }
  console.log(`sent ${deliveries}`);
}

server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, () => console.log(`port ${server.address().port}`));
const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [, bursts, each] = line.split(" ").map(Number);
  go(bursts, each);
});
lines.on("close", () => process.exit(0));
setTimeout(() => process.exit(0), 1200_000).unref();
