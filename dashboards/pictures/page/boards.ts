import type { Dashboard, Panel } from '../../../tests/grafana/targets.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What the page needs of a committed file beyond what the tests do. */
export interface BoardPanel extends Panel {
  readonly id: number;
  readonly description?: string;
  readonly collapsed?: boolean;
  readonly gridPos: Place;
}

export interface Board extends Omit<Dashboard, 'panels'> {
  readonly description: string;
  readonly time: { readonly from: string };
  readonly refresh: string;
  readonly panels: readonly BoardPanel[];
  readonly links: readonly { readonly title: string }[];
  readonly templating: {
    readonly list: readonly (Dashboard['templating']['list'][number] & {
      readonly label: string;
      /** 2: hidden. */
      readonly hide?: number;
    })[];
  };
  readonly annotations: {
    readonly list: readonly (Dashboard['annotations']['list'][number] & { readonly iconColor: string })[];
  };
}

const FILES = import.meta.glob<{ default: Board }>('../../built/*/*/*.json', { eager: true });

export function boardOf(uid: string, language: 'vi' | 'en'): Board {
  const path = Object.keys(FILES).find(
    (each) => each.includes(`/${language}/`) && each.endsWith(`/${uid}.json`),
  );
  const file = path === undefined ? undefined : FILES[path];
  if (file === undefined) throw new Error(`no dashboard ${uid} in ${language}`);
  return file.default;
}

/** Grafana's grid: 24 columns, 30 px a row, 8 px between panels, 16 px at the edges. */
export function pixelsOf({ x, y, w, h }: Place, pageWidth: number) {
  const column = (pageWidth - 32 - 23 * 8) / 24;
  return {
    left: Math.round(16 + x * (column + 8)),
    top: y * 38,
    width: Math.round(w * column + (w - 1) * 8),
    height: h * 30 + (h - 1) * 8,
  };
}

const HOURS: Readonly<Record<string, number>> = { m: 1 / 60, h: 1, d: 24 };

/** `now-3h`, as ms. */
export function spanMs({ time }: Board): number {
  const [, count = '', unit = ''] = /^now-(\d+)([mhd])$/.exec(time.from) ?? [];
  const hours = HOURS[unit];
  if (hours === undefined) throw new Error(`unknown time ${time.from}`);
  return Number(count) * hours * 3_600_000;
}
