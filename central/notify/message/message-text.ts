import { visibleText } from '../../../runtime/visible-text.ts';
import { utcOffsetMs } from '../../../runtime/time-zone.ts';
import { SEVERITIES } from '../../alerts/rules/severity.ts';
import type { AlertFacts } from './alert-facts.ts';
import type { MessageIncident } from './message-incident.ts';
import { inOrderOfWeight, isOver, type Message, type MessageAlert } from './message.ts';
import { WORDS, type Language } from './words.ts';

export interface TextOptions {
  readonly language: Language;
  readonly timeZone: string;
  /** Of title and text together. */
  readonly maxChars: number;
}

export interface MessageText {
  readonly title: string;
  /** Lines; empty where the title says it all. */
  readonly text: string;
}

/** More alerts than this are counted by unit before they are listed. */
const COUNTED_ABOVE = 5;
const MAX_UNITS = 20;
const MAX_VALUE_CHARS = 120;

/**
 * Pure. The message in one language, in plain text. What does not fit is counted, never cut within a line; the gravest
 * come first. Names and values from agents are shown as text: no line breaks, nothing that a terminal would act on.
 */
export function messageText(message: Message, options: TextOptions): MessageText {
  const words = WORDS[options.language];
  const [first] = message.alerts;
  if (message.kind === 'test') return { title: words.test, text: words.testText };
  if (first === undefined) return { title: '', text: '' };
  if (message.incident !== undefined) return incidentText(message, message.incident, options);
  if (message.alerts.length === 1) {
    const { [options.language]: action } = first.facts.action;
    const title = lineOf(first, options);
    return {
      title: shortened(title, options.maxChars),
      text: isOver(first) ? '' : fitting([action], title, options),
    };
  }
  const title = summaryOf(message.alerts, options.language);
  return { title, text: fitting(linesOf(message.alerts, options), title, options) };
}

/** The title is the alert that stands for all of it and what is cut off; the text names the root, then the other alerts. */
function incidentText(message: Message, incident: MessageIncident, options: TextOptions): MessageText {
  const words = WORDS[options.language];
  const ordered = inOrderOfWeight(message.alerts);
  const head = ordered.find(({ facts }) => facts.id === incident.headAlertId) ?? ordered[0];
  if (head === undefined) return { title: '', text: '' };
  const { root, rootName, counts, suppressedAlerts } = incident;
  const allOver = message.alerts.every(isOver);
  const hasCut = counts.sites + counts.devices + counts.services > 0;
  // Its value is from when it began, such as fewer sites.
  const line = lineOf(head, options, !hasCut);
  const title = shortened(hasCut ? `${line} · ${words.cutOff(counts, allOver)}` : line, options.maxChars);
  const shownRoot = shown(rootName === root ? root : `${rootName} (${root})`);
  const others = ordered.filter((alert) => alert !== head);
  const lines = [
    words.root(shownRoot),
    ...(suppressedAlerts > 0 ? [words.suppressed(suppressedAlerts, allOver)] : []),
    allOver ? '' : head.facts.action[options.language],
    ...others.map((alert) => lineOf(alert, options)),
  ].filter((each) => each !== '');
  return { title, text: fitting(lines, title, options) };
}

function summaryOf(alerts: readonly MessageAlert[], language: Language): string {
  const words = WORDS[language];
  const count = (isSo: (alert: MessageAlert) => boolean): number => alerts.filter(isSo).length;
  const counted = words.counted(
    count(({ what }) => what === 'begin'),
    count(({ what }) => what === 'change'),
    count(isOver),
  );
  const open = alerts.filter((alert) => !isOver(alert));
  const bySeverity = [...SEVERITIES].reverse().flatMap((severity) => {
    const number = open.filter(({ facts }) => facts.severity === severity).length;
    return number === 0 ? [] : [`${words.severity[severity]} ${number}`];
  });
  return bySeverity.length === 0 ? counted : `${counted} (${bySeverity.join(', ')})`;
}

function linesOf(alerts: readonly MessageAlert[], options: TextOptions): readonly string[] {
  const lines = inOrderOfWeight(alerts).map((alert) => lineOf(alert, options));
  return alerts.length > COUNTED_ABOVE ? [unitCounts(alerts, options.language), ...lines] : lines;
}

/** Such as `unit 26734 Sài Gòn: 12 · unit 26737 Tân Định: 3`, most first. */
function unitCounts(alerts: readonly MessageAlert[], language: Language): string {
  const counts = new Map<string, number>();
  for (const { facts } of alerts) counts.set(unitOf(facts), (counts.get(unitOf(facts)) ?? 0) + 1);
  const named = [...counts].filter(([unit]) => unit !== '').sort(([, a], [, b]) => b - a);
  const shown = named.slice(0, MAX_UNITS).map(([unit, count]) => `${WORDS[language].unit} ${unit}: ${count}`);
  return [...shown, ...(named.length > MAX_UNITS ? ['…'] : [])].join(' · ');
}

function unitOf({ unit = '', unitName }: AlertFacts): string {
  return unitName === undefined ? unit : `${unit} ${visibleText(unitName)}`;
}

/** Such as `[CRITICAL] Smoke in the room · 26737 Tân Định · site-26737-01 · device sensor-1 · 0.4 dB/m · since 02:10 30/11`. */
function lineOf(alert: MessageAlert, { language, timeZone }: TextOptions, withValue = true): string {
  const words = WORDS[language];
  const { facts } = alert;
  const over = isOver(alert);
  const began = clockTime(facts.startedAtMs, timeZone);
  const times = over
    ? `${began} – ${clockTime(facts.endedAtMs ?? facts.startedAtMs, timeZone)}`
    : `${words.since} ${began}`;
  const entity = Object.entries(facts.entity).map(([tag, value]) => `${tag} ${shown(value)}`);
  const parts = [
    `[${over ? words.over : words.severity[facts.severity]}] ${facts.title[language]}`,
    unitOf(facts),
    shown(facts.site ?? ''),
    ...entity,
    over || !withValue || isFlag(facts) ? '' : shown(facts.valueText),
    times,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** `false` beside the title says nothing. */
function isFlag({ valueText }: AlertFacts): boolean {
  return valueText === 'true' || valueText === 'false';
}

function shown(value: string): string {
  return shortened(visibleText(value), MAX_VALUE_CHARS);
}

/** `02:10 30/11`, local time. */
function clockTime(atMs: number, timeZone: string): string {
  const local = new Date(atMs + utcOffsetMs(timeZone, atMs));
  const two = (number: number): string => String(number).padStart(2, '0');
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  return `${time} ${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}`;
}

/** As many lines as there is room for beside the title, then how many more there are. */
function fitting(lines: readonly string[], title: string, { maxChars, language }: TextOptions): string {
  const { more } = WORDS[language];
  const room = maxChars - title.length - 1;
  const kept: string[] = [];
  let used = 0;
  for (const line of lines) {
    const isLast = kept.length === lines.length - 1;
    const reserve = isLast ? 0 : more(lines.length).length + 1;
    if (used + line.length + 1 + reserve > room) break;
    kept.push(line);
    used += line.length + 1;
  }
  const left = lines.length - kept.length;
  if (left === 0) return kept.join('\n');
  const rest = more(left);
  return used + rest.length <= room && lines.length > 1 ? [...kept, rest].join('\n') : kept.join('\n');
}

function shortened(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, Math.max(0, maxChars - 1))}…`;
}
