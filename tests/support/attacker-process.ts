import { readFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Attack } from './attacker.ts';

// Many connections that do no good, in a process of its own so that it does not delay the measurements of the test. The
// attack is the only argument. It ends with the test.
const attack = JSON.parse(process.argv[2] ?? '{}') as Attack;
const { host, port, localAddress, count, first, drip, dripEveryMs = 100, reopen = false, opensPerS } = attack;
const firstBytes = Buffer.from(first ?? '', 'base64');
const afterAnswer = attack.thenFile === undefined ? undefined : readFileSync(attack.thenFile);
const dripBytes = Buffer.from(drip ?? '', 'base64');
const stats = { opened: 0, connected: 0, open: 0, longestOpenMs: 0 };
let left = attack.total ?? Infinity;
let tokens = opensPerS ?? Infinity;
let waiting = 0;

function open(): void {
  if (left <= 0) return;
  if (tokens < 1) {
    waiting++;
    return;
  }
  left--;
  tokens--;
  stats.opened++;
  const target = { host, port, ...(localAddress !== undefined && { localAddress }) };
  const socket: Socket =
    attack.tls === true ? connectTls({ ...target, rejectUnauthorized: false }) : connectTcp(target);
  let openedAtMs: number | undefined;
  let dripping: NodeJS.Timeout | undefined;
  socket.on('error', () => undefined);
  socket.resume();
  socket.once(attack.tls === true ? 'secureConnect' : 'connect', () => {
    openedAtMs = performance.now();
    stats.connected++;
    stats.open++;
    if (firstBytes.length > 0) socket.write(firstBytes);
    if (afterAnswer !== undefined) socket.once('data', () => socket.write(afterAnswer));
    if (attack.hangUp === true) socket.destroy();
    let next = 0;
    if (dripBytes.length > 0)
      dripping = setInterval(() => {
        const at = next++ % dripBytes.length;
        socket.write(dripBytes.subarray(at, at + 1));
      }, dripEveryMs);
  });
  socket.once('close', () => {
    clearInterval(dripping);
    if (openedAtMs !== undefined) {
      stats.open--;
      stats.longestOpenMs = Math.max(stats.longestOpenMs, performance.now() - openedAtMs);
    }
    if (reopen) setImmediate(open);
  });
}

setInterval(() => {
  if (opensPerS === undefined) return;
  tokens = Math.min(opensPerS, tokens + opensPerS / 10);
  for (; waiting > 0 && tokens >= 1; waiting--) open();
}, 100);
setInterval(() => process.stdout.write(`${JSON.stringify(stats)}\n`), 100);
process.stdin.resume();
process.stdin.on('end', () => process.exit());
// A few hundred at a time: the kernel's queue of one listener has an end.
for (let started = 0; started < count; started++) {
  open();
  if (started % 200 === 199) await new Promise((resolve) => setTimeout(resolve, 10));
}
