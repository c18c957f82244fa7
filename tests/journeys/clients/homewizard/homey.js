// A v2 client that opens its socket as the Homey app does: node homey.js HOST:PORT TOKEN; prints what it heard, as JSON.
//
// It verifies nothing, names no port in `Host`, asks for a sub-protocol, shows its token in the upgrade, sends the
// authorization unasked, and hands whatever lies behind the answer's head to its parser as text: a greeting in the same
// piece as the head would break it.
"use strict";

const crypto = require("node:crypto");
const https = require("node:https");
const tls = require("node:tls");
const { Receiver, Sender } = require("ws");

const [, , address, token] = process.argv;
const [host, port] = address.split(":");
const ENOUGH = 3;
const agent = new https.Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false });
const headers = { Authorization: `Bearer ${token}` };

/** What a GET gives, with the port that it came from: a kept connection keeps it. */
function get(path) {
  return new Promise((resolve, reject) => {
    const request = https.get({ host, port, path, agent, headers }, (answer) => {
      const from = answer.socket.localPort;
      let text = "";
      answer.on("data", (piece) => (text += piece));
      answer.on("end", () => resolve({ from, status: answer.statusCode, body: JSON.parse(text) }));
    });
    request.on("error", reject);
  });
}

/** Upgrade by hand; resolves with the socket, the head of the answer, and how much came in one piece with it. */
function upgrade() {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
    const lines = [
      "GET /api/ws HTTP/1.1",
      `Host: ${host}`,
      "Upgrade: websocket",
      "Connection: keep-alive, Upgrade",
      `Sec-WebSocket-Key: ${crypto.randomBytes(16).toString("base64")}`,
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Protocol: homewizard-api",
      `Authorization: Bearer ${token}`,
    ];
    socket.once("connect", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    socket.on("error", reject);
    const receiver = new Receiver({ isServer: false, maxPayload: 128 * 1024 });
    let head = "";
    socket.on("data", (piece) => {
      if (head.includes("\r\n\r\n")) {
        receiver.write(piece);
        return;
      }
      head += piece.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end >= 0) resolve({ socket, receiver, head: head.slice(0, end), left: head.length - end - 4 });
    });
  });
}

async function main() {
  const first = await get("/api/system");
  const second = await get("/api/batteries");
  const found = { preflight: first.body, batteries: second.body, isKept: first.from === second.from };
  const { socket, receiver, head, left } = await upgrade();
  found.head = head.split("\r\n")[0];
  found.left = left;
  const sender = new Sender(socket);
  const send = (message) => sender.send(Buffer.from(JSON.stringify(message)), { fin: true, opcode: 1, mask: true }, () => {});
  found.heard = [];
  const pong = new Promise((resolve) => receiver.on("pong", resolve));
  const heard = new Promise((resolve) => {
    let measurements = 0;
    receiver.on("message", (text) => {
      const message = JSON.parse(text.toString());
      found.heard.push(message);
      if (message.type === "authorized") {
        for (const topic of ["system", "measurement", "batteries"]) send({ type: "subscribe", data: topic });
        send({ type: "batteries", data: { mode: "zero", permissions: ["charge_allowed"] } });
      }
      if (message.type === "measurement") measurements += 1;
      if (measurements === ENOUGH) resolve();
    });
  });
  setTimeout(() => send({ type: "authorization", data: token }), 10);
  await heard;
  sender.ping(Buffer.alloc(0), true);
  await pong;
  found.pong = true;
  socket.end();
  return found;
}

setTimeout(() => process.exit(2), 20_000).unref();
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
