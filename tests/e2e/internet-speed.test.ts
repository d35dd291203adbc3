import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { internetSpeedKind } from '../../edge/collectors/internet-speed/internet-speed.ts';
import { hasOpenssl, TestAuthority } from '../../edge/protocols/tcp-tls/testing/certificates.ts';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { DEFAULT_LIMITS, type Ndt7Limits } from '../../simulators/devices/ndt7/limits.ts';
import { createNdt7Server, type Ndt7Server } from '../../simulators/devices/ndt7/ndt7-server.ts';

const MB = 1_000_000;
const signal = AbortSignal.timeout(300_000);
let directory: string;
let server: Ndt7Server | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-speed-'));
  mkdirSync(join(directory, 'net'));
  traffic(0n);
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(directory, { recursive: true, force: true });
});

/** What the kernel counts on the line, all in all. */
function traffic(bytes: bigint): void {
  const line = `ppp0: ${bytes} 0 0 0 0 0 0 0 ${bytes} 0 0 0 0 0 0 0`;
  writeFileSync(join(directory, 'net/dev'), `Inter-|\n face |\n${line}\n`);
}

async function serve(limits: Partial<Ndt7Limits>, tls?: { key: string; cert: string }): Promise<string> {
  server = createNdt7Server({
    host: '127.0.0.1',
    port: 0,
    limits: { ...DEFAULT_LIMITS, ...limits },
    clock: systemClock,
    log: silentLogger,
    ...(tls !== undefined && { tls }),
  });
  await server.start(signal);
  return server.url();
}

/** The collector as the agent makes it. */
function collectorOf(url: string, more: object = {}, clock: Clock = systemClock) {
  const config = internetSpeedKind.configSchema.parse({
    server: url,
    contractedDownloadMbps: 50,
    contractedUploadMbps: 25,
    interface: 'ppp0',
    procPath: directory,
    durationMs: 2_000,
    ...more,
  });
  return internetSpeedKind.create(config, {
    clock,
    log: silentLogger,
    commonTags: { host: 'gw-1' },
    dataDirectory: directory,
  });
}

function onlySample(samples: readonly Sample[]): Sample['fields'] {
  expect(samples).toHaveLength(1);
  const [sample] = samples;
  const definition = CATALOGUE.get('internet_speed');
  expect(sample?.measurement).toBe('internet_speed');
  expect(Object.keys(definition?.tags ?? {})).toEqual(
    expect.arrayContaining(Object.keys(sample?.tags ?? {})),
  );
  for (const [name, value] of Object.entries(sample?.fields ?? {})) {
    const field = definition?.fields[name];
    expect(field, name).toBeDefined();
    if (typeof value === 'number') {
      expect(value).toBeGreaterThanOrEqual(field?.min ?? -Infinity);
      expect(value).toBeLessThanOrEqual(field?.max ?? Infinity);
    }
  }
  return sample?.fields ?? {};
}

/** Seconds between idle probes, and the two-second look at the line, pass twenty times as fast. */
const hasty: Clock = {
  ...systemClock,
  sleep: (delayMs, stop) => systemClock.sleep(delayMs >= 1_000 ? delayMs / 20 : delayMs, stop),
};
const spentFile = () => join(directory, 'internet-speed-line.json');
const spent = (): { atMs: number; bytes: number }[] =>
  (JSON.parse(readFileSync(spentFile(), 'utf8')) as { spent: { atMs: number; bytes: number }[] }).spent;

