import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIVE_CODES, LOAD_CODES, SUB_CODES } from './states.ts';
import { countsOf, parseList, parseShow, PROPERTIES, unitReading } from './units.ts';

const ssh = `Id=ssh.service
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
UnitFilePreset=enabled
NRestarts=2
StatusErrno=0
MainPID=712
MemoryCurrent=5242880
MemoryPeak=[not set]
MemoryAvailable=18446744073709551615
`;

describe('what systemctl lists', () => {
  it('is a name and three states a line, with or without a mark, a job and a description', () => {
    const list = `  -.mount                 loaded    active     mounted   Root Mount
● bad.service             loaded    failed     failed    A service that fails
* gone.service            not-found inactive   dead      gone.service
  loop.service            loaded    activating auto-restart start A service with a job

`;
    expect(parseList(list)).toEqual([
      { name: '-.mount', load: 'loaded', active: 'active', sub: 'mounted' },
      { name: 'bad.service', load: 'loaded', active: 'failed', sub: 'failed' },
      { name: 'gone.service', load: 'not-found', active: 'inactive', sub: 'dead' },
      { name: 'loop.service', load: 'loaded', active: 'activating', sub: 'auto-restart' },
    ]);
  });

  it('is nothing where a line is cut or has other words', () => {
    expect(parseList('Failed to list units\nssh.service loaded active\n')).toEqual([]);
  });
});

describe('what systemctl shows', () => {
  it('becomes Telegraf’s systemd_units; what is not set is left out', () => {
    const [unit] = parseShow(ssh);
    expect(unitReading(unit!, 1)).toEqual({
      tags: {
        name: 'ssh.service',
        load: 'loaded',
        active: 'active',
        sub: 'running',
        uf_state: 'enabled',
        uf_preset: 'enabled',
      },
      fields: {
        load_code: 0,
        active_code: 0,
        sub_code: 0,
        restarts: 2,
        restarts_5min: 1,
        status_errno: 0,
        pid: 712,
        mem_current: 5_242_880,
      },
    });
  });

  it('has the numbers of Telegraf’s tables', () => {
    expect([LOAD_CODES.get('not-found'), LOAD_CODES.get('masked')]).toEqual([2, 6]);
    expect([ACTIVE_CODES.get('failed'), ACTIVE_CODES.get('deactivating')]).toEqual([3, 5]);
    const words = [
      'running',
      'failed',
      'auto-restart',
      'cleaning',
      'waiting',
      'auto-restart-queued',
      'plugged',
    ];
    expect(words.map((word) => SUB_CODES.get(word))).toEqual([0, 0xc, 0xd, 0xf, 0x10, 0x17, 0x21]);
    const others = [
      'mounted',
      'unmounting-sigkill',
      'abandoned',
      'active',
      'listening',
      'final-sigkill',
      'elapsed',
    ];
    expect(others.map((word) => SUB_CODES.get(word))).toEqual([0x32, 0x38, 0x50, 0x60, 0x72, 0x76, 0xa0]);
    expect(SUB_CODES.get('deactivating-sigkill')).toBe(0x84);
  });

  it('keeps a state that is newer than the tables as a tag, without a number', () => {
    const [unit] = parseShow(
      'Id=a.service\nLoadState=loaded\nActiveState=refreshing\nSubState=refresh-sigterm\n',
    );
    expect(unitReading(unit!, undefined)).toEqual({
      tags: { name: 'a.service', load: 'loaded', active: 'refreshing', sub: 'refresh-sigterm' },
      fields: { load_code: 0 },
    });
  });

  it('counts loaded units by state, each once', () => {
    const failed = 'Id=b.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\n';
    const missing = 'Id=c.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n';
    const units = parseShow([ssh, failed, ssh, missing].join('\n'));
    expect(units).toHaveLength(3);
    expect(countsOf(units)).toEqual({
      units_loaded_count: 2,
      units_active_count: 1,
      units_reloading_count: 0,
      units_inactive_count: 0,
      units_failed_count: 1,
      units_activating_count: 0,
      units_deactivating_count: 0,
    });
  });

  it('passes over what names no unit', () => {
    expect(parseShow('')).toEqual([]);
    expect(parseShow('Id=\nActiveState=active\n\nId=no state\n\nActiveState=active\n')).toEqual([]);
  });

  it('takes no value from invalid input', () => {
    const block = fc.array(
      fc.tuple(
        fc.constantFrom(...PROPERTIES),
        fc.oneof(fc.string({ unit: 'binary' }), fc.bigInt().map(String)),
      ),
    );
    fc.assert(
      fc.property(fc.array(block), (blocks) => {
        const text = blocks
          .map((lines) => lines.map(([name, value]) => `${name}=${value}`).join('\n'))
          .join('\n\n');
        for (const unit of parseShow(text)) {
          const { tags, fields } = unitReading(unit, undefined);
          for (const tag of Object.values(tags)) expect(tag.length).toBeLessThanOrEqual(128);
          for (const value of Object.values(fields)) expect(Number(value)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
