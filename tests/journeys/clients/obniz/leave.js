// A program drives a pin and leaves; the first argument says whether the board shall be reset by that.
"use strict";

const { more, open, run } = require("./common");

run(async () => {
  const obniz = await open("1111-1111", { reset_obniz_on_ws_disconnection: more[0] === "reset" });
  obniz.io9.output(true);
  obniz.display.print("left behind");
  await obniz.pingWait();
  await obniz.closeWait();
  return obniz.complaints;
});