describe('an ndt7 test over a line of 20 Mbit/s', () => {
  it('gives both speeds, delay with and without load, and what it cost', async () => {
    const url = await serve({ maxBitsPerSecond: 20 * MB });
    const { samples, errors } = await collectorOf(url).collect(signal);
    expect(errors).toEqual([]);
    expect(samples[0]?.tags).toEqual({ host: 'gw-1', source: url.replace('ws://', '') });
    const fields = onlySample(samples);
    expect(fields).toMatchObject({
      status: 'ok',
      result_code: 0,
      download_capped: false,
      upload_capped: false,
      contracted_download_mbps: 50,
      contracted_upload_mbps: 25,
    });
    for (const direction of ['download', 'upload']) {
      const mbps = Number(fields[direction]);
      expect(Math.abs(mbps - 20)).toBeLessThan(2);
      // 2 s of 20 Mbit/s are 5 MB; an upload may have more on its way when it ends.
      expect(Number(fields[`${direction}_bytes`])).toBeGreaterThan(4 * MB);
    }
    expect(fields['download_share_pct']).toBeCloseTo(2 * Number(fields['download']), 6);
    expect(fields['latency']).toBeGreaterThan(0);
    expect(fields['rtt_loaded_ms']).toBeGreaterThan(0);
    // Four handshakes a second, and in the download as many pings, of 1.5 s on the full line.
    expect(fields['rpm']).toBeGreaterThan(0);
    expect(fields['rpm_probes']).toBeGreaterThanOrEqual(3);
    expect(fields['rpm_probes']).toBeLessThanOrEqual(14);
    expect([0, 1, 2]).toContain(fields['rpm_confidence']);
    expect(spent().map(({ bytes }) => bytes)).toEqual([
      Number(fields['download_bytes']) + Number(fields['upload_bytes']),
    ]);
    await expect.poll(() => server?.counts()).toMatchObject({ active: 0, tests: 2, refused: 0 });
  });

  it('ends early at its bytes, and says so', async () => {
    const url = await serve({ maxBitsPerSecond: 20 * MB });
    const { samples } = await collectorOf(url, { budget: { bytesPerTest: 4 * MB } }, hasty).collect(signal);
    const fields = onlySample(samples);
    expect(fields).toMatchObject({ status: 'ok', download_capped: true, upload_capped: true });
    expect(Number(fields['download_bytes']) + Number(fields['upload_bytes'])).toBeLessThan(5 * MB);
    expect(Math.abs(Number(fields['download']) - 20)).toBeLessThan(3);
  });

  it.runIf(hasOpenssl)('is made over TLS, with an authority of our own', async () => {
    const authority = new TestAuthority();
    try {
      const url = await serve({ maxBitsPerSecond: 20 * MB }, authority.issue('IP:127.0.0.1'));
      expect(url).toMatch(/^wss:/);
      const trusted = await collectorOf(url, { caFile: authority.caFile, line: 'trusted' }, hasty).collect(
        signal,
      );
      const fields = onlySample(trusted.samples);
      expect(fields).toMatchObject({ status: 'ok' });
      expect(Math.abs(Number(fields['download']) - 20)).toBeLessThan(2);
      const { samples, errors } = await collectorOf(url, {}, hasty).collect(signal);
      expect(onlySample(samples)).toMatchObject({ status: 'failed', result_code: 2 });
      expect(errors[0]?.message).toMatch(/^internet_speed wss:.* download: .*certificate/);
    } finally {
      authority.remove();
    }
  });
});

describe('the probing budget', () => {
  it('is written down before a test, kept through a restart, and spaces the tests', async () => {
    const url = await serve({ maxBitsPerSecond: 20 * MB });
    let nowMs = Date.now();
    const clock: Clock = { ...hasty, now: () => nowMs };
    const running = collectorOf(url, {}, clock).collect(signal);
    await expect.poll(() => server?.counts().active).toBe(1);
    expect(spent()).toEqual([{ atMs: nowMs, bytes: 100 * MB }]);
    expect(onlySample((await running).samples)).toMatchObject({ status: 'ok' });
    expect(spent()[0]?.bytes).toBeLessThan(30 * MB);

    nowMs += 3_600_000;
    expect(await collectorOf(url, {}, clock).collect(signal)).toEqual({ samples: [], errors: [] });
    nowMs += 10 * 3_600_000;
    expect(onlySample((await collectorOf(url, {}, clock).collect(signal)).samples)).toMatchObject({
      status: 'ok',
    });
    nowMs += 12 * 3_600_000;
    expect((await collectorOf(url, {}, clock).collect(signal)).samples).toEqual([]);
  });

  it('that is used up ends the tests, and says so', async () => {
    writeFileSync(
      spentFile(),
      JSON.stringify({ v: 1, spent: [{ atMs: Date.now() - 5 * 86_400_000, bytes: 5_950 * MB }] }),
    );
    const { samples, errors } = await collectorOf('ws://127.0.0.1:9').collect(signal);
    expect(errors).toEqual([]);
    expect(onlySample(samples)).toEqual({
      status: 'budget',
      result_code: 5,
      reason: 'one more test would make 6050 MB in 30 days, allowed are 6000',
    });
  });

  it('that is not known, for its file is damaged, lets the next test wait', async () => {
    writeFileSync(spentFile(), '{"v":1,"spent":[{"atMs":1');
    expect((await collectorOf('ws://127.0.0.1:9').collect(signal)).samples).toEqual([]);
    expect(spent()).toMatchObject([{ bytes: 0 }]);
  });

  it('that cannot be kept allows no test', async () => {
    const url = await serve({});
    mkdirSync(spentFile());
    await expect(collectorOf(url, {}, hasty).collect(signal)).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(server?.counts().tests).toBe(0);
  });
});

