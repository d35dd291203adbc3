import { z } from 'zod';
import { SEVERITIES } from '../../rules/severity.ts';
import { placeOf, type AlertPlace } from '../../suppression/alert-place.ts';
import type { Places } from '../../suppression/subjects.ts';
import type { SuppressibleAlert } from '../../suppression/suppression.ts';

const MAX_VALUES = 50;

const listOf = <T extends z.ZodType>(value: T) => z.array(value).min(1).max(MAX_VALUES).optional();
const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'expected no control characters');

const EXPECTED_ONE =
  'expected at least one of rule, severity, unit, site, device, link, agent, or everything: true for a silence that takes every alert';

/** What a silence takes: an alert has to fit each list that is given, and fits a list by any of its values. */
export const silenceMatchSchema = z
  .strictObject({
    rule: listOf(
      z.string().regex(/^[a-z0-9_*]{1,64}$/, 'expected the id of a rule, with * for any characters'),
    ).describe('ids of rules; * stands for any characters, as in port_*'),
    severity: listOf(z.enum(SEVERITIES)),
    unit: listOf(name).describe('codes of wards, communes or special zones'),
    site: listOf(name).describe('ids of sites'),
    device: listOf(name).describe('ids of devices; takes what is about any part of one, such as a disk'),
    link: listOf(name).describe('ids of links; takes what is about the port of one as well'),
    agent: listOf(name).describe('ids of agents'),
    everything: z.literal(true).optional().describe('takes every alert; together with no list'),
  })
  .superRefine((match, context) => {
    const problem = (message: string): void => context.addIssue({ code: 'custom', message });
    const { everything, ...lists } = match;
    const isNarrowed = Object.keys(lists).length > 0;
    if (everything === true) {
      if (isNarrowed)
        problem('expected everything: true alone, without rule, severity, unit, site, device, link, agent');
    } else if (!isNarrowed) problem(EXPECTED_ONE);
    else if (takesAll(match)) {
      problem('this takes every alert: expected everything: true in place of lists that leave nothing out');
    }
  });
export type SilenceMatch = z.infer<typeof silenceMatchSchema>;

/** By what of an alert silences are looked up, the most telling first. */
const PLACES = ['device', 'link', 'site', 'agent', 'unit'] as const;
type Place = (typeof PLACES)[number];

/** What of an alert a silence goes by. */
export type Silenceable = Pick<SuppressibleAlert, 'rule' | 'severity'> & Pick<AlertPlace, Place>;

/** Pure. */
export function silenceable(alert: SuppressibleAlert, places: Places): Silenceable {
  const { rule, severity } = alert;
  return { rule, severity, ...placeOf(alert, places) };
}

/** Pure. */
export function takes(match: SilenceMatch, alert: Silenceable): boolean {
  if (!fitsRule(match, alert.rule)) return false;
  if (match.severity !== undefined && !match.severity.includes(alert.severity)) return false;
  return PLACES.every((place) => {
    const wanted = match[place];
    const found = alert[place];
    return wanted === undefined || (found !== undefined && wanted.includes(found));
  });
}

/** Finds which of many silences take an alert without looking at all of them. */
export class SilenceIndex<T> {
  readonly #byPlace = new Map<Place, Map<string, T[]>>();
  readonly #others: T[] = [];
  /** Of the others, those that fit the rule: there are few rules, and each is asked about again and again. */
  readonly #othersByRule = new Map<string, readonly T[]>();
  readonly #matchOf: (silence: T) => SilenceMatch;

  constructor(silences: Iterable<T>, matchOf: (silence: T) => SilenceMatch) {
    this.#matchOf = matchOf;
    for (const silence of silences) {
      const match = matchOf(silence);
      const place = PLACES.find((each) => match[each] !== undefined);
      if (place === undefined) this.#others.push(silence);
      else for (const value of new Set(match[place])) this.#add(place, value, silence);
    }
  }

  get isEmpty(): boolean {
    return this.#byPlace.size === 0 && this.#others.length === 0;
  }

  find(alert: Silenceable): T[] {
    const found: T[] = [];
    const addTaking = (silences: readonly T[]): void => {
      for (const silence of silences) if (takes(this.#matchOf(silence), alert)) found.push(silence);
    };
    for (const [place, byValue] of this.#byPlace) {
      const value = alert[place];
      if (value !== undefined) addTaking(byValue.get(value) ?? []);
    }
    if (this.#others.length > 0) addTaking(this.#othersFor(alert.rule));
    return found;
  }

  #othersFor(rule: string): readonly T[] {
    let fitting = this.#othersByRule.get(rule);
    if (fitting === undefined) {
      fitting = this.#others.filter((silence) => fitsRule(this.#matchOf(silence), rule));
      this.#othersByRule.set(rule, fitting);
    }
    return fitting;
  }

  #add(place: Place, value: string, silence: T): void {
    let byValue = this.#byPlace.get(place);
    if (byValue === undefined) this.#byPlace.set(place, (byValue = new Map<string, T[]>()));
    const known = byValue.get(value);
    if (known === undefined) byValue.set(value, [silence]);
    else known.push(silence);
  }
}

function fitsRule({ rule }: SilenceMatch, id: string): boolean {
  return rule === undefined || rule.some((pattern) => fits(pattern, id));
}

function takesAll({ rule, severity, everything: _everything, ...places }: SilenceMatch): boolean {
  if (Object.keys(places).length > 0) return false;
  const isAnyRule = rule === undefined || rule.some((pattern) => /^\*+$/.test(pattern));
  return isAnyRule && (severity === undefined || SEVERITIES.every((each) => severity.includes(each)));
}

/** Whether `text` fits the pattern, in which * stands for any characters. In time linear in both: patterns come from callers. Pure. */
export function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const endAt = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > endAt) return false;
    at = found + part.length;
  }
  return true;
}
