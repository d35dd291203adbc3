import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SurveyRat } from '../../contract/survey-topics.ts';
import { MAX_RECORD_BYTES, readRecord } from './read-record.ts';
import { surveyMessage } from './testing/survey-message.ts';

const RATS: readonly SurveyRat[] = ['nr', 'lte', 'umts', 'gsm'];
const read = (rat: SurveyRat, data: object = {}) => readRecord(rat, surveyMessage(rat, data));

describe('what an app says of the cell that serves the phone', () => {
  it('is read of LTE', () => {
    expect(read('lte')).toEqual({
      rat: 'lte',
      timeMs: Date.parse('2026-03-02T01:00:00Z'),
      latitude: 10.7757,
      longitude: 106.7004,
      accuracyM: 8,
      scan: '7/1',
      operator: 'viettel',
      band: 'b3',
      fields: {
        ...{ rsrp_dbm: -98, rsrq_db: -11, sinr_db: 9, rssi_dbm: -67, cqi: 10, timing_advance: 3 },
        ...{ pci: 234, arfcn: 1_300, tac: 2_301, cell_id: '52824577', bandwidth_mhz: 20 },
      },
    });
  });

  it('is read of NR, whose cell identity is a text of up to 36 bits', () => {
    expect(read('nr')).toMatchObject({
      rat: 'nr',
      band: 'n78',
      fields: { rsrp_dbm: -101, rsrq_db: -12, sinr_db: 14.5, pci: 800, cell_id: '68719476735' },
    });
  });

  it.each(['umts', 'gsm'] as const)('is read of %s, which has a signal strength and no RSRP', (rat) => {
    expect(read(rat)).toMatchObject({ rat, operator: 'viettel', fields: { rssi_dbm: -79, cell_id: '1234' } });
  });

  it('is nothing of a neighbour, nor where the app does not know which serves', () => {
    expect(read('lte', { servingCell: false })).toBeUndefined();
    expect(read('lte', { servingCell: undefined })).toBeUndefined();
  });

  it('is without what the app does not know: no zero takes its place', () => {
    const record = read('lte', {
      rsrq: null,
      snr: undefined,
      accuracy: 0,
      mnc: undefined,
      lteBandwidth: 'UNKNOWN',
    });
    expect(record).toMatchObject({ accuracyM: undefined, operator: undefined });
    expect(record).toHaveProperty('fields.sinr_db', undefined);
    expect(record).toHaveProperty('fields.bandwidth_mhz', undefined);
  });

  it('has the operator of its country, whatever zeros its code begins with', () => {
    expect(read('lte', { mnc: 1 })).toMatchObject({ operator: 'mobifone' });
    expect(read('lte', { mcc: 515, mnc: 66 })).toMatchObject({ operator: '515-66' });
  });
});

describe('a message that is refused', () => {
  it.each([
    ['without a position', { latitude: undefined }, 'survey-no-position', /location is off/],
    ['beyond the poles', { latitude: 91 }, 'survey-bad-record', /not on Earth/],
    ['without a time', { deviceTime: 'yesterday' }, 'survey-bad-record', /data\.deviceTime: /],
    ['with a country code of two digits', { mcc: 45, mnc: 204 }, 'survey-bad-record', /data\.mcc: .*100/],
    ['with a network code of four', { mnc: 1_000 }, 'survey-bad-record', /data\.mnc: .*999/],
    ['with a network code below zero', { mnc: -1 }, 'survey-bad-record', /data\.mnc: .*0/],
    ['with a cell below zero', { eci: -5 }, 'survey-bad-record', /data\.eci: .*0/],
    ['with a text for a level', { rsrp: 'strong' }, 'survey-bad-record', /data\.rsrp: .*number/],
  ])('says why: %s', (_name, data, code, reason) => {
    expect(read('lte', data)).toEqual({ code, reason: expect.stringMatching(reason) as string });
  });

  it('says why: a cell below zero, of each technology', () => {
    const code = 'survey-bad-record';
    expect(read('nr', { nci: -1 })).toMatchObject({ code });
    expect(read('umts', { cid: -1 })).toMatchObject({ code });
    expect(read('gsm', { ci: -1 })).toMatchObject({ code });
  });

  it('says why: no JSON, or too much of it', () => {
    expect(readRecord('lte', Buffer.from('{"data":'))).toMatchObject({ code: 'survey-not-json' });
    const large = readRecord('lte', Buffer.alloc(MAX_RECORD_BYTES + 1, 32));
    expect(large).toMatchObject({ code: 'survey-too-large' });
  });

  it('never says which phone it is', () => {
    for (const data of [{ latitude: undefined }, { rsrp: 'strong' }, { deviceTime: 'x' }]) {
      const problem = JSON.stringify(read('lte', { ...data, deviceSerialNumber: '356938035643809' }));
      expect(problem).not.toContain('356938035643809');
    }
  });
});

describe('rubbish', () => {
  it('is read or refused, and never thrown at', () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
    const json = fc.json().map((text) => Buffer.from(text));
    fc.assert(
      fc.property(
        fc.constantFrom(...RATS),
        fc.oneof(bytes, json),
        (rat, payload) => void readRecord(rat, payload),
      ),
    );
  });

  it('in a good message makes no value that is not one', () => {
    const names = [
      'rsrp',
      'rsrq',
      'snr',
      'pci',
      'earfcn',
      'latitude',
      'mcc',
      'slot',
      'accuracy',
      'lteBandwidth',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        const record = read('lte', { [name]: value });
        if (record === undefined || 'code' in record) return;
        for (const field of Object.values(record.fields))
          expect(field === undefined || typeof field === 'string' || Number.isFinite(field)).toBe(true);
      }),
    );
  });
});
