import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type * as classic from '@grafana/grafana-foundation-sdk/dashboard';
import type * as v2 from '@grafana/grafana-foundation-sdk/dashboardv2';
import { buildDashboards, SCHEMAS } from '../../dashboards/build.ts';
import { LANGUAGES } from '../../dashboards/render/context.ts';
import { readRuleFiles } from '../rules/rule-files.ts';
import { builtDirectory } from './dashboards-build.ts';
import { ruleBook } from './rule-book.ts';

const ROOT = join(import.meta.dirname, '../..');
const rules = ruleBook(readRuleFiles({}));

describe.each(SCHEMAS)('what is committed as %s', (schema) => {
  it.each(LANGUAGES)(
    'in %s is what the sources make: `wardwatch dashboards build` brings it up to date',
    (language) => {
      const directory = join(ROOT, builtDirectory(schema, language));
      const built = new Map(
        buildDashboards({ language, rules }, schema).map(({ path, text }) => [path, text]),
      );
      const committed = existsSync(directory)
        ? readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
            path.endsWith('.json'),
          )
        : [];
      expect(committed.sort()).toEqual([...built.keys()].sort());
      const differing = committed.filter(
        (path) => readFileSync(join(directory, path), 'utf8') !== built.get(path),
      );
      expect(differing).toEqual([]);
    },
  );
});

interface Asked {
  readonly title: string;
  readonly queries: readonly unknown[];
}

describe('both schemas', () => {
  const inClassic = buildDashboards({ language: 'en', rules }, 'classic').map(({ text }) =>
    parse<ClassicFile>(text),
  );
  const inV2 = buildDashboards({ language: 'en', rules }, 'v2').map(({ text }) => parse<V2File>(text));

  it('have the same dashboards, with the same variables', () => {
    expect(
      inV2.map(({ metadata: { name }, spec }) => [name, spec.title, spec.variables.map(nameOf)]),
    ).toEqual(
      inClassic.map(({ uid, title, templating }) => [uid, title, templating.list?.map(({ name }) => name)]),
    );
  });

  it('name the same panels and queries', () => {
    expect(inV2.map(({ spec }) => askedByV2(spec))).toEqual(inClassic.map(askedByClassic));
    expect(inClassic.flatMap(askedByClassic).length).toBeGreaterThan(100);
  });

  it('draw them alike', () => {
    expect(inV2.map(({ spec }) => Object.values(spec.elements).map(drawnByV2))).toEqual(
      inClassic.map((dashboard) =>
        panelsOf(dashboard).map(({ type, options, fieldConfig }) => ({
          type,
          options: options as unknown,
          fieldConfig,
        })),
      ),
    );
  });
});

/* eslint-disable @typescript-eslint/no-deprecated -- the classic schema is what Grafana 12 reads */
type ClassicFile = classic.Dashboard;
interface V2File {
  readonly metadata: { readonly name: string };
  readonly spec: v2.Dashboard;
}

function parse<File>(text: string): File {
  return JSON.parse(text) as File;
}

function nameOf(variable: v2.VariableKind): string {
  return variable.spec.name;
}

function panelsOf(dashboard: ClassicFile): readonly classic.Panel[] {
  return (dashboard.panels ?? []).flatMap((entry) =>
    entry.type === 'row' && 'collapsed' in entry ? entry.panels : [entry as classic.Panel],
  );
}

function askedByClassic(dashboard: ClassicFile): readonly Asked[] {
  return panelsOf(dashboard).map(({ title = '', targets = [] }) => ({
    title,
    queries: targets.map((target): object => {
      const { query, alias, resultFormat, refId } = target as unknown as Record<string, string>;
      return { query, alias, resultFormat, refId };
    }),
  }));
}

function askedByV2(dashboard: v2.Dashboard): readonly Asked[] {
  return Object.values(dashboard.elements).map((element) => {
    if (element.kind !== 'Panel') throw new Error(`a panel of kind ${element.kind}`);
    const { title, data } = element.spec;
    return {
      title,
      queries: data.spec.queries.map(({ spec: { query, refId } }) => {
        const { query: text, alias, resultFormat } = query.spec as Record<string, string>;
        return { query: text, alias, resultFormat, refId };
      }),
    };
  });
}

function drawnByV2(element: v2.Element): object {
  if (element.kind !== 'Panel') throw new Error(`a panel of kind ${element.kind}`);
  const { group, spec } = element.spec.vizConfig;
  return { type: group, options: spec.options as unknown, fieldConfig: spec.fieldConfig };
}
