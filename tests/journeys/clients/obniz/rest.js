// Commands and state by HTTP, with the SDK's own client. Arguments: http URL of the hub, board id, token or nothing.
"use strict";

const { Obniz, more, run } = require("./common");

run(async () => {
  const api = new Obniz.api(more[1], { obniz_server: more[0], access_token: more[2] || null });
  return {
    state: await api.getStateWait(),
    posted: await api.postJsonWait([{ display: { clear: true, text: "by HTTP" } }, { io9: true }]),
    partly: await api.postJsonWait([{ io9: false }, { nothing: 1 }]),
  };
});
