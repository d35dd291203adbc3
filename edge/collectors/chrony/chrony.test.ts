import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { ProgramResult } from '../../protocols/system/run-program.ts';
import { createChronyCollector } from './chrony.ts';
import { parseTracking } from './tracking.ts';

const signal = new AbortController().signal;
const said = (stdout: string): ProgramResult => ({ error: null, stdout, stderr: '' });
const failed = (code: string | number, stdout = ''): ProgramResult => ({
  error: Object.assign(new Error('failed'), { code }),
  stdout,
  stderr: '',
});

/** Printed by chronyc 4.3, whose text for the same was "0.000001538 seconds fast of NTP time", "0.028 ppm fast". */
const FAST =
  '7F000001,127.0.0.1,6,1795529866.086603197,-0.000001538,0.000000003,0.000000102,0.028,0.000,0.280,0.000004464,0.000001129,0.5,Normal\n';
const UNSYNCHRONISED =
  '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised\n';
const OWN_CLOCK =
  '7F7F0101,,5,1795529862.691500579,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,0.000000000,0.000000000,0.0,Normal\n';

const collect = async (chrony: ProgramResult, timedatectl?: ProgramResult) => {
  const deps = { clock: new ManualClock(), log: silentLogger, commonTags: { host: 'h1' } };
  return createChronyCollector(async () => ({ chrony, timedatectl }), deps).collect(signal);
};
const only = async (chrony: ProgramResult, timedatectl?: ProgramResult) => {
  const { samples, errors } = await collect(chrony, timedatectl);
  expect({ errors, count: samples.length }).toEqual({ errors: [], count: 1 });
  return { tags: samples[0]?.tags, fields: samples[0]?.fields };
};

describe('the clock of this machine', () => {
  it('has Telegraf’s sign: above zero is fast', async () => {
    expect(await only(said(FAST))).toEqual({
      tags: { host: 'h1', reference_id: '127.0.0.1', stratum: '6', leap_status: 'normal' },
      fields: {
        synchronised: true,
        system_time: 0.000001538,
        last_offset: 3e-9,
        rms_offset: 1.02e-7,
        frequency: 0.028,
        residual_freq: 0,
        skew: 0.28,
        root_delay: 0.000004464,
        root_dispersion: 0.000001129,
        update_interval: 0.5,
      },
    });
  });

  it('without a source has no figures, which would say that all is well', async () => {
    expect(await only(said(UNSYNCHRONISED))).toEqual({
      tags: { host: 'h1', reference_id: '00000000', stratum: '0', leap_status: 'not synchronised' },
      fields: { synchronised: false },
    });
    expect((await only(said(OWN_CLOCK))).fields).toEqual({ synchronised: false });
  });

  it('is asked of systemd where there is no chrony', async () => {
    const from = { tags: { host: 'h1', source: 'timedatectl' } };
    expect(await only(failed('ENOENT'), said('yes\n'))).toEqual({ ...from, fields: { synchronised: true } });
    expect(await only(failed('ENOENT'), said('no\n'))).toEqual({ ...from, fields: { synchronised: false } });
  });

  it('is nobody’s concern where neither is there', async () => {
    expect(await collect(failed('ENOENT'), failed('ENOENT'))).toEqual({ samples: [], errors: [] });
    expect(await collect(failed('ENOENT'), failed(1))).toEqual({ samples: [], errors: [] });
  });

  it('is an error where chrony is installed and does not answer', async () => {
    await expect(collect(failed(1, '506 Cannot talk to daemon\n'), failed('ENOENT'))).rejects.toThrow(
      'chrony: expected the tracking report of chronyd, got "506 Cannot talk to daemon"',
    );
    await expect(collect(said('a,b,c'), said('perhaps'))).rejects.toThrow('got "a,b,c"');
  });

  it('has no figures from invalid input', () => {
    const columns = FAST.trim().split(',');
    expect(parseTracking(columns.slice(0, -1).join())).toBeUndefined();
    expect(parseTracking([...columns, 'more'].join())).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(13), fc.string({ unit: 'binary' }), (at, rubbish) => {
        const parsed = parseTracking(columns.with(at, rubbish).join());
        for (const value of Object.values(parsed?.fields ?? {})) expect(value).toSatisfy(Number.isFinite);
        if (parsed !== undefined) expect(parsed.referenceId.length).toBeLessThanOrEqual(128);
      }),
    );
  });
});
