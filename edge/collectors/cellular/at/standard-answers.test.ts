import { describe, expect, it } from 'vitest';
import { joinRegistrations, parseCesq, parseCops, parseRegistration } from './standard-answers.ts';
import { standardState } from './standard-state.ts';

const registration = (line: string) => parseRegistration([line], '+CEREG');

describe('registration (TS 27.007)', () => {
  it.each([
    ['+CEREG: 0,1', { registered: true, roaming: false }],
    ['+CEREG: 2,5,"2AF8","0195A20B",7', { registered: true, roaming: true, tacHex: '2AF8', rat: 'lte' }],
    ['+CEREG: 0,2', { registered: false }],
    ['+CEREG: 0,3', { registered: false }],
    ['+CEREG: 0,4', { registered: undefined }],
  ])('%s', (line, expected) => expect(registration(line)).toMatchObject(expected));

  it('is not read from what is said unasked', () => {
    const lines = ['+CEREG: 1', '+CEREG: 5,"2AF8","0195A20B",7', '+CEREG: 0,2'];
    expect(parseRegistration(lines, '+CEREG')).toEqual({ registered: false });
    expect(() => parseRegistration(['+CEREG: 1'], '+CEREG')).toThrow('no +CEREG line');
  });

  it('in any domain is registration; silence of one leaves it open', () => {
    const [yes, no, unknown] = ['0,1', '0,2', '0,4'].map((told) => registration(`+CEREG: ${told}`));
    expect(joinRegistrations([no!, yes!]).registered).toBe(true);
    expect(joinRegistrations([no!, no!]).registered).toBe(false);
    expect(joinRegistrations([no!, unknown!]).registered).toBeUndefined();
    expect(joinRegistrations([]).registered).toBeUndefined();
  });
});

describe('+CESQ and +COPS', () => {
  it('of a modem on LTE', () => {
    const signal = parseCesq(['+CESQ: 99,99,255,255,18,45']);
    const operator = parseCops(['+COPS: 0,2,"45201",7']);
    expect(standardState({ signal, operator, registration: registration('+CEREG: 0,1') })).toEqual({
      rat: 'lte',
      plmn: '45201',
      registered: true,
      roaming: false,
      fields: { rsrp_dbm: -96, rsrq_db: -11 },
    });
  });

  it('of a modem with an NR carrier beside LTE', () => {
    const signal = parseCesq(['+CESQ: 99,99,255,255,20,50,64,71,78']);
    expect(
      standardState({ signal, registration: registration('+CEREG: 2,1,"2AF8","0195A20B",7') }),
    ).toMatchObject({
      rat: 'nrnsa',
      fields: { rsrp_dbm: -85, rsrq_db: -11, sinr_db: 16, anchor_rsrp_dbm: -91, anchor_rsrq_db: -10 },
    });
  });

  it('with nothing known is nothing', () => {
    const signal = parseCesq(['+CESQ: 99,99,255,255,255,255,255,255,255']);
    expect(standardState({ signal, operator: parseCops(['+COPS: 0']) }).fields).toEqual({});
    expect(parseCops(['+COPS: 0,0,"Viettel",7'])).toEqual({ plmn: undefined, rat: 'lte' });
  });
});
