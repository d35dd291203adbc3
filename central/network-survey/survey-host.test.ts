import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { SurveyRat } from '../../contract/survey-topics.ts';
import { loadH3 } from '../../runtime/h3-cells.ts';
import { Workbench } from '../ingest/testing/workbench.ts';
import { createValidator } from '../ingest/validate/validator.ts';
import type { BatchContext } from '../samples/batch-observer.ts';
import { namedTags } from '../samples/named-tags.ts';
import type { SampleBatch } from '../samples/sample-table.ts';
import { SurveyHost } from './survey-host.ts';
import { surveyMessage } from './testing/survey-message.ts';

const unit = (code: string, latitude: number, longitude: number) => {
  const names = { name: `Phường ${code}`, nameEn: `Ward ${code}`, kind: 'ward' as const, areaKm2: 2 };
  return [code, { code, latitude, longitude, ...names }] as const;
};
const UNITS = new Map([unit('26737', 10.776, 106.7), unit('26740', 10.8, 106.75)]);

let bench: Workbench;
let seen: { batch: SampleBatch; context: BatchContext }[];

beforeEach(async () => {
  seen = [];
  const observer = {
    observe: (batch: SampleBatch, context: BatchContext) => void seen.push({ batch, context }),
  };
  bench = new Workbench({ validator: createValidator(CATALOGUE), observers: [observer] });
  const cellOf = await loadH3();
  bench.ingest.attach(
    (intake) => new SurveyHost({ inventory: { units: UNITS }, intake, cellOf, clock: bench.clock }),
  );
  await bench.ingest.start(new AbortController().signal);
});
afterEach(() => bench.dispose());

const agoText = (agoMs = 0): string => new Date(bench.clock.now() - agoMs).toISOString();

function send(rat: SurveyRat, changes: object = {}, phone = 'phone-07'): void {
  bench.bus.receive(
    `survey/${phone}/${rat}_message`,
    surveyMessage(rat, { deviceTime: agoText(), ...changes }),
  );
}

/** What was taken since, once the scans are whole. */
async function taken(): Promise<{ tags: Record<string, string>; backfill: boolean; values: unknown[] }[]> {
  await bench.clock.advance(3_000);
  await bench.quarantine.flush();
  return seen.splice(0).flatMap(({ batch, context }) =>
    batch.tables.flatMap(({ measurement, tags, rows }) =>
      measurement === 'drive_test'
        ? rows.map(({ series, values }) => ({
            tags: namedTags(tags, series),
            backfill: context.backfill,
            values: [...values],
          }))
        : [],
    ),
  );
}

const refused = async () => {
  await taken();
  const rows = await bench.quarantine.list({ limit: 100 });
  return rows.map(({ agent, code }) => `${agent} ${code}`);
};

describe('a phone on its way through the city', () => {
  it('measures the ward where it is, under the name of its login', async () => {
    send('lte');
    send('lte', { latitude: 10.799, longitude: 106.749, deviceTime: agoText(-1) });
    const tags = { agent: 'phone-07', probe: 'phone-07', operator: 'viettel', rat: 'lte', band: 'b3' };
    expect(await taken()).toMatchObject([
      { tags: { ...tags, unit: '26737' }, backfill: false },
      { tags: { ...tags, unit: '26740' }, backfill: false },
    ]);
  });

  it('is in no value with its serial number', async () => {
    send('lte', { deviceSerialNumber: '356938035643809', deviceName: '356938035643809' });
    const all = await taken();
    expect(all).toHaveLength(1);
    expect(JSON.stringify(all)).not.toContain('356938035643809');
  });

  it('has 5G that stands on LTE told apart by its scan', async () => {
    send('lte', { groupNumber: 1 });
    send('nr', { groupNumber: 1 });
    send('nr', { groupNumber: 2, deviceTime: agoText(-1) });
    expect((await taken()).map(({ tags }) => tags['rat']).sort()).toEqual(['lte', 'nr', 'nrnsa']);
  });

  it('sends what it kept while it had no network as history', async () => {
    send('lte', { deviceTime: agoText(3_600_000), groupNumber: 3 });
    send('nr');
    expect((await taken()).map(({ tags, backfill }) => [tags['rat'], backfill])).toEqual([
      ['nr', false],
      ['lte', true],
    ]);
  });
});

describe('what is refused', () => {
  it.each([
    ['another city', { latitude: 21.03, longitude: 105.85 }, 'survey-elsewhere'],
    ['a place that is not certain', { accuracy: 800 }, 'survey-inexact'],
    ['a place of unknown accuracy', { accuracy: 0 }, 'survey-inexact'],
    ['a place without an accuracy', { accuracy: undefined }, 'survey-inexact'],
    ['an operator that joins to another', { mcc: 45, mnc: 204 }, 'survey-bad-record'],
    ['no place', { latitude: undefined }, 'survey-no-position'],
    ['a level that no cell has', { rsrp: 12 }, 'out-of-range'],
    ['a clock that is a day ahead', { deviceTime: '2099-01-01T00:00:00Z' }, 'future'],
  ])('%s', async (_name, changes, code) => {
    send('lte', changes);
    expect(await taken()).toEqual([]);
    expect(await refused()).toEqual([`phone-07 ${code}`]);
  });

  it('does not hold up the others, and is told once a minute', async () => {
    for (let count = 0; count < 1_000; count++) send('lte', { latitude: undefined });
    send('lte', {}, 'phone-08');
    expect((await taken()).map(({ tags }) => tags['probe'])).toEqual(['phone-08']);
    expect(await refused()).toEqual(['phone-07 survey-too-many', 'phone-07 survey-no-position']);
  });

  it('is a topic or a message that was kept by the broker', async () => {
    bench.bus.receive('survey/me/lte_message', surveyMessage('lte'));
    bench.bus.receive('survey/phone-07/lte_message', surveyMessage('lte'), { retained: true });
    expect((await refused()).sort()).toEqual(['phone-07 survey-retained', 'unknown survey-bad-topic']);
  });
});
