import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../alerts/rules/severity.ts';
import { alertOf, AT_MS, messageOf } from '../testing/messages.ts';
import { messageText } from './message-text.ts';

const options = { language: 'en', timeZone: 'Asia/Ho_Chi_Minh', maxChars: 4_000 } as const;

const INCIDENT = {
  id: 'i-1',
  root: 'site:hub-03',
  rootName: 'Trạm Tân Định',
  headAlertId: 'a-1',
  suppressedAlerts: 40,
  counts: { sites: 41, units: 8, devices: 120, services: 0 },
};

describe('a message', () => {
  it('of one alert says what, where, since when, and what to do', () => {
    expect(messageText(messageOf(alertOf('begin')), options)).toEqual({
      title: '[CRITICAL] Smoke in the room · 26737 Tân Định · site-1 · device sensor-1 · since 02:10 30/11',
      text: 'Call the fire service (114).',
    });
    expect(messageText(messageOf(alertOf('begin')), { ...options, language: 'vi' })).toEqual({
      title:
        '[NGHIÊM TRỌNG] Có khói trong phòng máy · 26737 Tân Định · site-1 · device sensor-1 · từ 02:10 30/11',
      text: 'Gọi cứu hoả (114).',
    });
  });

  it('gives a value, but not of a flag', () => {
    const titleOf = (valueText: string): string =>
      messageText(messageOf(alertOf('begin', { valueText })), options).title;
    expect(titleOf('97.2 %')).toContain(' · 97.2 % · since ');
    expect(titleOf('false')).toContain(' · device sensor-1 · since ');
  });

  it('of its end says from when to when, and asks for nothing', () => {
    expect(messageText(messageOf(alertOf('end', { endedAtMs: AT_MS + 1_260_000 })), options)).toEqual({
      title:
        '[OVER] Smoke in the room · 26737 Tân Định · site-1 · device sensor-1 · 02:10 30/11 – 02:31 30/11',
      text: '',
    });
  });

  it('of several counts them, by unit where they are many, the gravest first', () => {
    const alerts = [
      alertOf('end', { id: 'a-0', endedAtMs: AT_MS }),
      ...SEVERITIES.map((severity) => alertOf('begin', { id: severity, severity })),
      alertOf('change', { id: 'a-9', severity: 'major', unit: '26740', unitName: 'Bến Thành' }),
    ];
    const { title, text } = messageText(messageOf(...alerts), options);
    expect(title).toBe('4 new, 1 changed, 1 over (CRITICAL 1, MAJOR 2, MINOR 1, WARNING 1)');
    const lines = text.split('\n');
    expect(lines[0]).toBe('unit 26737 Tân Định: 5 · unit 26740 Bến Thành: 1');
    expect(lines.slice(1).map((line) => line.slice(0, 10))).toEqual([
      '[CRITICAL]',
      '[MAJOR] Sm',
      '[MAJOR] Sm',
      '[MINOR] Sm',
      '[WARNING] ',
      '[OVER] Smo',
    ]);
  });

  describe('of an incident', () => {
    it('names the root, what is cut off and how many alerts are suppressed', () => {
      expect(messageText({ ...messageOf(alertOf('begin')), incident: INCIDENT }, options)).toEqual({
        title:
          '[CRITICAL] Smoke in the room · 26737 Tân Định · site-1 · device sensor-1 · since 02:10 30/11 · cut off: 41 sites in 8 units, 120 devices',
        text: 'Root: Trạm Tân Định (site:hub-03)\n40 alerts are suppressed because of it\nCall the fire service (114).',
      });
      expect(
        messageText({ ...messageOf(alertOf('begin')), incident: INCIDENT }, { ...options, language: 'vi' }),
      ).toEqual({
        title:
          '[NGHIÊM TRỌNG] Có khói trong phòng máy · 26737 Tân Định · site-1 · device sensor-1 · từ 02:10 30/11 · mất kết nối: 41 điểm ở 8 đơn vị, 120 thiết bị',
        text: 'Nguyên nhân gốc: Trạm Tân Định (site:hub-03)\n40 cảnh báo khác không gửi vì nguyên nhân này\nGọi cứu hoả (114).',
      });
    });

    it('gives no value beside what is cut off now: it is from when the alert began', () => {
      const head = alertOf('begin', { valueText: '37 sites' });
      const titleOf = (counts: typeof INCIDENT.counts): string =>
        messageText({ ...messageOf(head), incident: { ...INCIDENT, counts } }, options).title;
      expect(titleOf(INCIDENT.counts)).not.toContain('37 sites');
      expect(titleOf({ sites: 0, units: 0, devices: 0, services: 0 })).toContain('37 sites');
    });

    it('of a single device says nothing of units, and of some devices in which units they are', () => {
      const titleOf = (counts: typeof INCIDENT.counts, language: 'en' | 'vi'): string | undefined =>
        messageText(
          { ...messageOf(alertOf('begin')), incident: { ...INCIDENT, counts } },
          { ...options, language },
        )
          .title.split(' · ')
          .at(-1);
      const one = { sites: 0, units: 1, devices: 1, services: 0 };
      expect(titleOf(one, 'en')).toBe('cut off: 1 device');
      expect(titleOf(one, 'vi')).toBe('mất kết nối: 1 thiết bị');
      expect(titleOf({ ...one, devices: 3 }, 'en')).toBe('cut off: 3 devices in 1 unit');
      expect(titleOf({ ...one, sites: 1, devices: 4 }, 'en')).toBe('cut off: 1 site, 4 devices');
      expect(titleOf({ sites: 41, units: 8, devices: 153, services: 1 }, 'en')).toBe(
        'cut off: 41 sites in 8 units, 153 devices, 1 service',
      );
      expect(titleOf({ sites: 41, units: 8, devices: 153, services: 1 }, 'vi')).toBe(
        'mất kết nối: 41 điểm ở 8 đơn vị, 153 thiết bị, 1 dịch vụ',
      );
    });

    it('is headed by the alert that stands for it, whatever its severity', () => {
      const head = alertOf('begin', { severity: 'major' });
      const other = alertOf('begin', { id: 'a-2', entity: { device: 'sensor-2' } });
      const { title, text } = messageText({ ...messageOf(other, head), incident: INCIDENT }, options);
      expect(title).toMatch(/^\[MAJOR\] .* sensor-1 /);
      expect(text.split('\n')[3]).toMatch(/^\[CRITICAL\] .* sensor-2 /);
    });

    it('that is over says what was cut off, and how many alerts were suppressed', () => {
      const { title, text } = messageText({ ...messageOf(alertOf('end')), incident: INCIDENT }, options);
      expect(title).toMatch(/^\[OVER\] .* · was cut off: 41 sites in 8 units, 120 devices$/);
      expect(text).toBe('Root: Trạm Tân Định (site:hub-03)\n40 alerts were suppressed because of it');
      const one = { ...INCIDENT, suppressedAlerts: 1 };
      const textOf = (language: 'en' | 'vi'): string | undefined =>
        messageText({ ...messageOf(alertOf('end')), incident: one }, { ...options, language }).text.split(
          '\n',
        )[1];
      expect(textOf('en')).toBe('1 alert was suppressed because of it');
      expect(textOf('vi')).toBe('1 cảnh báo khác đã không gửi vì nguyên nhân này');
    });
  });

  it('that does not fit says how many it leaves out', () => {
    const many = Array.from({ length: 800 }, (_, at) => alertOf('begin', { id: `a-${at}` }));
    const { title, text } = messageText(messageOf(...many), { ...options, maxChars: 500 });
    expect(title.length + text.length + 1).toBeLessThanOrEqual(500);
    expect(text).toMatch(/\n… and 79\d more$/);
  });

  it('shows names and values of agents as text, in one line', () => {
    const entity = { device: 'x\n[CRITICAL] made up\u001b[2J\u202e' };
    const { title } = messageText(messageOf(alertOf('begin', { entity, valueText: 'a\rb' })), options);
    expect(title).toContain('device x\\n[CRITICAL] made up\\u001b[2J\\u202e · a\\rb');
  });

  it('never is longer than the channel takes, whatever is in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    const alert = fc.record({ device: text, value: text, site: text, title: text }).map((parts) =>
      alertOf('begin', {
        entity: { device: parts.device },
        valueText: parts.value,
        site: parts.site,
        title: { en: parts.title, vi: parts.title },
      }),
    );
    fc.assert(
      fc.property(
        fc.array(alert, { maxLength: 30 }),
        fc.integer({ min: 70, max: 2_000 }),
        fc.option(text, { nil: undefined }),
        (alerts, maxChars, rootName) => {
          const message = messageOf(...alerts);
          const ofRoot =
            rootName === undefined ? message : { ...message, incident: { ...INCIDENT, rootName } };
          const made = messageText(ofRoot, { ...options, maxChars });
          expect(`${made.title}\n${made.text}`.length).toBeLessThanOrEqual(maxChars + 1);
        },
      ),
    );
  });
});
