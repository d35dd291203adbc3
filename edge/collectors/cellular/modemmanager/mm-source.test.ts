import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import type { ProgramResult } from '../../../protocols/system/run-program.ts';
import { MmSource } from './mm-source.ts';

const read = (name: string) => readFileSync(new URL(`testdata/${name}`, import.meta.url), 'utf8');
const printed = (stdout: string): ProgramResult => ({ error: null, stdout, stderr: '' });
const failed = (stderr: string, rest: object = { code: 1 }): ProgramResult => ({
  error: Object.assign(new Error('failed'), rest),
  stdout: '',
  stderr,
});
const signal = new AbortController().signal;

const SA: Readonly<Record<string, ProgramResult>> = {
  '-L': printed(read('list.json')),
  info: printed(read('modem-sa.json')),
  '--signal-get': printed(read('signal-sa.json')),
  '--get-cell-info': printed(read('cell-info-nsa.json')),
  '--location-get': printed(read('location-fix.json')),
};

/** A source over these answers, by what is asked; anything else succeeds without a word. */
function open(
  answers: Readonly<Record<string, ProgramResult>>,
  options: { modem?: string; gnss?: boolean } = {},
) {
  const asked: string[] = [];
  const replies = { ...answers };
  const clock = new ManualClock();
  const source = new MmSource(
    { modem: options.modem, refreshS: 5, wantsPosition: options.gnss ?? false },
    {
      clock,
      run: async (args) => {
        const what = args
          .filter((arg) => arg !== '-J' && arg !== '-m' && !/Modem\/|^\d+$/.test(arg))
          .join(' ');
        asked.push(what === '' ? 'info' : what);
        return replies[what === '' ? 'info' : what] ?? printed('');
      },
    },
  );
  return { source, asked, clock, replies };
}

async function readNow(source: MmSource) {
  const reading = await source.read(signal);
  if (reading === undefined) throw new Error('nothing was due');
  return reading;
}

describe('a modem of ModemManager', () => {
  it('is found, and asked no more often than its answers change', async () => {
    const { source, asked, clock } = open(SA);
    let states = 0;
    for (let second = 0; second < 60; second++) {
      const reading = await source.read(signal);
      expect(reading?.problems ?? []).toEqual([]);
      if (reading?.state !== undefined) states++;
      await clock.advance(1_000);
    }
    expect(states).toBe(12);
    const times = (what: string) => asked.filter((text) => text === what).length;
    expect([times('-L'), times('info'), times('--signal-get'), times('--get-cell-info')]).toEqual([
      1, 6, 12, 2,
    ]);
    expect(times('--signal-setup=5')).toBe(0); // somebody polls at that pace already
  });

  it('has its polling set up where nobody did', async () => {
    const { source, asked } = open({ ...SA, '--signal-get': printed(read('signal-not-set-up.json')) });
    await source.read(signal);
    expect(asked).toContain('--signal-setup=5');
  });

  it('without the right to do so: the right is named, the rest is read, and the question not repeated each time', async () => {
    const { source, asked, clock } = open({
      ...SA,
      '--signal-get': printed(read('signal-not-set-up.json')),
      '--signal-setup=5': failed(read('setup-unauthorized.txt')),
    });
    const { state, problems } = await readNow(source);
    expect(problems).toEqual([
      expect.stringMatching(
        /--signal-setup=5: not allowed: the agent’s user lacks the polkit right org\.freedesktop\.ModemManager1\.Device\.Control$/,
      ),
    ]);
    expect(state).toMatchObject({ registered: true, fields: {} });
    await clock.advance(1_000);
    expect(await source.read(signal)).toBeUndefined(); // nothing is due
    await clock.advance(4_000);
    expect((await readNow(source)).problems).toEqual(problems);
    expect(asked.filter((what) => what === '--signal-setup=5')).toHaveLength(1);
  });

  it('that cannot tell cells is not blamed for it', async () => {
    const { source } = open({ ...SA, '--get-cell-info': failed(read('cell-info-unsupported.txt')) });
    expect((await readNow(source)).problems).toEqual([]);
  });

  it('says where it is when it is asked to', async () => {
    const { source, asked } = open(SA, { gnss: true });
    expect((await readNow(source)).state?.position).toEqual({ latitude: 10.77689, longitude: 106.70081 });
    expect(asked).toContain('--location-enable-gps-raw');
  });

  it('that refuses GNSS while it comes up is asked to switch it on again', async () => {
    const refused = failed(read('no-such-modem.txt'));
    const { source, clock, replies } = open({ ...SA, '--location-enable-gps-raw': refused }, { gnss: true });
    const first = await readNow(source);
    expect(first.state?.position).toBeUndefined();
    expect(first.problems).not.toEqual([]);
    Object.assign(replies, { '--location-enable-gps-raw': printed('') });
    await clock.advance(10_000);
    expect((await readNow(source)).state?.position).toEqual({ latitude: 10.77689, longitude: 106.70081 });
  });

  it('that is gone is looked for again when it is back, with a new number', async () => {
    const { source, asked, clock, replies } = open(SA);
    await source.read(signal);
    replies['info'] = replies['--signal-get'] = failed(read('no-such-modem.txt'));
    await clock.advance(5_000);
    expect((await readNow(source)).problems).toEqual(['ModemManager has no such modem']);
    Object.assign(replies, SA);
    await clock.advance(5_000);
    expect((await readNow(source)).state?.rat).toBe('nr');
    expect(asked.filter((what) => what === '-L')).toHaveLength(2);
  });

  it.each<[string, Record<string, ProgramResult>, RegExp]>([
    ['no SIM', { info: printed(read('modem-failed.json')) }, /^the modem is failed \(sim-missing\)$/],
    [
      'no mmcli',
      { '-L': failed('', { code: 'ENOENT' }) },
      /^mmcli is not installed \(package modemmanager\)$/,
    ],
    ['no ModemManager', { '-L': failed(read('no-modem-manager.txt')) }, /^ModemManager is not running/],
    ['no modem', { '-L': printed('{"modem-list":[]}') }, /^ModemManager has no modem$/],
    [
      'two modems',
      { '-L': printed('{"modem-list":["/M/0","/M/3"]}') },
      /^ModemManager has 2 modems \(0, 3\): say which/,
    ],
    ['garbage', { '--signal-get': printed('\u0000\u0001not json') }, /^printed something that is not JSON$/],
    [
      'half an answer',
      { info: printed(read('modem-sa.json').slice(0, 300)) },
      /^printed something that is not JSON$/,
    ],
    ['a list', { info: printed('[1,2]') }, /not JSON/],
    ['no end', { info: failed('', { killed: true, code: null }) }, /^mmcli -m .*: did not end in time$/],
    [
      'too much',
      { info: failed('', { code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' }) },
      /printed more than can be an answer$/,
    ],
    ['a crash', { info: failed('', { code: 134 }) }, /: failed without a message$/],
    [
      'an IMEI in an error',
      { info: failed("error: device 490154203237518 is 'odd'\n\u0007more") },
      /: error: device … is 'odd'$/,
    ],
  ])('%s is a problem in plain words', async (_what, answers, problem) => {
    const { source } = open({ ...SA, ...answers });
    const { state, problems } = await readNow(source);
    expect(state).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });
});
