import { pino } from 'pino';
import { expect, it } from 'vitest';
import { openStateDatabase } from '../state/database.ts';
import { CANARY_CHANNEL } from './canary/sink.ts';
import { forgetChannels } from './forget-channels.ts';
import { Outbox } from './outbox/outbox.ts';
import { oweBegin, type Telling } from './outbox/telling.ts';
import { factsOf } from './testing/messages.ts';

it('counts and logs what channels that are gone were to be told, but not the canary that is turned off', () => {
  const database = openStateDatabase(':memory:');
  const outbox = new Outbox(database);
  const nowMs = 1_800_000_000_000;
  const begin = (channel: string, facts = factsOf({ id: `a-${channel}` })): Telling =>
    oweBegin(undefined, { channel, facts, nowMs, notBeforeMs: nowMs });
  outbox.save({ tellings: [begin('noc'), begin('gone'), begin(CANARY_CHANNEL)], atMs: nowMs });
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  expect(forgetChannels(outbox, ['noc'], { clock: { now: () => nowMs }, log })).toBe(1);
  expect(lines).toEqual([expect.stringContaining('"channel":"gone"')]);
  expect(outbox.tellings.channels()).toEqual(['noc']);
  // What nobody has heard of goes through the routes again.
  expect([...outbox.held.values()].map(({ facts }) => facts.id)).toEqual(['a-gone']);
  database.close();
});
