import { expect, it } from 'vitest';
import { FakeSession, type Objects } from '../../../protocols/snmp/testing/fake-session.ts';
import { TeltonikaSource } from './teltonika-source.ts';

const MOBILE = '1.3.6.1.4.1.48690.2';
const text = (value: string) => Buffer.from(value);

/** TELTONIKA-MIB since firmware 7: a table, here with the row of one modem. */
const TABLE: Objects = {
  [`${MOBILE}.2.1.11.1`]: text('Registered, home'),
  [`${MOBILE}.2.1.12.1`]: -47,
  [`${MOBILE}.2.1.14.1`]: text('45204'),
  [`${MOBILE}.2.1.16.1`]: text('5G-NSA'),
  [`${MOBILE}.2.1.17.1`]: 360,
  [`${MOBILE}.2.1.19.1`]: 0,
  [`${MOBILE}.2.1.20.1`]: -80,
  [`${MOBILE}.2.1.21.1`]: -16,
};

/** RUT955 with firmware 6: scalars, numbers as text. */
const SCALARS: Objects = {
  [`${MOBILE}.1.0`]: text('inserted'),
  [`${MOBILE}.2.0`]: text('READY'),
  [`${MOBILE}.3.0`]: text('registered (home)'),
  [`${MOBILE}.4.0`]: -62,
  [`${MOBILE}.6.0`]: text('45201'),
  [`${MOBILE}.8.0`]: text('4G (LTE)'),
  [`${MOBILE}.9.0`]: 415,
  [`${MOBILE}.22.0`]: text('12'),
  [`${MOBILE}.23.0`]: text('-91'),
  [`${MOBILE}.24.0`]: text('-10'),
};

async function read(objects: Objects, modem?: number) {
  const session = new FakeSession(objects);
  const source = new TeltonikaSource(
    {
      address: '10.1.2.3',
      port: 161,
      guard: undefined,
      credentials: { version: '2c', community: { env: 'COMMUNITY' } },
      replyTimeoutMs: 100,
      modem,
    },
    { open: async () => session },
  );
  process.env['COMMUNITY'] ??= 'public';
  const first = await source.read(new AbortController().signal);
  const asked = session.requests.length;
  await source.read(new AbortController().signal);
  return { ...first, requestsLater: session.requests.length - asked };
}

it('reads a row of the table, one request a reading', async () => {
  const { state, problems, requestsLater } = await read(TABLE);
  expect({ problems, requestsLater }).toEqual({ problems: [], requestsLater: 1 });
  expect(state).toMatchObject({ rat: 'nrnsa', plmn: '45204', registered: true, roaming: false });
  expect(state?.fields).toEqual({ rsrp_dbm: -80, rsrq_db: -16, modem_temperature_celsius: 36 });
});

it('reads the scalars of older firmware, one request a reading', async () => {
  const { state, problems, requestsLater } = await read(SCALARS);
  expect({ problems, requestsLater }).toEqual({ problems: [], requestsLater: 1 });
  expect(state).toMatchObject({ rat: 'lte', plmn: '45201', registered: true, roaming: false });
  expect(state?.fields).toEqual({
    ...{ rsrp_dbm: -91, rsrq_db: -10, sinr_db: 12, rssi_dbm: -62 },
    modem_temperature_celsius: 41.5,
  });
  expect((await read(SCALARS, 1)).problems).toEqual([]);
});

it('has no level where the modem fills all of them with zeros', async () => {
  const { state } = await read({
    ...TABLE,
    [`${MOBILE}.2.1.16.1`]: text('LTE'),
    [`${MOBILE}.2.1.12.1`]: 0,
    [`${MOBILE}.2.1.20.1`]: 0,
    [`${MOBILE}.2.1.21.1`]: 0,
  });
  expect(state?.fields).toEqual({ modem_temperature_celsius: 36 });
});

it.each<[string, Objects, number | undefined, string]>([
  ['no modem', {}, undefined, 'it has no modem in its table, nor the values of older firmware'],
  [
    'no modem, and a counter of bytes where older firmware has its registration',
    { [`${MOBILE}.3.0`]: 133_191 },
    undefined,
    'it has no modem in its table, nor the values of older firmware',
  ],
  ['another modem than the only one', TABLE, 3, 'it has no modem 3, only 1'],
  ['a second modem', SCALARS, 2, 'it has no modem 2: its firmware has no table and knows one modem'],
])('says why there is %s', async (_what, objects, modem, problem) => {
  expect((await read(objects, modem)).problems).toEqual([problem]);
});
