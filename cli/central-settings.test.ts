import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { centralConfigSchema } from '../central/config/config.ts';

/** Guides the operator to every setting, so it must have each, with its default. */
const EXAMPLE = readFileSync(new URL('../examples/central.yaml', import.meta.url), 'utf8');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly type?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Setting {
  /** Such as `broker.tls.certFile`; [] stands for an entry of a list. */
  readonly path: string;
  readonly schema: Schema;
}

function settingsOf(schema: Schema, path = ''): Setting[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const within = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    settingsOf(each, path === '' ? name : `${path}.${name}`),
  );
  const inBranches = branches.flatMap((branch) => settingsOf(branch, path));
  const inItems = schema.items === undefined ? [] : settingsOf(schema.items, `${path}[]`);
  const below = [...within, ...inBranches, ...inItems];
  return below.length === 0 || path.endsWith('password') ? [{ path, schema }] : below;
}

const schema = z.toJSONSchema(centralConfigSchema, { io: 'input' }) as Schema;
const settings = settingsOf(schema).filter(({ schema: { const: fixed } }) => fixed === undefined);

/** The lines that set it, active or as a comment, each with its explanation: the lines above that begin with ##. */
function explanationsOf(path: string): string[] {
  const lines = EXAMPLE.split('\n');
  const name = (path.split('.').at(-1) ?? '').replace('[]', '');
  const isSet = new RegExp(`(^|[#{ ,-])${name}: `);
  return lines.flatMap((line, at) => {
    if (line.includes('##') || !isSet.test(`${line} `)) return [];
    let start = at;
    while ((lines[start - 1] ?? '').includes('##')) start--;
    return [lines.slice(start, at + 1).join('\n')];
  });
}

describe('examples/central.yaml', () => {
  it('has every setting of the schema', () => {
    expect(settings.length).toBeGreaterThan(25);
    const missing = settings.map(({ path }) => path).filter((path) => explanationsOf(path).length === 0);
    expect(missing).toEqual([]);
  });

  it.each(settings.filter(({ schema: { default: value } }) => ['string', 'number'].includes(typeof value)))(
    'says what $path is without it',
    ({ path, schema: { default: value } }) => {
      const text = explanationsOf(path).join('\n');
      expect(text.replaceAll('both are the defaults', String(value))).toContain(String(value));
    },
  );
});
