import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Collector } from '../../edge/collectors/collector.ts';
import {
  startModem,
  type ModemBehaviour,
  type SimulatedModem,
} from '../../simulators/devices/modem/modem.ts';
import { onNr } from '../../simulators/devices/modem/modem-state.ts';
import { startCellular, taken, temporaryDirectory } from '../support/cellular.ts';
import { describeWith, requirePart } from '../support/parts.ts';

const QENG = 'AT+QENG="servingcell"';
/** Only what the modem says of its cell. */
const forCell = (mangle: (answer: string) => string): ModemBehaviour => ({
  mangle: (answer, command) => (command === QENG ? mangle(answer) : answer),
});

describeWith(['socat'], 'rubbish from a modem on a terminal', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let fine: SimulatedModem;
  let bad: SimulatedModem;
  let collector: Collector;

  beforeEach(async () => {
    directory = temporaryDirectory();
    const start = (name: string) =>
      startModem({ socat: requirePart('socat'), path: join(directory.path, name), replies: onNr() });
    fine = await start('fine');
    bad = await start('bad');
    collector = startCellular([
      { device: 'fine', source: 'at', port: fine.path },
      { device: 'bad', source: 'at', port: bad.path },
    ]);
  });
  afterEach(async () => {
    await collector.close();
    await fine.close();
    await bad.close();
    directory.remove();
  });

  /** One run, in which the other modem notices nothing. */
  async function run(withinMs = 10_000) {
    const startMs = performance.now();
    const before = fine.commands.length;
    const { samples, errors } = await collector.collect(AbortSignal.timeout(withinMs));
    const tookMs = performance.now() - startMs;
    taken(samples);
    const messages = errors.map((error) => error.message);
    for (const message of messages) expect(message).toContain(`cellular bad (${bad.path}): `);
    const of = (device: string) => samples.filter(({ tags }) => tags['device'] === device);
    expect(fine.commands.slice(before)).toContain(QENG);
    return { messages, tookMs, bad: of('bad')[0] };
  }

  it('an echo, and what a modem says unasked in between, changes nothing', async () => {
    bad.behave({
      echo: true,
      mangle: (answer) =>
        answer.replace('\r\n', '\r\n+CEREG: 1\r\nRING\r\n+QIND: "csq",22,99\r\n^MODE: 17\r\n'),
    });
    const { messages, bad: sample } = await run();
    expect(messages).toEqual([]);
    expect(sample?.fields['rsrp_dbm']).toBe(-84);
  });

  it('an answer that comes byte by byte is one answer', async () => {
    bad.behave({
      mangle: (answer) => {
        for (const byte of answer) bad.send(byte);
        return '';
      },
    });
    const { messages, bad: sample } = await run();
    expect(messages).toEqual([]);
    expect(sample?.fields['rsrp_dbm']).toBe(-84);
  });

  it('an OK that nobody asked for does not hide what kind of modem it is', async () => {
    bad.behave({ mangle: (answer, command) => (command === 'ATE0' ? `${answer}\r\nOK\r\n` : answer) });
    const { messages, bad: sample } = await run();
    expect(messages).toEqual([]);
    expect(sample?.fields['rsrp_dbm']).toBe(-84);
  });

  it.each<[string, ModemBehaviour, RegExp]>([
    ['a modem that says nothing', { isDead: true }, /ATE0: no answer within 3000 ms/],
    ['half a line and then silence', forCell((answer) => answer.slice(0, 30)), /no answer within 3000 ms/],
    [
      'half the fields',
      forCell(() => '\r\n+QENG: "servingcell","NOCONN","NR5G-SA","TDD",452\r\n\r\nOK\r\n'),
      /NR5G-SA with 2 fields, expected 12/,
    ],
    [
      'an answer to another command',
      forCell(() => '\r\n+CSQ: 31,99\r\n\r\nOK\r\n'),
      /AT\+QENG="servingcell": no \+QENG line/,
    ],
    ['a refusal', forCell(() => '\r\n+CME ERROR: 14\r\n'), /AT\+QENG="servingcell": \+CME ERROR: 14/],
    [
      'a refusal full of noise',
      forCell(() => '\r\n+CME ERROR: \x01\x02\xff' + 'x'.repeat(500) + '\r\n'),
      /\+CME ERROR: \?\?\?x{20,66}$/,
    ],
    ['a line without an end', forCell(() => 'x'.repeat(200_000)), /a line of more than 4096 bytes/],
    [
      'a megabyte of lines',
      forCell(() => '+QENG: "x"\r\n'.repeat(90_000)),
      /more than 65536 bytes of answer/,
    ],
    [
      'noise',
      forCell(() =>
        randomBytes(3_000)
          .toString('latin1')
          .replace(/[\r\n]/g, ' '),
      ),
      /no answer within 3000 ms/,
    ],
    [
      'a level that no network has',
      forCell((answer) => answer.replace('-84', '-999')),
      /rsrp_dbm: expected -156 to -31, got -999/,
    ],
  ])('%s is an error that names the modem', async (_what, behaviour, message) => {
    bad.behave(behaviour);
    const heapBefore = process.memoryUsage().heapUsed;
    const { messages, tookMs } = await run();
    expect(messages).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
    expect(tookMs).toBeLessThan(8_000);
    expect((process.memoryUsage().heapUsed - heapBefore) / 2 ** 20).toBeLessThan(64);
  });

  it('−32768 and - are not values', async () => {
    bad.behave(forCell((answer) => answer.replace('-84,-11,18', '-32768,-,-32768')));
    const { messages, bad: sample } = await run();
    expect(messages).toEqual([]);
    expect(Object.keys(sample?.fields ?? {}).filter((name) => /rsr|sinr/.test(name))).toEqual([]);
    expect(sample?.fields).toMatchObject({ pci: 538, registered: true });
  });

  it('a modem slower than a second is read every other second, without a complaint', async () => {
    await run();
    bad.behave({ lagMs: 1_200 });
    const seconds = [];
    for (let second = 0; second < 4; second++) {
      const { samples, errors } = await collector.collect(AbortSignal.timeout(1_000));
      expect(errors).toEqual([]);
      seconds.push(samples.some(({ tags }) => tags['device'] === 'bad'));
    }
    expect(seconds).toContain(true);
    expect(seconds).toContain(false);
  });

  it('a port that is no terminal, and one that another program holds, are told as such', async () => {
    await run();
    const file = join(directory.path, 'file');
    writeFileSync(file, '');
    for (const [port, why] of [
      [file, /cellular odd \(.*file\): .*(ioctl|terminal|device|settings)/i],
      [fine.path, /cellular odd \(.*fine\): in use by another program/],
    ] as const) {
      const other = startCellular([{ device: 'odd', source: 'at', port }]);
      await expect(other.collect(AbortSignal.timeout(5_000))).rejects.toThrow(why);
      await other.close();
    }
    await run();
  });

  it('whatever bytes come: no crash, and what is told is in range', async () => {
    await run();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ maxLength: 30 }), fc.nat(12), async (at, put, cut) => {
        bad.behave(
          forCell((answer) => {
            const start = at % (answer.length - 6); // its end stays, so that nobody waits for it
            const noise = Buffer.from(put).toString('latin1');
            return `${answer.slice(0, start)}${noise}${answer.slice(Math.min(start + cut, answer.length - 6))}\r\nOK\r\n`;
          }),
        );
        const { samples, errors } = await collector.collect(AbortSignal.timeout(10_000));
        taken(samples);
        for (const { message } of errors) expect(message).toContain('cellular bad');
      }),
      { numRuns: 60 },
    );
  });
});
