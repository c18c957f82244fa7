// Programs that may or may not connect: how obniz.js sees it. Arguments: a board id, then a token for each try (`-`: none).
"use strict";

const { Obniz, mode, more, run, server } = require("./common");

async function attempt(id, token) {
  const obniz = new Obniz(id, {
    obniz_server: server,
    auto_connect: false,
    binary: mode === "binary",
    access_token: token === "-" ? null : token,
  });
  obniz.onerror = async () => {};
  const isConnected = await obniz.connectWait({ timeout: 5 });
  if (isConnected) await obniz.closeWait();
  return isConnected;
}

run(async () => {
  const [id, ...tokens] = more;
  const found = [];
  for (const token of tokens) found.push(await attempt(id, token));
  return found;
});
