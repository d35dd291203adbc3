import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the tests use of `@grafana/data`, which is installed beside them and not for the project: see package.json here. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly values: readonly unknown[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly config: {
    readonly unit?: string;
    readonly displayName?: string;
    readonly links?: readonly { readonly url: string }[];
  };
  readonly display?: (value: unknown) => Display;
}
export interface Display {
  readonly text: string;
  readonly color?: string;
  readonly suffix?: string;
  readonly prefix?: string;
}
export interface Frame {
  readonly name?: string;
  readonly refId?: string;
  readonly length: number;
  readonly fields: readonly Field[];
}
interface Registered {
  readonly id: string;
}
interface Observable<T> {
  subscribe(observer: { next: (value: T) => void; error: (error: unknown) => void }): unknown;
}
interface GrafanaData {
  createDataFrame(frame: object): Frame;
  transformDataFrame(
    transformations: readonly unknown[],
    frames: readonly Frame[],
  ): Observable<readonly Frame[]>;
  applyFieldOverrides(options: object): readonly Frame[];
  getFieldDisplayValues(options: object): readonly { readonly display: Display }[];
  getFieldDisplayName(field: Field, frame: Frame, frames: readonly Frame[]): string;
  createTheme(): object;
  escapeRegex(text: string): string;
  getValueFormats(): readonly { readonly submenu: readonly { readonly value: string }[] }[];
  readonly rangeUtil: {
    calculateInterval(
      range: object,
      points: number,
      least: string,
    ): { readonly intervalMs: number; readonly interval: string };
  };
  dateTime(ms: number): object;
  readonly standardTransformers: Readonly<Record<string, Registered>>;
  readonly standardTransformersRegistry: { setInit(init: () => readonly object[]): void };
  readonly standardFieldConfigEditorRegistry: { setInit(init: () => readonly object[]): void };
  readonly FieldConfigOptionsRegistry: new (init: () => readonly object[]) => object;
}

/** Its file for CommonJS: the one for ES modules does not load in Node 20. It asks for the browser's language. */
export function loadGrafanaData(): GrafanaData {
  Reflect.set(
    globalThis,
    'navigator',
    Reflect.get(globalThis, 'navigator') ?? { language: 'en-US', languages: ['en-US'] },
  );
  const require = createRequire(join(import.meta.dirname, 'package.json'));
  const data = require('@grafana/data') as GrafanaData;
  // Only now: libraries that find it while they load look for a document too.
  Reflect.set(globalThis, 'window', {});
  const transformers = new Map(Object.values(data.standardTransformers).map((each) => [each.id, each]));
  data.standardTransformersRegistry.setInit(() =>
    [...transformers.values()].map((each) => ({
      id: each.id,
      name: each.id,
      transformation: () => Promise.resolve(each),
    })),
  );
  data.standardFieldConfigEditorRegistry.setInit(() => OPTIONS);
  return data;
}

/** The settings of a field that Grafana itself registers. */
const OPTIONS = [
  'displayName',
  'unit',
  'min',
  'max',
  'decimals',
  'noValue',
  'thresholds',
  'mappings',
  'links',
  'color',
].map((id) => ({
  id,
  path: id,
  name: id,
  process: (value: unknown) => value,
  shouldApply: () => true,
}));

/** Those, and what each kind of panel adds. */
export function fieldConfigRegistry(data: GrafanaData): object {
  const custom = ['hidden', 'hideFrom', 'width', 'cellOptions', 'transform'].map((id) => ({
    id: `custom.${id}`,
    path: id,
    name: id,
    isCustom: true,
    process: (value: unknown) => value,
    shouldApply: () => true,
  }));
  return new data.FieldConfigOptionsRegistry(() => [...OPTIONS, ...custom]);
}

export type { GrafanaData };
