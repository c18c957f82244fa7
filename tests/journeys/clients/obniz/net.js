// The screen, TCP, wifi, the program and the files of two boards, by obniz.js. More arguments: a board with a screen,
// a board with files, the hub's plain origin.
"use strict";

const crypto = require("crypto");
const http = require("http");
const { collect, more, open, run, sleep } = require("./common.js");

const [withScreen, withFiles, origin] = more;

/** What the hub shows of the board's screen: its type, and a hash of the picture. */
function screen() {
  return new Promise((resolve, reject) => {
    http
      .get(`${origin}/hub/v1/devices/${withScreen}/display.png`, (answer) => {
        const hash = crypto.createHash("sha256");
        answer.on("data", (chunk) => hash.update(chunk));
        answer.on("end", () => resolve([answer.statusCode, answer.headers["content-type"], hash.digest("hex")]));
      })
      .on("error", reject);
  });
}

const reason = (promise) => promise.then(() => "nothing was thrown", (error) => error.message);

async function screens(obniz, found) {
  found.screens = {};
  const seen = async (name) => {
    await obniz.pingWait();
    found.screens[name] = await screen();
  };
  obniz.display.clear();
  await seen("empty");
  obniz.display.print("Hello");
  await seen("text");
  obniz.display.qr("https://obniz.io/", "M");
  await seen("qr");
  obniz.display.raw(Array.from({ length: 1024 }, (_, n) => n % 256));
  await seen("raw");
  obniz.display.clear();
  await seen("cleared");
}

async function tcp(obniz, found) {
  const { tcp0, tcp1 } = obniz;
  const connections = [];
  tcp0.onconnection = (isConnected) => connections.push(isConnected);
  found.tcpCode = await tcp0.connectWait(80, "example.test");
  tcp0.write("GET / HTTP/1.1\r\n");
  found.tcpEcho = Buffer.from(await tcp0.readWait()).toString();
  tcp0.write([0, 255]);
  found.tcpOctets = await tcp0.readWait();
  tcp0.end();
  await obniz.pingWait();
  found.tcpConnections = connections;
  found.tcpRefused = await tcp1.connectWait(22, "localhost");
}

async function program(obniz, found) {
  const { plugin } = obniz;
  const errors = [];
  plugin.onError = (error) => errors.push(error.message);
  plugin.onCloudTransaction = async (octets, text) => {
    if (text === "fail") throw new Error("not today");
    return `echo:${text}`;
  };
  const frames = [];
  plugin.onFrameStart = (id, length) => frames.push([id, length]);
  plugin.onFrameEnd = () => frames.push("end");
  const heard = collect(2, (listen) => {
    plugin.onreceive = (octets, text) => listen(text);
  });
  plugin.execLua(`
    function on_command(command)
      cloud.pluginSendFrameStart(7, #command)
      cloud.pluginSend(command)
      cloud.pluginSendFrameEnd()
    end
    cloud.pluginSend("ready")`);
  plugin.send("to the program");
  found.heard = await heard;
  plugin.execLua("error('thrown')");
  found.called = await plugin.callWait("return 6 * 7");
  found.callFailed = await reason(plugin.callWait("error('no', 0)"));
  found.endless = await reason(plugin.callWait("while true do end"));
  const ask = (text) => plugin.callWait(`
    local success, result = cloud.transactionWait("${text}", 5000)
    return tostring(success) .. " " .. result`);
  found.asked = [await ask("ping"), await ask("fail")];
  found.waited = await plugin.callWait("os.wait(20) return 'waited'");
  found.frames = frames;
  found.luaErrors = errors;
}

async function files(obniz, found) {
  obniz.storage.save("launch_img", [0, 1, 255]);
  found.file = await obniz.storage.readWait("launch_img");
  found.noFile = await obniz.storage.readWait("nowhere");
  const heard = collect(1, (listen) => {
    obniz.plugin.onreceive = (octets, text) => listen(text);
  });
  obniz.storage.savePluginLua('cloud.pluginSend("Hello from " .. os.getHW())');
  obniz.plugin.reloadLua();
  found.stored = await heard;
}

run(async () => {
  const found = {};
  const obniz = await open(withScreen);
  await screens(obniz, found);
  await tcp(obniz, found);
  await program(obniz, found);
  found.networks = await obniz.wifi.scanWait();
  found.complaints = obniz.complaints;
  obniz.close();

  const other = await open(withFiles);
  await files(other, found);
  found.otherComplaints = other.complaints;
  other.close();
  await sleep(50);
  return found;
});
