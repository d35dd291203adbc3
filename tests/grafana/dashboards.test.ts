import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOnInflux, startInflux, type InfluxServer } from '../support/influx.ts';
import { describeWith } from '../support/parts.ts';
import { ALL, expand, type Choice, type Chosen, type Range } from './expand.ts';
import { framesOf } from './frames.ts';
import { fieldConfigRegistry, loadGrafanaData, type Frame, type GrafanaData } from './grafana-data.ts';
import { ask, write, type Answer } from './influx.ts';
import { levelOf, rollUp, standing } from './levels.ts';
import { createTypeChecker } from './schemas.ts';
import { AWKWARD, DIP, DOWN, ENTITIES, GAP, GAP_MINUTES, seedLines, tagOf } from './seed.ts';
import { panelsOf, readDashboards, type Dashboard, type Panel, type Target } from './targets.ts';

const MINUTES = 120;
/** What a browser and InfluxDB can carry for one target. */
const MAX_SERIES = 500;
const MAX_BYTES = 2_000_000;
/** Width of a panel in points, as a browser asks. */
const POINTS = 600;
/** Of the slowest targets, in what the test prints. */
const PRINTED = 5;

const DASHBOARDS = readDashboards('en');
let data: GrafanaData;
let influx: InfluxServer;
let range: Range;

