import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from '../../central/api/testing/api-harness.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import { anonymised } from '../../rehearsal/recording/anonymise.ts';
import { recordedCity } from '../../rehearsal/recording/recorded-city.ts';
import { readRecording, writeRecording } from '../../rehearsal/recording/recording-file.ts';
import type { Recording } from '../../rehearsal/recording/recording.ts';
import { runRecording } from '../../rehearsal/recording/run-recording.ts';
import { readCity, type Ask } from './read-city.ts';

const MINUTE_MS = 60_000;
const BEAT_MS = 10_000;
const FROM_MS = Date.UTC(2026, 10, 24, 3);
const LENGTH_MS = 22 * MINUTE_MS;
const SITE = 'site-25747-02';
const SHIPPED = { catalogue: CATALOGUE, rules: new Set(['device_down']) };
const SECRET = 'so-dien-thoai-0901';

let directory: string;
let recording: Recording;
let named: Recording;

/** A ward whose switch restarts, as central's API tells of it. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recording-'));
  const built = buildCity({
    ...{ seed: 3, unitCount: 1, interfacesPerNode: 2, intervalMs: BEAT_MS },
    faults: () => [
      {
        kind: 'node_reboot',
        target: SITE,
        fromMs: FROM_MS + 13 * MINUTE_MS,
        toMs: FROM_MS + 17 * MINUTE_MS,
      },
    ],
  });
  const inventory = {
    ...built.inventory,
    sites: built.inventory.sites.map((site) => ({ ...site, contact: SECRET })),
  };
  const city = await ApiHarness.open({
    ...{ inventory, timeZone: 'Asia/Ho_Chi_Minh', startMs: FROM_MS, waitsItself: true },
  });
  try {
    for (let timeMs = FROM_MS; timeMs < FROM_MS + LENGTH_MS; timeMs += BEAT_MS) {
      for (const { id } of inventory.agents) city.receive(id, built.samplesAt(id, timeMs) ?? []);
      await city.tick(BEAT_MS);
    }
    await stored(city);
    const ask: Ask = async (path, schema) => {
      const { status, json, text } = await city.call('GET', `/api/v1${path}`, { token: city.tokens.viewer });
      if (status !== 200) throw new Error(`${path}: ${text}`);
      return schema.parse(json);
    };
    const span = { fromMs: FROM_MS, toMs: FROM_MS + LENGTH_MS };
    named = await readCity(ask, inventory, span, () => undefined);
    recording = anonymised(named, SHIPPED);
  } finally {
    await city.close();
  }
}, 180_000);

/** Its store works in real time. */
async function stored(city: ApiHarness): Promise<void> {
  while (city.parts.ingest.stats().bufferBatches > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    await city.tick(1);
  }
}

afterAll(() => rmSync(directory, { recursive: true }));

describe('a recording of a running city', () => {
  it('has what every agent measured, and the incident that came of it', () => {
    expect([...named.samples.keys()].sort()).toEqual(named.inventory.agents.map(({ id }) => id).sort());
    expect(named.incidents.flatMap(({ root }) => root ?? [])).toEqual(['device:n-25747-02']);
  });

  it('leads to the same incident when it is rehearsed from its file, and to no other', async () => {
    const file = join(directory, 'ward.recording.gz');
    writeRecording(file, recording);
    const read = readRecording(file);
    expect(read).toEqual(recording);
    const { compared, further } = await runRecording(read);
    const rooted = compared.filter(({ before }) => before.root !== undefined);
    expect(rooted.map(({ before }) => before.rule)).toEqual(['device_down']);
    expect(rooted[0]?.before.root).toMatch(/^device:node-\d{4}$/);
    expect(Math.abs(rooted[0]?.againAfterMs ?? Infinity)).toBeLessThanOrEqual(MINUTE_MS);
    expect(further.map(({ root, rule }) => [root, rule])).toEqual([]);
  }, 60_000);

  it('says nothing of names, contacts, places and texts', () => {
    const file = join(directory, 'names.recording.gz');
    writeRecording(file, recording);
    const text = gunzipSync(readFileSync(file)).toString();
    const { sites, agents, devices, units, links, services, agencies, pools } = named.inventory;
    // `city` is a kind of site as well.
    const told = [sites, agents, devices, links, services, agencies, pools]
      .flat()
      .flatMap(({ id }) => (id === 'city' ? [] : [`"${id}"`]));
    const names = [...sites, ...services, ...agencies].map(({ name }) => name);
    const places = sites.map(({ longitude }) => String(longitude));
    const codes = units.flatMap(({ code, name }) => [`"${code}"`, name]);
    expect(text).not.toContain('"id":"city"');
    for (const word of [...told, ...names, ...places, ...codes, SECRET, 'viettel', 'example.vn'])
      expect(text.includes(word), word).toBe(false);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('is not written over', () => {
    const file = join(directory, 'twice.recording.gz');
    writeRecording(file, recording);
    expect(() => writeRecording(file, recording)).toThrow('cannot be written');
  });

  it('that is damaged is refused with file, line and value', () => {
    const file = join(directory, 'bad.recording.gz');
    const [head = ''] = gunzipSync(readFileSync(join(directory, 'ward.recording.gz')))
      .toString()
      .split('\n');
    const problems = (text: string | Buffer): string => {
      writeFileSync(file, text);
      try {
        readRecording(file);
      } catch (error) {
        return String(error);
      }
      return 'read';
    };
    expect(problems('no gzip')).toContain('cannot be read');
    expect(problems(gzipSync('{}'))).toContain('line 1: expected the head of a recording');
    expect(problems(gzipSync(`${head}\n["x",1,"ping",{},{}]\nnonsense\n`))).toMatch(
      /line 2: expected an agent of its inventory, got "x"[\s\S]*line 3: expected \[agent/,
    );
  });
});

it('an agent that was silent was cut off where its samples came later, and off where none did', () => {
  const [first, second] = recording.inventory.agents;
  const span = { fromMs: FROM_MS + 5 * MINUTE_MS, toMs: FROM_MS + 10 * MINUTE_MS };
  const silent = [first, second].map((agent) => ({ agent: agent?.id ?? '', ...span }));
  const samples = new Map(recording.samples);
  samples.set(
    second?.id ?? '',
    (samples.get(second?.id ?? '') ?? []).filter(({ timeMs }) => timeMs < span.fromMs || timeMs > span.toMs),
  );
  const { city } = recordedCity({ ...recording, silent, samples });
  const during = FROM_MS + 7 * MINUTE_MS;
  expect(city.conditionAt(first?.id ?? '', during)).toBe('cut_off');
  expect(city.conditionAt(second?.id ?? '', during)).toBe('dark');
  expect(city.conditionAt(second?.id ?? '', span.toMs)).toBe('connected');
});
