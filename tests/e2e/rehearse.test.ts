import { mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { committedCard, type CardRun, type CommittedCard } from '../../rehearsal/scenarios/committed-card.ts';
import { Wardwatch, type Ended } from '../support/wardwatch.ts';

type Run = CardRun['score'] & Pick<CardRun, 'hashes'> & { readonly event: string };

/** Some of those that the card calls met, of different kinds, each of half an hour to one of a ward. */
const MET = ['fibre-cut-hub', 'power-short', 'database-away-and-cut'];
const SIGNAL_EVERY_MS = 100;
const card = JSON.parse(
  readFileSync(new URL('../../rehearsal/score-card.json', import.meta.url), 'utf8'),
) as CommittedCard;

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'wardwatch-rehearse-'));
});
afterEach(() => rmSync(temporary, { recursive: true }));

function rehearse(...args: readonly string[]): Wardwatch {
  return new Wardwatch(['rehearse', ...args, '--json'], undefined, [], { TMPDIR: temporary });
}

function runsOf({ stdout }: Ended): readonly Run[] {
  const lines = stdout.split('\n').map((line) => JSON.parse(line) as Run);
  return lines.filter(({ event }) => event === 'run');
}

it('what the score card calls met is met, and one scenario and seed give the same alerts in each process', async () => {
  for (const name of MET) expect(card.scenarios[name]?.met).toBe(card.scenarios[name]?.runs);
  const seeds = ['--seeds', String(card.seeds.length)];
  const [all, again] = await Promise.all([rehearse(...MET, ...seeds).end(), rehearse('fibre-cut-hub').end()]);
  const runs = runsOf(all);
  expect(runs.map(({ failures }) => failures)).toEqual(runs.map(() => []));
  expect([all.code, again.code]).toEqual([0, 0]);
  const [cut] = runs.filter(({ scenario }) => scenario === 'fibre-cut-hub');
  expect(runsOf(again).map(({ hashes }) => hashes)).toEqual([cut?.hashes]);
  const found = committedCard(
    runs.map((run) => ({ score: run, hashes: run.hashes })),
    { rules: card.rules, scenarios: new Map() },
  );
  // Where it is not: what is told has changed, and the card is to be written anew.
  for (const name of MET)
    expect([name, found.scenarios[name]]).toMatchObject([
      name,
      { truth: card.scenarios[name]?.truth, alerts: card.scenarios[name]?.alerts },
    ]);
  expect(readdirSync(temporary)).toEqual([]);
}, 480_000);

it('a second signal ends it at once, and leaves nothing behind', async () => {
  const watcher = watch(temporary);
  const begun = new Promise<void>((resolve) => watcher.once('change', () => resolve()));
  const program = rehearse('quiet-night');
  await begun;
  watcher.close();
  const timer = setInterval(() => program.signal('SIGTERM'), SIGNAL_EVERY_MS);
  const { code } = await program.end();
  clearInterval(timer);
  expect(code).toBe(1);
  expect(readdirSync(temporary)).toEqual([]);
});
