import { describe, expect, it } from 'vitest';
import { applyChange, configChangeSchema, configPatchSchema, samePushedConfig } from './config-change.ts';
import { diffLines } from './config-diff.ts';

const current = {
  collectors: [
    { kind: 'server', intervalMs: 10_000 },
    { kind: 'ping', name: 'hubs', targets: ['10.0.0.1'], timeoutMs: 500 },
  ],
  log: { level: 'info' as const },
};
const patched = (patch: unknown): unknown => applyChange({ patch: configPatchSchema.parse(patch) }, current);

describe('a patch', () => {
  it('changes settings of a collector, takes settings out, adds and removes collectors', () => {
    const after = patched({
      collectors: [
        { kind: 'server', intervalMs: 30_000 },
        { kind: 'ping', name: 'hubs', timeoutMs: null },
        { kind: 'dns', names: ['example.org'] },
      ],
      log: { level: 'warn' },
    });
    expect(after).toEqual({
      collectors: [
        { kind: 'server', intervalMs: 30_000 },
        { kind: 'ping', name: 'hubs', targets: ['10.0.0.1'] },
        { kind: 'dns', names: ['example.org'] },
      ],
      log: { level: 'warn' },
    });
    expect(diffLines(current, after)).toEqual([
      'collectors[server].intervalMs: 10000 → 30000',
      'collectors[hubs].timeoutMs: 500 → –',
      'collectors[dns]: – → {"kind":"dns","names":["example.org"]}',
      'log.level: "info" → "warn"',
    ]);
    expect(patched({ remove: [{ kind: 'ping', name: 'hubs' }] })).toMatchObject({
      collectors: [{ kind: 'server' }],
    });
  });

  it('needs a config from central, and something to remove', () => {
    const change = { patch: { log: { level: 'warn' as const } } };
    expect(applyChange(change, undefined)).toContain('runs its own file');
    expect(applyChange(change, null)).toContain('runs its own file');
    expect(patched({ remove: [{ kind: 'ping' }] })).toBe('it has no collector ping to remove');
  });

  it('that has a typo is no patch', () => {
    expect(configPatchSchema.safeParse({ collector: [] }).success).toBe(false);
    expect(configPatchSchema.safeParse({ remove: [{ kind: 'ping', intervalMs: 1 }] }).success).toBe(false);
  });
});

it('a config nested without end is refused, whole or as a patch, before anything walks through it', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
  expect(configChangeSchema.safeParse({ config: { collectors: nested(15) } }).success).toBe(true);
  for (const change of [
    { config: { collectors: nested(16) } },
    { config: { collectors: nested(8_000) } },
    { patch: { collectors: [{ kind: 'server', deep: nested(8_000) }] } },
  ])
    expect(JSON.stringify(configChangeSchema.safeParse(change).error?.issues)).toContain(
      'expected at most 16 levels',
    );
});

it.each([false, null, 'collectors', 7, []])('%j is no config', (config) => {
  expect(configChangeSchema.safeParse({ config }).success).toBe(false);
});

it('two configs are the same whatever the order of their settings', () => {
  expect(samePushedConfig(current, { log: { level: 'info' }, collectors: current.collectors })).toBe(true);
  expect(samePushedConfig(current, { collectors: current.collectors })).toBe(false);
});
