// One program that has wired pins of its board to each other: what it drives on one side, it reads on the other.
"use strict";

const { collect, more, open, run, sleep } = require("./common");

run(async () => {
  const obniz = await open(more[0]);
  const found = {};

  // io0 and io8 are one line: a quarter of each millisecond high.
  const pwm = obniz.getFreePwm();
  pwm.start({ io: 0 });
  pwm.freq(1000);
  pwm.duty(25);
  const bits = await new Promise((resolve) => {
    obniz.logicAnalyzer.start({ io: 8, interval: 0.05, duration: 100 });
    obniz.logicAnalyzer.onmeasured = resolve;
  });
  obniz.logicAnalyzer.end();
  found.duty = bits.filter((bit) => bit).length / bits.length;

  // A remote control's burst. No trigger: in binary frames this client always sends its level as low.
  pwm.freq(38000);
  pwm.pulse(0);
  const burst = new Promise((resolve) => {
    obniz.logicAnalyzer.start({ io: 8, interval: 0.005, duration: 4 });
    obniz.logicAnalyzer.onmeasured = resolve;
  });
  pwm.modulate("am", 1, [1, 0, 1]);
  const sampled = await burst;
  found.burst = [0, 1, 2, 3].map((ms) => sampled.slice(ms * 200, (ms + 1) * 200).filter((bit) => bit).length / 200);
  obniz.logicAnalyzer.end();
  pwm.end();

  // Every step of an animation is heard on the other side, in order.
  const edges = collect(21, (each) => obniz.io8.input(each));
  obniz.io.animation("blink", "loop", [
    { duration: 10, state: () => obniz.io0.output(true) },
    { duration: 10, state: () => obniz.io0.output(false) },
  ]);
  found.edges = await edges;
  obniz.io.animation("blink", "pause");
  obniz.io8.end();
  obniz.io0.end();

  // A pulse of half a millisecond measured at the other end of its wire.
  found.wire = await new Promise((resolve) =>
    obniz.measure.echo({
      io_pulse: 2,
      io_echo: 9,
      pulse: "positive",
      pulse_width: 0.5,
      measure_edges: 1,
      timeout: 20,
      callback: resolve,
    }),
  );

  const motor = obniz.wired("StepperMotor", { a: 4, b: 5, aa: 6, bb: 7 });
  await motor.stepWait(20);
  found.steps = motor.currentStep;
  found.complaints = obniz.complaints.splice(0);

  // Two outputs against each other, which is what complaints are for.
  obniz.io0.output(true);
  obniz.io8.output(false);
  await obniz.pingWait();
  await sleep(100);
  found.fight = obniz.complaints;
  await obniz.closeWait();
  return found;
});
