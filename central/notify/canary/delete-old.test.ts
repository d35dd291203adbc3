import { expect, it } from 'vitest';
import { openAlertRepository } from '../../alerts/history/alert-repository.ts';
import { openStateDatabase } from '../../state/database.ts';
import { Outbox } from '../outbox/outbox.ts';
import { CANARY_CHANNEL } from './sink.ts';

it('deletes alerts and timelines of old canaries, once they are over, and of nothing else', () => {
  const database = openStateDatabase(':memory:');
  const repository = openAlertRepository(database);
  const addAlert = (id: string, rule: string, phase: string, atMs: number): void => {
    database
      .prepare(
        `INSERT INTO alert (id, rule, entity_key, entity, agent, severity, phase, started_at_ms, fired_at_ms, value, last_value,
           opened_at_ms, updated_at_ms, last_sample_ms) VALUES (?, ?, ?, '{}', 'x', 'minor', ?, ?, ?, '1', '1', ?, ?, ?)`,
      )
      .run(id, rule, id, phase, atMs, atMs, atMs, atMs, atMs);
    database
      .prepare(
        `INSERT INTO alert_event (alert_id, kind, phase, severity, value, at_ms, recorded_at_ms)
         VALUES (?, 'fired', 'firing', 'minor', '1', ?, ?)`,
      )
      .run(id, atMs, atMs);
  };
  addAlert('old', 'central_canary', 'resolved', 1_000);
  addAlert('old-open', 'central_canary', 'firing', 1_000);
  addAlert('new', 'central_canary', 'resolved', 2_000);
  addAlert('other', 'room_smoke', 'resolved', 1_000);
  repository.deleteCanaries(2_000);
  const ids = ['old', 'old-open', 'new', 'other'];
  expect(ids.filter((id) => repository.has(id))).toEqual(['old-open', 'new', 'other']);
  expect(ids.map((id) => repository.timeline(id).length)).toEqual([0, 1, 1, 1]);
  database.close();
});

it('deletes messages of old canaries, and of no channel', () => {
  const database = openStateDatabase(':memory:');
  const outbox = new Outbox(database);
  const made = [
    outbox.makeTest(CANARY_CHANNEL, 1_000),
    outbox.makeTest('noc', 1_000),
    outbox.makeTest(CANARY_CHANNEL, 2_000),
  ];
  outbox.deleteOfChannel(CANARY_CHANNEL, 2_000);
  const left = database.prepare('SELECT number FROM notify_message ORDER BY number').all();
  expect(left.map((row) => row['number'])).toEqual([made[1]?.number, made[2]?.number]);
  database.close();
});