describeGrafana('every target of every panel, on a real InfluxDB', () => {
  beforeAll(async () => {
    data = loadGrafanaData();
    influx = await startInflux();
    await runOnInflux(influx.url, 'CREATE DATABASE "wardwatch"');
    const toMs = Math.floor(Date.now() / 60_000) * 60_000;
    range = { fromMs: toMs - MINUTES * 60_000, toMs };
    await write(influx.url, [...seedLines(toMs, MINUTES)]);
    await rollUp(influx.url, range);
  });
  afterAll(() => influx.stop());

  const choices: readonly (readonly [string, (tag: string) => Choice])[] = [
    ['all', () => ALL],
    ['one', (tag) => tagOf(tag, 0)],
    ['three', (tag) => [0, DOWN, GAP].map((entity) => tagOf(tag, entity))],
    ...AWKWARD.map(
      (name, at) => [name, (tag: string) => tagOf(tag, ENTITIES - AWKWARD.length + at)] as const,
    ),
  ];

  it.each(choices)('answers for %s', async (name, choose) => {
    const faults: string[] = [];
    const times: { readonly tookMs: number; readonly what: string }[] = [];
    for (const dashboard of DASHBOARDS) {
      const chosen = choiceFor(dashboard, choose);
      for (const panel of panelsOf(dashboard)) {
        for (const target of panel.targets ?? []) {
          const level = levelOf(target);
          const answer = await answerOf(panel, target, { ...chosen, level });
          times.push({ tookMs: answer.tookMs, what: `${dashboard.uid}: ${panel.title} ${target.refId}` });
          const other = await answerOf(panel, target, { ...chosen, level: level === '' ? ':hour' : '' });
          const isChosen = target.query.includes('${level:');
          faults.push(
            ...[
              ...faultsOf(answer),
              ...(isChosen && other.series.length > 0 ? ['answers for another level'] : []),
              ...(other.error === undefined ? [] : [other.error]),
            ].map((fault) => `${dashboard.uid}: ${panel.title} ${target.refId}: ${fault}\n  ${target.query}`),
          );
        }
      }
    }
    print(name, times);
    expect(faults).toEqual([]);
    expect(times.length).toBeGreaterThan(150);
  });

  it('gives variables their values, each within what was chosen before', async () => {
    for (const dashboard of DASHBOARDS) {
      const chosen: Record<string, string> = {};
      for (const { name, query } of dashboard.templating.list) {
        if (isHidden({ name })) continue;
        const answer = await ask(influx.url, expand(data, query, chosen, range));
        expect(answer.error, `${dashboard.uid}: ${name}`).toBeUndefined();
        const values = answer.series.flatMap((each) => each.values.map(([, value]) => String(value)));
        expect(values, `${dashboard.uid}: ${name}`).toEqual(expect.arrayContaining(["O'x"]));
        chosen[name] = "O'x";
      }
    }
  });

  it('reads hours for a long time, minutes of what samples are gone of, else samples', async () => {
    const [{ templating }] = DASHBOARDS as readonly [Dashboard];
    const { query } = templating.list.find(({ name }) => name === 'level')!;
    const dayMs = 86_400_000;
    const { toMs } = range;
    const levelsOf = async (fromMs: number, untilMs: number): Promise<readonly string[]> => {
      const { series } = await ask(influx.url, expand(data, query, {}, { fromMs, toMs: untilMs }));
      return series.flatMap(({ values }) => values.map(([, level]) => String(level))).sort();
    };
    expect(await levelsOf(toMs - dayMs, toMs)).toEqual([]);
    await standing(influx.url, { rawFromMs: toMs - 7 * dayMs, minuteFromMs: toMs - 90 * dayMs });
    expect(await levelsOf(toMs - dayMs, toMs)).toEqual([]);
    expect((await levelsOf(toMs - 2 * dayMs, toMs))[0]).toBe(':hour');
    expect(await levelsOf(toMs - 21 * dayMs, toMs - 20.5 * dayMs)).toEqual([':minute']);
    expect((await levelsOf(toMs - 100 * dayMs, toMs - 99.5 * dayMs))[0]).toBe(':hour');
  });

  it('has marks for incidents and planned work, with the columns that they name', async () => {
    for (const { annotations } of DASHBOARDS) {
      for (const { name, target } of annotations.list) {
        const { error, series } = await ask(influx.url, expand(data, target.query, {}, range));
        expect(error).toBeUndefined();
        const columns = series[0]?.columns ?? [];
        const wanted = [target.textColumn, target.timeEndColumn, ...target.tagsColumn.split(',')];
        expect(columns, name).toEqual(expect.arrayContaining(wanted));
        expect(series[0]?.values.length).toBeGreaterThan(0);
      }
    }
  });

  describe('as panels show it', () => {
    it('has every field that overrides, orders, maps and links name, and values with their units', async () => {
      const units = new Set(
        data.getValueFormats().flatMap(({ submenu }) => submenu.map(({ value }) => value)),
      );
      const faults: string[] = [];
      for (const dashboard of DASHBOARDS) {
        for (const panel of panelsOf(dashboard)) {
          const frames = await shownFrames(dashboard, panel);
          faults.push(
            ...[...shownFaults(panel, frames, units)].map(
              (fault) => `${dashboard.uid}: ${panel.title}: ${fault}`,
            ),
          );
        }
      }
      expect(faults).toEqual([]);
    });

    it('finds a field that is not there, and a unit that Grafana does not know', async () => {
      const shown = panel('city-overview', 'Units, worst first');
      const frames = await shownFrames(dashboard('city-overview'), shown);
      const wrong = JSON.parse(JSON.stringify(shown).replaceAll('"state_s"', '"state_seconds"')) as Panel;
      const odd = { ...shown, fieldConfig: { ...shown.fieldConfig, defaults: { unit: 'parsecs' } } };
      expect([...shownFaults(wrong, frames, new Set(['none', 's', 'short', 'percent']))]).toEqual([
        'no field state_seconds to override',
        'no column state_seconds to place',
      ]);
      expect([...shownFaults(odd, frames, new Set(['s', 'short', 'percent']))]).toEqual(['unit parsecs']);
    });

    it('shows what is down in red, and everything else not', async () => {
      const frames = await shownFrames(dashboard('city-overview'), panel('city-overview', 'Units'));
      expect(coloursBy(frames, 'unit', 'state_code')).toMatchObject({
        [tagOf('unit', DOWN)]: '#F2495C',
        [tagOf('unit', 0)]: '#73BF69',
      });
    });

    it('shows what is missing in grey, and says so', async () => {
      const critical = panel('city-overview', 'Critical alerts');
      const empty = { ...range, fromMs: range.toMs + 3_600_000, toMs: range.toMs + 7_200_000 };
      expect((await displayed(critical, range)).map(({ color }) => color)).not.toContain('#8e8e8e');
      expect(await displayed(critical, empty)).toMatchObject([{ text: 'no data', color: '#8e8e8e' }]);
    });

    it('has a gap where nothing was measured, and a dip where there was one', async () => {
      const overview = panel('city-unit', 'State of the sites');
      const chosen = { unit: tagOf('unit', GAP) };
      const [target] = overview.targets ?? [];
      const { series } = await answerOf(overview, target!, chosen);
      const gap = series[0]!.values.filter(([time]) => isWithin(Number(time), GAP_MINUTES));
      expect(gap.map(([, value]) => value)).toEqual(gap.map(() => null));
      expect(gap.length).toBeGreaterThan(10);
      const radio = panel('city-unit', 'Radio at or above the minimum');
      const dip = await answerOf(radio, radio.targets![0]!, { unit: tagOf('unit', DIP) });
      const values = dip.series.flatMap((each) => each.values.map(([, value]) => Number(value)));
      expect(Math.min(...values.filter((value) => value > 0))).toBe(62);
    });
  });

  function dashboard(uid: string): Dashboard {
    return DASHBOARDS.find((each) => each.uid === uid)!;
  }

  function panel(uid: string, title: string): Panel {
    return panelsOf(dashboard(uid)).find((each) => each.title === title)!;
  }

  function isWithin(timeMs: number, { from, to }: typeof GAP_MINUTES): boolean {
    const minute = (range.toMs - timeMs) / 60_000;
    return minute <= from && minute > to;
  }

  async function answerOf(shown: Panel, target: Target, chosen: Chosen, when = range): Promise<Answer> {
    const [from, to] = [data.dateTime(when.fromMs), data.dateTime(when.toMs)];
    const step = data.rangeUtil.calculateInterval(
      { from, to, raw: { from, to } },
      POINTS,
      shown.interval ?? '30s',
    );
    return ask(influx.url, expand(data, target.query, chosen, when, step));
  }

  async function shownFrames(from: Dashboard, shown: Panel, when = range): Promise<readonly Frame[]> {
    const chosen = choiceFor(from, () => ALL);
    const raw: Frame[] = [];
    for (const target of shown.targets ?? []) {
      raw.push(...framesOf(data, target, (await answerOf(shown, target, chosen, when)).series));
    }
    const transformed = await new Promise<readonly Frame[]>((resolve, reject) =>
      data.transformDataFrame(shown.transformations ?? [], raw).subscribe({ next: resolve, error: reject }),
    );
    return data.applyFieldOverrides({
      data: transformed,
      fieldConfig: shown.fieldConfig,
      fieldConfigRegistry: fieldConfigRegistry(data),
      replaceVariables: (text: string) => text,
      theme: data.createTheme(),
      timeZone: 'Asia/Ho_Chi_Minh',
    });
  }

  async function displayed(shown: Panel, when: Range) {
    const frames = await shownFrames(dashboard('city-overview'), shown, when);
    const values = data.getFieldDisplayValues({
      data: frames,
      fieldConfig: shown.fieldConfig,
      reduceOptions: shown.options['reduceOptions'],
      replaceVariables: (text: string) => text,
      theme: data.createTheme(),
      timeZone: 'Asia/Ho_Chi_Minh',
    });
    return values.map(({ display }) => display);
  }
});