describe('no test is made', () => {
  it('on a line that its users need', async () => {
    const url = await serve({});
    // 10 MB within 2 s are 40 Mbit/s of the 50.
    const clock: Clock = {
      ...hasty,
      monotonicMs: () => 0,
      sleep: async (delayMs) => {
        if (delayMs === 2_000) {
          traffic(10_000_000n);
          clockMs = 2_000;
        }
      },
    };
    let clockMs = 0;
    const { samples } = await collectorOf(
      url,
      { contractedUploadMbps: 50 },
      { ...clock, monotonicMs: () => clockMs },
    ).collect(signal);
    expect(onlySample(samples)).toEqual({ status: 'busy', result_code: 4, reason: 'the line is 80 % busy' });
    expect(server?.counts().tests).toBe(0);
  });

  it('when nobody can tell how busy the line is', async () => {
    const url = await serve({});
    const noInterface = collectorOf(url, { interface: 'ppp7' }, hasty);
    await expect(noInterface.collect(signal)).rejects.toThrow('has no interface "ppp7"');
    expect(server?.counts().tests).toBe(0);
  });
});

describe('an outage', () => {
  it('is an outage: no speed, no delay, not zero', async () => {
    const { samples, errors } = await collectorOf('wss://speed.nowhere.invalid', {}, hasty).collect(signal);
    expect(errors).toEqual([]);
    expect(onlySample(samples)).toEqual({
      status: 'outage',
      result_code: 1,
      reason: expect.stringContaining('speed.nowhere.invalid') as string,
    });
  });

  it('is none of the line when somebody else answers on it', async () => {
    const url = await serve({});
    const witnesses = [url.replace('ws://', '')];
    const { samples, errors } = await collectorOf(
      'wss://speed.nowhere.invalid',
      { witnesses },
      hasty,
    ).collect(signal);
    expect(onlySample(samples)).toMatchObject({ status: 'failed', result_code: 2 });
    expect(errors[0]?.message).toMatch(
      /^internet_speed wss:\/\/speed\.nowhere\.invalid: .*, but the line works$/,
    );
  });
});

describe('the ndt7 server', () => {
  it('has room for so many clients', async () => {
    const url = await serve({ maxClients: 1, maxBitsPerSecond: 20 * MB });
    const first = collectorOf(url, { line: 'first', durationMs: 3_000 }, hasty).collect(signal);
    await expect.poll(() => server?.counts().active).toBe(1);
    const second = await collectorOf(url, { line: 'second' }, hasty).collect(signal);
    expect(onlySample(second.samples)).toMatchObject({
      status: 'failed',
      reason: 'download: Unexpected server response: 503; upload: not tried',
    });
    expect(onlySample((await first).samples)).toMatchObject({ status: 'ok' });
  });

  it('gives so many bytes', async () => {
    const url = await serve({ maxTestBytes: 2 * MB, maxBitsPerSecond: 20 * MB });
    const { samples } = await collectorOf(url, {}, hasty).collect(signal);
    const fields = onlySample(samples);
    expect(fields).toMatchObject({ status: 'ok' });
    expect(Number(fields['download_bytes'])).toBeLessThan(2.2 * MB);
    for (const direction of ['download', 'upload']) {
      expect(Math.abs(Number(fields[direction]) - 20), direction).toBeLessThan(5);
    }
  });

  it('ends a test after its time, whatever the client does', async () => {
    const url = await serve({ maxTestMs: 1_000, maxBitsPerSecond: 20 * MB });
    const { samples, errors } = await collectorOf(url, {}, hasty).collect(signal);
    expect(onlySample(samples)).toMatchObject({ status: 'failed' });
    expect(errors[0]?.message).toMatch(/the connection closed after \d+ ms/);
  });
});
