import { describe, expect, it } from 'vitest';
import { bandOfChannel, bandOfText, nrMegahertz } from '../../../contract/radio-bands.ts';
import {
  bandwidthMhz,
  cellIdOf,
  lteRsrpDbm,
  lteRsrqDb,
  lteSinrDb,
  nrRsrpDbm,
  nrRsrqDb,
  nrSinrDb,
  numberOf,
  sinrScaleOf,
  tacOf,
} from './encodings.ts';
import { operatorOf, plmnOf } from '../../../contract/operator-codes.ts';

describe('what a modem writes', () => {
  it.each([['-'], ['--'], ['-32768'], [''], ['n/a'], ['1e9'], ['0x10'], ['99999999999'], ['NaN'], ['- 5']])(
    '%j is no number',
    (text) => expect(numberOf(text)).toBeUndefined(),
  );
  it.each([
    ['-109', -109],
    [' 515', 515],
    ['-102.00', -102],
  ])('%j is %d', (text, value) => expect(numberOf(text)).toBe(value));

  it('3GPP indices become dBm and dB; 255 and what lies outside are not known', () => {
    expect([nrRsrpDbm(0), nrRsrpDbm(126), nrRsrqDb(0), nrRsrqDb(126), nrSinrDb(0), nrSinrDb(127)]).toEqual([
      -156, -31, -43, 20, -23, 40,
    ]);
    expect([lteRsrpDbm(0), lteRsrpDbm(97), lteRsrqDb(0), lteRsrqDb(34)]).toEqual([-141, -44, -20, -3]);
    expect([
      nrRsrpDbm(255),
      nrRsrqDb(127),
      nrSinrDb(128),
      lteRsrpDbm(98),
      lteRsrqDb(255),
      nrRsrpDbm(-1),
    ]).toEqual(Array(6).fill(undefined));
  });

  it('the SINR of LTE counts in 2 dB, or, as a value above 25 proves, in 0.2 dB', () => {
    expect([lteSinrDb(0, 'coarse'), lteSinrDb(16, 'coarse'), lteSinrDb(25, 'coarse')]).toEqual([-20, 12, 30]);
    expect(sinrScaleOf(207)).toBe('fine');
    expect(lteSinrDb(207, 'fine')).toBeCloseTo(21.4);
    expect(sinrScaleOf(20, 'fine')).toBe('fine');
    expect([
      lteSinrDb(251, 'fine'),
      lteSinrDb(26, 'coarse'),
      lteSinrDb(-1, 'fine'),
      lteSinrDb(undefined, 'fine'),
    ]).toEqual(Array(4).fill(undefined));
  });

  it('ids in hex become decimal, also where they hold digits only', () => {
    expect([cellIdOf('939204254'), cellIdOf('14758F12F'), cellIdOf('FFFFFFFFF'), cellIdOf('xyz')]).toEqual([
      String(0x939204254),
      String(0x14758f12f),
      undefined,
      undefined,
    ]);
    expect([tacOf('114000'), tacOf('FFFE'), tacOf('FFFFFF'), tacOf('-')]).toEqual([
      0x114000,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('carrier widths are an index', () => {
    expect([3, 6, 7, 10, 12].map((index) => bandwidthMhz('nr', index))).toEqual([20, 40, 50, 80, 100]);
    expect([0, 5, 6, undefined].map((index) => bandwidthMhz('lte', index))).toEqual([
      1.4,
      20,
      undefined,
      undefined,
    ]);
  });
});

describe('bands', () => {
  it('come from words', () => {
    expect(['NR5G BAND 78', 'LTE BAND 3', 'WCDMA 900', undefined].map(bandOfText)).toEqual([
      'n78',
      'b3',
      undefined,
      undefined,
    ]);
  });
  it('come from channels: the licensed 5G blocks, and LTE at 1800 MHz', () => {
    expect([nrMegahertz(509_000), nrMegahertz(620_640)]).toEqual([2_545, expect.closeTo(3_309.6) as number]);
    expect([509_000, 650_000, 656_667, 154_000, 1].map((arfcn) => bandOfChannel('nr', arfcn))).toEqual([
      'n41',
      'n78',
      'n77',
      'n28',
      undefined,
    ]);
    expect([1_500, 9_400, 70_000].map((arfcn) => bandOfChannel('lte', arfcn))).toEqual([
      'b3',
      'b28',
      undefined,
    ]);
  });
});

describe('operators', () => {
  it('of Viet Nam have names, others their numbers', () => {
    expect(['45201', '45202', '45204', '45205', '51566', '310260'].map(operatorOf)).toEqual([
      'mobifone',
      'vinaphone',
      'viettel',
      'vietnamobile',
      '515-66',
      '310-260',
    ]);
    expect(['', undefined, 'Viettel', '4520', '4520401'].map(operatorOf)).toEqual(Array(5).fill(undefined));
  });
  it('are two numbers in an answer', () => {
    expect([plmnOf('452', '04'), plmnOf('-', '-'), plmnOf('452', undefined)]).toEqual([
      '45204',
      undefined,
      undefined,
    ]);
  });
});
