// Two programs, a board each: messages from one to the other; a stream that both programs of one board hear.
"use strict";

const { collect, open, run, sleep } = require("./common");

run(async () => {
  const sender = await open("1111-1111");
  const receiver = await open("2222-2222");
  const second = await open("2222-2222");

  const heard = collect(2, (each) => (receiver.onmessage = (data, from) => each([data, from])));
  const alsoHeard = collect(2, (each) => (second.onmessage = (data, from) => each([data, from])));
  sender.message("2222-2222", "pressed");
  sender.message(["2222-2222"], { n: [1, 2.5, null, "ä"] });
  const found = { heard: await heard, alsoHeard: await alsoHeard };

  const first = collect(3, (each) => receiver.io1.input(each));
  await receiver.pingWait();
  const other = collect(3, (each) => (second.io1.onchange = each));
  found.streams = [await first, await other];

  // A one-shot answer is the asker's alone.
  const strays = [];
  second.io2.onchange = (value) => strays.push(value);
  await receiver.io2.inputWait();
  await second.pingWait();
  await sleep(50);
  found.strays = strays;

  found.complaints = [...sender.complaints, ...receiver.complaints, ...second.complaints];
  await Promise.all([sender, receiver, second].map((obniz) => obniz.closeWait()));
  return found;
});
