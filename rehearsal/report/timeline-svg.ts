import type { Timeline } from '../scenarios/timeline.ts';
import { escapeHtml } from './escape-html.ts';

const WIDTH = 1120;
const LABELS = 330;
const ROW = 18;
const TOP = 26;
/** A storm has hundreds: whoever wants all reads --json. */
const MOST_ALERTS = 40;
const MOST_FAULTS = 20;
const TICKS = 8;
const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1_440, 2_880] as const;
const MINUTE_MS = 60_000;
const SHAPES = {
  begin: 'M-5,-5 L5,-5 L0,4 Z',
  end: 'M-5,4 L5,4 L0,-5 Z',
  other: 'M-3,0 a3,3 0 1,0 6,0 a3,3 0 1,0 -6,0',
};

/** What was wrong, the alerts, the messages of each channel, a row each. Pure. */
export function timelineSvg({ lengthMs, faults, alerts, messages }: Timeline, name: string): string {
  const x = (ms: number): number =>
    round(LABELS + ((WIDTH - LABELS - 10) * Math.min(lengthMs, Math.max(0, ms))) / lengthMs);
  const rows: string[] = [];
  const add = (label: string, content: string, isSoft = false): void => {
    const y = TOP + rows.length * ROW;
    const short = label.length > 52 ? `${label.slice(0, 51)}…` : label;
    rows.push(
      `<g transform="translate(0,${y})"><text y="12"${isSoft ? ' class="soft"' : ''}>${escapeHtml(short)}<title>${escapeHtml(label)}</title></text>${content}</g>`,
    );
  };
  const bar = (from: number, to: number, style: string, title: string): string =>
    `<rect x="${x(from)}" y="3" width="${Math.max(2, round(x(to) - x(from)))}" height="11" rx="2" class="${style}"><title>${escapeHtml(title)}</title></rect>`;
  for (const { what, from, to } of faults.slice(0, MOST_FAULTS))
    add(what, bar(from, to, 'fault', `${what}: ${clock(from)} to ${clock(to)}`));
  if (faults.length > MOST_FAULTS) add(`and ${faults.length - MOST_FAULTS} more`, '', true);
  for (const { rule, severity, about, from, fired, to, isHistory } of alerts.slice(0, MOST_ALERTS)) {
    const title = `${rule} (${severity}) ${about}: began ${clock(from)}, fired ${clock(fired)}, ${to === undefined ? 'open' : `over ${clock(to)}`}`;
    const end = to ?? lengthMs;
    const style = isHistory ? 'history' : severity;
    add(
      `${rule} ${about}`,
      `${bar(from, Math.min(fired, end), `${style} wait`, title)}${bar(Math.min(fired, end), end, style, title)}`,
    );
  }
  if (alerts.length > MOST_ALERTS) add(`and ${alerts.length - MOST_ALERTS} more alerts`, '', true);
  for (const channel of [...new Set(messages.map((message) => message.channel))].sort()) {
    const own = messages.filter((message) => message.channel === channel);
    const marks = own.map(
      ({ at, what, text }) =>
        `<path d="${SHAPES[what]}" transform="translate(${x(at)},8)" class="${what}"><title>${escapeHtml(`${clock(at)} ${text}`)}</title></path>`,
    );
    add(`to ${channel}: ${own.length}`, marks.join(''));
  }
  const height = TOP + rows.length * ROW + 4;
  const stepMs = (STEPS_MIN.find((step) => lengthMs / MINUTE_MS / step <= TICKS) ?? 5_760) * MINUTE_MS;
  const ticks: string[] = [];
  for (let ms = 0; ms <= lengthMs; ms += stepMs)
    ticks.push(
      `<line x1="${x(ms)}" x2="${x(ms)}" y1="18" y2="${height}" class="grid"/><text x="${x(ms)}" y="12" class="soft">${ms / MINUTE_MS} min</text>`,
    );
  return `<svg width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(`Timeline of ${name}`)}">${ticks.join('')}${rows.join('')}</svg>`;
}

function clock(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  return `${minutes}:${String(Math.floor((ms % MINUTE_MS) / 1_000)).padStart(2, '0')}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
