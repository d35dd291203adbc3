import { describe, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { readRuleFiles } from '../rules/rule-files.ts';
import { ruleBook } from './rule-book.ts';

interface Position {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface BuiltPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Position;
  readonly panels?: readonly BuiltPanel[];
  readonly options?: { readonly legend?: { readonly showLegend?: boolean } };
  readonly targets?: readonly {
    readonly query: string;
    readonly resultFormat: string;
    readonly alias?: string;
  }[];
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly noValue?: string;
      readonly thresholds?: {
        readonly steps: readonly { readonly value: number | null; readonly color: string }[];
      };
      readonly mappings?: readonly {
        readonly type: string;
        readonly options: { readonly match?: string; readonly result?: { readonly color: string } };
      }[];
    };
  };
}

interface Built {
  readonly uid: string;
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly timezone: string;
  readonly panels: readonly BuiltPanel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly refresh: number;
      readonly multi: boolean;
      readonly allValue?: string;
    }[];
  };
}

const rules = ruleBook(readRuleFiles({}));
const boards = buildDashboards({ language: 'vi', rules }, 'classic').map(
  ({ text }) => JSON.parse(text) as Built,
);
const panels = boards.flatMap(({ uid, panels: all }) =>
  all.flatMap((panel) => [panel, ...(panel.panels ?? [])]).map((panel) => ({ uid, panel })),
);
const drawn = panels.filter(({ panel: { type } }) => type !== 'row' && type !== 'text');
const named = (all: typeof panels): string[] => all.map(({ uid, panel }) => `${uid}: ${panel.title}`);

describe('a built dashboard', () => {
  it('is of the schema of Grafana 12.3, not editable, in the time of the city', () => {
    expect(
      new Set(
        boards.map(({ schemaVersion, editable, timezone }) => `${schemaVersion} ${editable} ${timezone}`),
      ),
    ).toEqual(new Set(['42 false Asia/Ho_Chi_Minh']));
  });

  it('gives each panel and row a number of its own', () => {
    for (const { uid } of boards) {
      const ids = panels.filter((each) => each.uid === uid).map(({ panel: { id } }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(Math.min(...ids)).toBe(1);
    }
  });

  it('lays panels side by side, within the width, none upon another', () => {
    for (const { panels: top } of boards) {
      for (const group of [top, ...top.map(({ panels: closed = [] }) => closed)]) {
        const positions = group.map(({ gridPos }) => gridPos);
        expect(positions.filter(({ x, w }) => x < 0 || w < 1 || x + w > 24)).toEqual([]);
        const overlaps = positions.flatMap((a, at) =>
          positions
            .slice(at + 1)
            .filter((b) => overlap(a, b))
            .map((b) => [a, b]),
        );
        expect(overlaps).toEqual([]);
      }
    }
  });

  it('hides nothing in the menu of its controls', () => {
    expect(boards.filter((board) => JSON.stringify(board).includes('inControlsMenu'))).toEqual([]);
  });

  it('reads the values of its variables anew, and asks for all with an expression', () => {
    const variables = boards.flatMap(({ templating }) => templating.list);
    expect(variables.filter(({ refresh }) => refresh !== 2)).toEqual([]);
    expect(variables.filter(({ multi, allValue }) => multi !== (allValue === '.*'))).toEqual([]);
  });
});

describe('a built panel', () => {
  it('asks the data source that is provisioned', () => {
    expect(named(drawn.filter(({ panel }) => panel.datasource?.uid !== 'wardwatch-influx'))).toEqual([]);
  });

  it('says what is missing, in grey: green is what was measured and is good', () => {
    const silent = drawn.filter(({ panel }) => {
      const { noValue, mappings = [] } = panel.fieldConfig?.defaults ?? {};
      const missing = mappings.find(({ type }) => type === 'special');
      return (
        noValue !== 'không có dữ liệu' ||
        missing?.options.match !== 'null+nan' ||
        missing.options.result?.color !== '#8e8e8e'
      );
    });
    expect(named(silent)).toEqual([]);
  });

  it('has its own thresholds, never those of Grafana', () => {
    const bad = drawn.filter(({ panel }) => {
      const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
      const limits = steps.map(({ value }) => value ?? -Infinity);
      return steps[0]?.value !== null || limits.some((limit, at) => at > 0 && limit <= (limits[at - 1] ?? 0));
    });
    expect(named(bad)).toEqual([]);
  });

  it('has a legend where it has series', () => {
    const bare = drawn.filter(
      ({ panel }) =>
        /timeseries|state-timeline/.test(panel.type) && panel.options?.legend?.showLegend !== true,
    );
    expect(named(bare)).toEqual([]);
  });

  it('names its series: Grafana puts tags in any order', () => {
    const bare = drawn.filter(({ panel }) =>
      panel.targets?.some(
        ({ query, resultFormat, alias }) =>
          resultFormat === 'time_series' && query.includes('GROUP BY') && (alias ?? '') === '',
      ),
    );
    expect(named(bare)).toEqual([]);
  });
});

function overlap(a: Position, b: Position): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
