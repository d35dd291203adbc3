import { expect, it } from 'vitest';
import { onCallText } from './notify-on-call.ts';

const AT_MS = Date.UTC(2026, 10, 30, 1);
const an = { id: 'an', name: 'An', channels: ['sms-an', 'mail-an'] };

it('says of each layer who is on call, until when, and who is next', () => {
  const layers = [
    {
      calendar: 'network',
      timeZone: 'Asia/Ho_Chi_Minh',
      layer: 'first',
      person: an,
      isOverride: true,
      untilMs: AT_MS,
    },
    {
      calendar: 'network',
      timeZone: 'Asia/Ho_Chi_Minh',
      layer: 'nights',
      isOverride: false,
      untilMs: AT_MS,
      next: an,
    },
    { calendar: 'power', timeZone: 'UTC', layer: 'first', person: an, isOverride: false },
  ];
  const gaps = [{ calendar: 'network', timeZone: 'Asia/Ho_Chi_Minh', fromMs: AT_MS, toMs: AT_MS + 60_000 }];
  expect(onCallText({ atMs: AT_MS, layers, gaps }).split('\n')).toEqual([
    'calendar  layer   on call         told by          until                              then',
    'network   first   An (stands in)  sms-an, mail-an  2026-11-30 08:00 Asia/Ho_Chi_Minh  nobody',
    'network   nights  nobody                           2026-11-30 08:00 Asia/Ho_Chi_Minh  An',
    'power     first   An              sms-an, mail-an',
    '',
    'onCall network: within 90 days nobody is on call from 2026-11-30 08:00 to 2026-11-30 08:01 (Asia/Ho_Chi_Minh): all of its people are told then',
    '',
  ]);
});

it('says where no calendar is configured', () => {
  expect(onCallText({ atMs: AT_MS, layers: [], gaps: [] })).toContain('onCall in routes.yaml');
});
