import { describe, expect, it } from 'vitest';
import { collectorsSchema, loadKinds } from '../../config/collectors-config.ts';

const problems = async (collector: object) => {
  const list = [{ kind: 'cellular', ...collector }];
  const result = collectorsSchema(await loadKinds(list)).safeParse(list, { reportInput: true });
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const AT = { device: 'm-1', source: 'at', port: '/dev/ttyUSB2' };

describe('cellular settings', () => {
  it.each([
    [{ modems: [AT] }],
    [{ modems: [{ device: 'm-1', source: 'modemmanager' }] }],
    [{ modems: [{ device: 'm-1', source: 'modemmanager', modem: 3, gnss: true, refreshS: 1 }] }],
    [
      {
        modems: [
          {
            device: 'm-1',
            source: 'teltonika',
            address: '10.1.2.3',
            credentials: { version: '2c', community: { env: 'C' } },
          },
        ],
      },
    ],
    [
      {
        modems: [{ ...AT, position: { latitude: 10.7, longitude: 106.7 } }],
        dips: { rsrpBelowDbm: -115 },
        intervalMs: 5_000,
      },
    ],
  ])('%j is fine', async (collector) => expect(await problems(collector)).toEqual([]));

  it.each<[object, RegExp]>([
    [{ modems: [] }, /modems: expected at least one modem/],
    [{ modems: [AT, AT] }, /modems\.1\.device: expected a name of its own/],
    [{ modems: [{ ...AT, port: 'COM3' }] }, /modems\.0\.port: expected a path such as/],
    [
      { modems: [{ ...AT, gnss: true, position: { latitude: 1, longitude: 1 } }] },
      /modems\.0\.gnss: expected gnss or position/,
    ],
    [{ modems: [{ ...AT, imei: '1' }] }, /modems\.0.*imei/],
    [{ modems: [{ device: 'm', source: 'modemmanager', modem: '--help' }] }, /modems\.0\.modem/],
    [{ modems: [AT], intervalMs: 30_000 }, /intervalMs: expected at most 5000/],
    [{ modems: [AT], dips: { openAfterMs: 10 } }, /dips\.openAfterMs/],
  ])('%j is told', async (collector, message) => {
    expect((await problems(collector)).join('\n')).toMatch(message);
  });
});
