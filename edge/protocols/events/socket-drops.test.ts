import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseSocketDrops, SocketDrops } from './socket-drops.ts';

const HEAD =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
const line = (local: string, drops: number): string =>
  `  345: ${local} 00000000:0000 07 00000000:00000000 00:00000000 00000000   998        0 27213 2 0000000000000000 ${drops}`;
const UDP = [HEAD, line('00000000:0202', 17), line('0101A8C0:0202', 5), line('00000000:00A2', 3), ''].join(
  '\n',
);

it.each([
  ['0.0.0.0', 514, 17],
  ['192.168.1.1', 514, 5],
  ['0.0.0.0', 162, 3],
  ['0.0.0.0', 6_514, 0],
  ['nowhere', 514, 0],
])('of %s port %d are those of that socket alone', (address, port, drops) => {
  expect(parseSocketDrops(UDP, { address, port }, 'LE')).toBe(drops);
});

it('are found on processors of either byte order, and over IPv6', () => {
  const at = { address: '192.168.1.1', port: 514 };
  expect(parseSocketDrops([HEAD, line('C0A80101:0202', 5)].join('\n'), at, 'BE')).toBe(5);
  const six = [HEAD, line('00000000000000000000000001000000:0202', 9)].join('\n');
  expect(parseSocketDrops(six, { address: '::1', port: 514 }, 'LE')).toBe(9);
});

it('are none in rubbish, which is read to its end', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => {
      expect(parseSocketDrops(text, { address: '0.0.0.0', port: 514 })).toBe(0);
    }),
    { numRuns: 500 },
  );
});

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'wardwatch-udp-'))));
afterEach(() => rmSync(directory, { recursive: true }));

it('are told once each, and none where the kernel tells nothing', async () => {
  const drops = new SocketDrops(directory);
  const bound = { address: '127.0.0.1', port: 514 };
  const local =
    parseSocketDrops([HEAD, line('0100007F:0202', 1)].join('\n'), bound) === 1 ? '0100007F' : '7F000001';
  const write = (count: number): void =>
    writeFileSync(join(directory, 'udp'), [HEAD, line(`${local}:0202`, count)].join('\n'));
  expect(await drops.takeNew(bound)).toBe(0);
  write(12);
  expect(await drops.takeNew(bound)).toBe(12);
  expect(await drops.takeNew(bound)).toBe(0);
  write(15);
  expect(await drops.takeNew(bound)).toBe(3);
  // A socket that was opened anew begins again.
  write(2);
  expect(await drops.takeNew(bound)).toBe(0);
  write(4);
  expect(await drops.takeNew(bound)).toBe(2);
});
