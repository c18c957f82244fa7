// The plain `ws` client: handshakes as strangers make them. Arguments: URL, then the sub-protocols asked for.
"use strict";

const WebSocket = require("ws");

const [, , url, ...protocols] = process.argv;
const socket = new WebSocket(url, protocols);
socket.on("message", (message) => {
  console.log(JSON.stringify({ protocol: socket.protocol, greeting: JSON.parse(message) }));
  socket.close();
});
socket.on("unexpected-response", (_, answer) => {
  console.log(JSON.stringify({ status: answer.statusCode }));
  process.exit(0);
});
socket.on("error", (error) => {
  console.error(error);
  process.exit(1);
});
