import type { AlertFacts } from '../message/alert-facts.ts';
import type { Message, MessageAlert } from '../message/message.ts';

export const AT_MS = Date.UTC(2026, 10, 29, 19, 10);

export function factsOf(changes: Partial<AlertFacts> = {}): AlertFacts {
  return {
    id: 'a-1',
    rule: 'room_smoke',
    title: { en: 'Smoke in the room', vi: 'Có khói trong phòng máy' },
    action: { en: 'Call the fire service (114).', vi: 'Gọi cứu hoả (114).' },
    entity: { device: 'sensor-1' },
    agent: 'gw-1',
    unit: '26737',
    unitName: 'Tân Định',
    site: 'site-1',
    severity: 'critical',
    valueText: 'true',
    startedAtMs: AT_MS,
    ...changes,
  };
}

export function alertOf(what: MessageAlert['what'], changes: Partial<AlertFacts> = {}): MessageAlert {
  return { what, facts: factsOf(changes) };
}

export function messageOf(...alerts: readonly MessageAlert[]): Message {
  return { key: 'n-1', kind: 'alerts', madeAtMs: AT_MS, alerts };
}
