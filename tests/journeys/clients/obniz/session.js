// One program on one board, and by which sockets and in which encoding it hears of it. First argument: what it calls the board.
"use strict";

const { collect, more, open, run, sleep } = require("./common");

/** Note the encoding of everything that a socket brings. */
function eavesdrop(socket, kinds) {
  socket.on("message", (message) => kinds.push(typeof message === "string" ? "text" : "binary"));
}

run(async () => {
  const obniz = await open(more[0]);
  const found = { id: obniz.id, server: new URL(obniz.socket.url).port, network: obniz.connected_network };
  const main = [];
  const link = [];
  eavesdrop(obniz.socket, main);
  found.hasLink = Boolean(obniz.socket_local);
  if (obniz.socket_local) eavesdrop(obniz.socket_local, link);

  // Answers to single questions
  await obniz.pingWait();
  found.volts = await obniz.ad0.getWait();
  found.switch = await obniz.switch.getWait();
  obniz.io2.pull("5v");
  found.level = await obniz.io2.inputWait();
  found.answers = { main: main.splice(0), link: link.splice(0) };

  // A stream: the present level, then each change, once each.
  const levels = [];
  obniz.io4.pull("0v");
  obniz.io4.input((level) => levels.push(level));
  for (const pull of ["5v", "0v", "5v"]) {
    obniz.io4.pull(pull);
    await obniz.pingWait();
  }
  await sleep(100);
  found.levels = levels.slice();
  main.length = link.length = 0;

  // Without the link everything goes on.
  if (obniz.socket_local) {
    obniz.socket_local.close();
    while (obniz.socket_local) await sleep(10);
  }
  obniz.io4.pull("0v");
  found.after = await obniz.io2.inputWait();
  await obniz.pingWait();
  found.state = obniz.connectionState;
  found.levelsAfter = levels.slice(found.levels.length);
  found.heardAfter = main.slice();

  const heard = collect(1, (each) => (obniz.onmessage = (message, from) => each([message, from])));
  obniz.message(more[1], "hello");
  found.message = await heard;

  found.complaints = obniz.complaints;
  await obniz.closeWait();
  return found;
});