describeGrafana('the committed files', () => {
  it('are what the types of the SDK allow, down to the options of each panel', () => {
    const check = createTypeChecker('dashboard', ['Dashboard']);
    const panels = new Map<string, ReturnType<typeof createTypeChecker>>();
    const modules: Readonly<Record<string, string>> = {
      'state-timeline': 'statetimeline',
      nodeGraph: 'nodegraph',
    };
    const faults: string[] = [];
    for (const each of DASHBOARDS) {
      faults.push(...check('Dashboard', each).map((fault) => `${each.uid}${fault}`));
      for (const panel of panelsOf(each)) {
        const module = modules[panel.type] ?? panel.type;
        const checkPanel = panels.get(module) ?? createTypeChecker(module, ['Options']);
        panels.set(module, checkPanel);
        faults.push(
          ...checkPanel('Options', panel.options).map((fault) => `${each.uid}: ${panel.title}${fault}`),
        );
      }
    }
    expect(faults).toEqual([]);
    expect(check('Dashboard', { ...DASHBOARDS[0], refresh: 60 })).not.toEqual([]);
    expect(
      panels.get('stat')?.('Options', { ...panelsOf(DASHBOARDS[0]!)[0]!.options, colourMode: 'x' }),
    ).not.toEqual([]);
  });

  it('of schema v2 are what its types allow', () => {
    const check = createTypeChecker('dashboardv2', ['Dashboard']);
    const directory = join(import.meta.dirname, '../../dashboards/built-v2/vi');
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.json'),
    );
    expect(files.length).toBe(DASHBOARDS.length);
    for (const file of files) {
      const { spec } = JSON.parse(readFileSync(join(directory, file), 'utf8')) as { spec: unknown };
      expect(check('Dashboard', spec), file).toEqual([]);
    }
  });
});

/** A suite that needs Grafana's libraries and InfluxDB. */
function describeGrafana(title: string, suite: () => void): void {
  const isInstalled = existsSync(join(import.meta.dirname, 'node_modules/@grafana/data'));
  if (isInstalled) describeWith(['influxd'], title, suite);
  else describe.skip(`${title} [needs: npm ci in tests/grafana]`, suite);
}

