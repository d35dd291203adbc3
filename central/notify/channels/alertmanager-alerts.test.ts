import { describe, expect, it } from 'vitest';
import { alertOf, AT_MS } from '../testing/messages.ts';
import { postableAlerts } from './alertmanager-alerts.ts';

const NOW = AT_MS + 60_000;

describe('an alert for Alertmanager', () => {
  it('has the labels that identify it, and what people read as annotations', () => {
    expect(postableAlerts(alertOf('begin'), NOW)).toEqual([
      {
        labels: {
          alertname: 'room_smoke',
          severity: 'critical',
          device: 'sensor-1',
          agent: 'gw-1',
          unit: '26737',
          site: 'site-1',
          wardwatch_id: 'a-1',
        },
        annotations: {
          summary: 'Smoke in the room',
          summary_vi: 'Có khói trong phòng máy',
          description: 'Call the fire service (114).',
          description_vi: 'Gọi cứu hoả (114).',
          value: 'true',
          unit_name: 'Tân Định',
        },
        startsAt: new Date(AT_MS).toISOString(),
        endsAt: new Date(NOW + 3_600_000).toISOString(),
      },
    ]);
  });

  it('that gets graver is another one: the one before ends', () => {
    const [before, after] = postableAlerts({ ...alertOf('change'), toldSeverity: 'major' }, NOW);
    expect(before).toMatchObject({ labels: { severity: 'major' }, endsAt: new Date(NOW).toISOString() });
    expect(after).toMatchObject({
      labels: { severity: 'critical' },
      endsAt: new Date(NOW + 3_600_000).toISOString(),
    });
  });

  it('ends with the labels that were told, and never in the future', () => {
    const endsAt = (endedAtMs: number): unknown =>
      postableAlerts({ ...alertOf('end', { endedAtMs }), toldSeverity: 'minor' }, NOW).map((alert) => [
        alert.labels['severity'],
        Date.parse(alert.endsAt),
      ]);
    expect(endsAt(AT_MS + 30_000)).toEqual([['minor', AT_MS + 30_000]]);
    expect(endsAt(NOW + 86_400_000)).toEqual([['minor', NOW]]);
  });

  it('never starts after its end, which Alertmanager refuses', () => {
    for (const what of ['begin', 'end', 'whole', 'change'] as const) {
      for (const startedAtMs of [AT_MS, NOW, NOW + 86_400_000]) {
        for (const alert of postableAlerts(alertOf(what, { startedAtMs, endedAtMs: AT_MS - 5 }), NOW))
          expect(Date.parse(alert.startsAt)).toBeLessThan(Date.parse(alert.endsAt));
      }
    }
  });

  it('has no empty label, and the tags of its entity never stand in for ours', () => {
    const [alert] = postableAlerts(alertOf('begin', { entity: { severity: 'made up', mount: '' } }), NOW);
    expect(alert?.labels).toMatchObject({ severity: 'critical' });
    expect(alert?.labels).not.toHaveProperty('mount');
  });
});
