// A program reboots its board: it is cut off, and comes back by itself when the board does.
"use strict";

const { Obniz, mode, run, server } = require("./common");

run(async () => {
  const obniz = new Obniz("2222-2222", { obniz_server: server, binary: mode === "binary" });
  const events = [];
  obniz.onerror = async () => {};
  obniz.onclose = async () => events.push("close");
  return new Promise((resolve) => {
    obniz.onconnect = async () => {
      events.push("connect");
      if (events.length === 1) {
        obniz.io5.output(true);
        obniz.reboot();
        return;
      }
      events.push(await obniz.io5.inputWait());
      obniz.autoConnect = false;
      await obniz.closeWait();
      resolve(events.slice(0, 4));
    };
  });
});