function choiceFor({ templating }: Dashboard, choose: (tag: string) => Choice): Chosen {
  return Object.fromEntries(
    templating.list
      .filter((each) => !isHidden(each))
      .map(({ name, query, multi }) => {
        const tag = /KEY = "(\w+)"/.exec(query)?.[1] ?? name;
        const value = choose(tag);
        if (multi) return [name, value];
        // One at a time: there is no all, and the first of several.
        return [name, value === ALL ? tagOf(tag, 0) : typeof value === 'string' ? value : (value[0] ?? '')];
      }),
  );
}

/** They choose between levels; nobody chooses them. */
function isHidden({ name }: { readonly name: string }): boolean {
  return name === 'level' || name === 'step';
}

function print(name: string, times: readonly { readonly tookMs: number; readonly what: string }[]): void {
  const slowest = times.toSorted((a, b) => b.tookMs - a.tookMs).slice(0, PRINTED);
  const lines = slowest.map(({ tookMs, what }) => `  ${tookMs.toFixed(1)} ms  ${what}`);
  process.stdout.write(`${times.length} targets for ${name}, the slowest:\n${lines.join('\n')}\n`);
}

function faultsOf({ error, series, bytes }: Answer): string[] {
  if (error !== undefined) return [error];
  const values = series.flatMap(({ values: rows }) => rows.flatMap((row) => row.slice(1)));
  return [
    ...(series.length === 0 ? ['no series'] : []),
    ...(series.length > MAX_SERIES ? [`${series.length} series`] : []),
    ...(bytes > MAX_BYTES ? [`${bytes} bytes`] : []),
    ...(series.length > 0 && !values.some((value) => value !== null) ? ['only nulls'] : []),
  ];
}

function* shownFaults(panel: Panel, frames: readonly Frame[], units: ReadonlySet<string>): Generator<string> {
  const fields = frames.flatMap((frame) => frame.fields);
  const names = new Set(
    fields.flatMap((field) => [
      field.name,
      String((field.config as { displayNameFromDS?: string }).displayNameFromDS),
    ]),
  );
  for (const { matcher, properties } of panel.fieldConfig.overrides) {
    if (matcher.id === 'byName' && !names.has(matcher.options))
      yield `no field ${matcher.options} to override`;
    for (const { id, value } of properties)
      if (id === 'unit' && !isKnownUnit(String(value), units)) yield `unit ${String(value)}`;
  }
  const { unit } = panel.fieldConfig.defaults;
  if (unit !== undefined && !isKnownUnit(unit, units)) yield `unit ${unit}`;
  for (const { id, options } of panel.transformations ?? []) {
    if (id !== 'organize') continue;
    for (const name of Object.keys(options['indexByName'] ?? {})) {
      if (name !== 'Time' && !names.has(name)) yield `no column ${name} to place`;
    }
  }
  if (panel.type === 'nodeGraph') {
    for (const name of ['id', 'title', 'mainstat', 'source', 'target'])
      if (!names.has(name)) yield `no ${name}`;
  }
  if (panel.type === 'geomap') {
    for (const name of ['latitude', 'longitude']) if (!names.has(name)) yield `no ${name}`;
  }
  for (const url of linkUrls(panel)) {
    for (const [, name = ''] of url.matchAll(/__data\.fields\.(\w+)/g))
      if (!names.has(name)) yield `no field ${name} for a link`;
    for (const [, label = ''] of url.matchAll(/__field\.labels\.(\w+)/g)) {
      if (!fields.some(({ labels }) => labels?.[label] !== undefined)) yield `no label ${label} for a link`;
    }
  }
  const numbers = fields.filter(
    ({ type, values }) => type === 'number' && values.some((value) => value !== null),
  );
  for (const { name, values, display } of numbers) {
    const shown = display?.(values.find((value) => value !== null));
    if (shown === undefined || /NaN|undefined/.test(shown.text) || shown.text === '')
      yield `${name} shows as "${String(shown?.text)}"`;
  }
}

function isKnownUnit(unit: string, units: ReadonlySet<string>): boolean {
  return units.has(unit) || unit.startsWith('suffix:');
}

function linkUrls({ fieldConfig }: Panel): readonly string[] {
  const ofColumns = fieldConfig.overrides.flatMap(({ properties }) =>
    properties.filter(({ id }) => id === 'links').flatMap(({ value }) => value as readonly { url: string }[]),
  );
  return [...(fieldConfig.defaults.links ?? []), ...ofColumns].map(({ url }) => url);
}

function coloursBy(frames: readonly Frame[], tag: string, name: string): Record<string, string> {
  const [frame] = frames;
  const tags = frame?.fields.find((field) => field.name === tag)?.values ?? [];
  const field = frame?.fields.find((each) => each.name === name);
  return Object.fromEntries(
    tags.map((value, at) => [String(value), field?.display?.(field.values[at]).color ?? '']),
  );
}
