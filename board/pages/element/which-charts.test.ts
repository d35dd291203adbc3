import { expect, it } from 'vitest';
import { chartsOfPort, chartsOfService, tagOf } from './which-charts.ts';

it('shows of a port the share of its errors, and their count where no share is measured', () => {
  const [shares] = chartsOfPort((field) => field.endsWith('_pct'));
  expect(shares?.fields).toContain('in_errors_pct');
  expect(shares?.fields).not.toContain('in_errors');
  const [counts] = chartsOfPort((field) => ['in_errors', 'in_discards'].includes(field));
  expect(counts?.fields).toContain('in_errors');
  expect(counts?.fields).not.toContain('in_errors_pct');
});

it('shows the optics that a port tells, and none of one without', () => {
  const [fibre] = chartsOfPort((field) => field === 'rx_power_dbm');
  expect(fibre?.fields.slice(8)).toEqual(['rx_power_dbm']);
  expect(chartsOfPort(() => false)[0]?.fields).toHaveLength(8);
});

it('shows of a service what its probes told, by the step that they try, and nothing where none does', () => {
  const [chart] = chartsOfService((field) => ['response_ms', 'queue_count'].includes(field));
  expect(chart).toEqual({ measurement: 'service', fields: ['response_ms', 'queue_count'], by: 'check' });
  expect(chartsOfService(() => false)).toEqual([]);
});

it("asks for a server's own values by its host, and for what others measured of it by its device", () => {
  expect(tagOf({ measurement: 'cpu', fields: [] }, 'server')).toBe('host');
  expect(tagOf({ measurement: 'ping', fields: [] }, 'server')).toBe('device');
});
