// Loaded before a program under test (`node --import`): see shifted-clock.ts.
import { readFileSync } from 'node:fs';

const READ_EVERY_MS = 20;
const file = process.env.WARDWATCH_TEST_CLOCK_FILE ?? '';
const RealDate = Date;
const realNow = Date.now;
let offsetMs = 0;
let readAtMs = -Infinity;

function now() {
  const atMs = performance.now();
  if (atMs - readAtMs >= READ_EVERY_MS) {
    offsetMs = Number(readFileSync(file, 'utf8'));
    readAtMs = atMs;
  }
  return realNow() + offsetMs;
}

globalThis.Date = new Proxy(RealDate, {
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
});
