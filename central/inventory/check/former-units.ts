import type { FormerUnit, InventoryFile } from '../../../contract/inventory.ts';
import { dayBefore } from '../geography/days.ts';
import { UnitHistory } from '../geography/unit-history.ts';
import type { NearestNames } from './nearest-names.ts';
import type { InventoryProblem } from './problem.ts';

/** Former units, and those of sites: every code must mean a unit on its day, and days must follow each other. Pure. */
export function formerUnitProblems(file: InventoryFile, codes: NearestNames): readonly InventoryProblem[] {
  const history = new UnitHistory(file.units, file.formerUnits);
  return [
    ...file.formerUnits.flatMap((former, at) => [
      ...daysOutOfOrder(former, at),
      ...unknownSuccessors(former, at, history, codes),
    ]),
    ...overlaps(file.formerUnits),
    ...file.sites.flatMap(({ formerUnits = [] }, at) =>
      formerUnits.flatMap(({ unit, until }, position) => {
        const place = { list: 'sites', at, field: `formerUnits[${position}]` } as const;
        return [
          ...missingOn(history, unit, dayBefore(until), codes).map((problem) => ({
            ...place,
            ...problem,
            field: `${place.field}.unit`,
          })),
          ...notAfter(formerUnits[position - 1]?.until, until).map((message) => ({
            ...place,
            field: `${place.field}.until`,
            message,
            value: until,
          })),
        ];
      }),
    ),
  ];
}

function daysOutOfOrder({ from, until }: FormerUnit, at: number): readonly InventoryProblem[] {
  if (from === undefined || from < until) return [];
  return [
    {
      list: 'formerUnits',
      at,
      field: 'until',
      message: `expected a day after "from", which is ${from}`,
      value: until,
    },
  ];
}

function unknownSuccessors(
  { successors, until }: FormerUnit,
  at: number,
  history: UnitHistory,
  codes: NearestNames,
): readonly InventoryProblem[] {
  return successors.flatMap((code, position) =>
    missingOn(history, code, until, codes).map((problem) => ({
      list: 'formerUnits' as const,
      at,
      field: `successors[${position}]`,
      ...problem,
    })),
  );
}

function missingOn(history: UnitHistory, code: string, day: string, codes: NearestNames) {
  if (history.on(code, day) !== undefined) return [];
  const nearest = codes.has(code) ? undefined : codes.nearestTo(code);
  return [{ message: `no unit has this code on ${day}`, value: code, nearest }];
}

function notAfter(before: string | undefined, until: string): readonly string[] {
  return before === undefined || before < until ? [] : [`expected a day after the one before it, ${before}`];
}

/** Two units with one code on one day. */
function overlaps(formerUnits: readonly FormerUnit[]): readonly InventoryProblem[] {
  const sorted = formerUnits
    .map((unit, at) => ({ ...unit, at }))
    .filter(({ code }) => code !== undefined)
    .sort((a, b) => compare(a.code, b.code) || compare(a.until, b.until) || a.at - b.at);
  return sorted.flatMap(({ code = '', from, until, at }, index) => {
    const before = sorted[index - 1];
    if (before?.code !== code || (before.until < until && (from === undefined || before.until <= from)))
      return [];
    const message = `expected one unit with this code on a day, and the one before holds until ${before.until}`;
    const first = { list: 'formerUnits' as const, at: before.at };
    return [{ list: 'formerUnits' as const, at, field: 'code', message, value: code, first }];
  });
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b);
}
