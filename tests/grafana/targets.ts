import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Target {
  readonly refId: string;
  readonly query: string;
  readonly resultFormat: 'time_series' | 'table';
  readonly alias?: string;
}

export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly interval?: string;
  readonly targets?: readonly Target[];
  readonly transformations?: readonly { readonly id: string; readonly options: Record<string, unknown> }[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly fieldConfig: {
    readonly defaults: { readonly unit?: string; readonly links?: readonly { readonly url: string }[] };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly panels?: readonly Panel[];
}

export interface Variable {
  readonly name: string;
  readonly query: string;
  readonly multi: boolean;
  readonly allValue?: string;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly target: AnnotationTarget }[];
  };
}

export interface AnnotationTarget {
  readonly query: string;
  readonly textColumn: string;
  readonly tagsColumn: string;
  readonly timeEndColumn: string;
}

/** As Grafana reads them: from the files that are committed. */
export function readDashboards(language: 'vi' | 'en'): readonly Dashboard[] {
  const directory = join(import.meta.dirname, '../../dashboards/built', language);
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort()
    .map((path) => JSON.parse(readFileSync(join(directory, path), 'utf8')) as Dashboard);
}

/** Those in closed rows too. */
export function panelsOf(dashboard: Dashboard): readonly Panel[] {
  return dashboard.panels
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .filter(({ type }) => type !== 'row' && type !== 'text');
}
