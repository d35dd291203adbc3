import type { FormerUnit } from '../../../contract/inventory.ts';
import { fold } from '../search/fold.ts';
import { readWardName, type FormedUnit, type ListedWard } from './ward-lists.ts';

/** A list that held until the day before `until`. */
export interface DatedWardList {
  readonly until: string;
  readonly wards: readonly ListedWard[];
}

/** A part of the text of a resolution: `Phường 6 (quận Gò Vấp)`. */
interface FormedPart {
  readonly name: string;
  readonly kind: FormerUnit['kind'] | undefined;
  readonly district: string | undefined;
}

const UNCHANGED = 'giữ nguyên';

/**
 * The former units of a city, from its official lists of wards (oldest first) and from what the units of today were made
 * of. Pure. From one list to the next, land stays with its code; a ward without a code in the next list belongs to the
 * ward of its district that took its name, else its successors are not known. What no list has (wards of another
 * province) has no code.
 */
export function formerUnitsOfLists(
  lists: readonly DatedWardList[],
  today: readonly FormedUnit[],
): readonly FormerUnit[] {
  const found: FormerUnit[] = [];
  lists.forEach(({ until, wards }, at) => {
    const before = lists[at - 1];
    const next = lists[at + 1];
    for (const ward of wards) {
      if (next !== undefined && sameIn(next.wards, ward)) continue;
      const isNew = before !== undefined && !sameIn(before.wards, ward);
      const successors = next === undefined ? [] : successorsIn(next.wards, ward, wards);
      found.push({ ...ward, ...(isNew && { from: before.until }), until, successors: [...successors] });
    }
  });
  const last = lists.at(-1);
  return last === undefined ? found : withToday(found, last, today);
}

function sameIn(wards: readonly ListedWard[], { code, name, kind, district }: ListedWard): boolean {
  const same = wards.find((ward) => ward.code === code);
  return same?.name === name && same.kind === kind && same.district === district;
}

function successorsIn(
  next: readonly ListedWard[],
  gone: ListedWard,
  wards: readonly ListedWard[],
): readonly string[] {
  if (next.some(({ code }) => code === gone.code)) return [gone.code];
  const heir = next.find(
    (ward) => ward.district === gone.district && ward.name === gone.name && !sameIn(wards, ward),
  );
  return heir === undefined ? [] : [heir.code];
}

/** Adds the units of today to the successors of the last list, and wards that are in no list. */
function withToday(
  found: readonly FormerUnit[],
  { until, wards }: DatedWardList,
  today: readonly FormedUnit[],
): readonly FormerUnit[] {
  const successors = new Map<string, string[]>();
  const unlisted = new Map<string, FormerUnit>();
  const codes = wards.map(({ code }) => code).sort();
  for (const { code, formedFrom } of today) {
    // Codes of a province follow each other: elsewhere a ward of the same name is another one.
    const listed = code >= (codes[0] ?? '') && code <= (codes.at(-1) ?? '') ? wards : [];
    for (const part of partsOf(formedFrom, code, listed)) {
      if (typeof part === 'string') successors.set(part, [...(successors.get(part) ?? []), code]);
      else {
        const key = [part.kind, part.name, part.district].map((text = '') => fold(text)).join('/');
        const known = unlisted.get(key);
        if (known !== undefined) known.successors.push(code);
        else unlisted.set(key, { ...toUnlisted(part), until, successors: [code] });
      }
    }
  }
  const listed = found.map((unit) =>
    unit.until === until ? { ...unit, successors: successors.get(unit.code ?? '') ?? [] } : unit,
  );
  return [...listed, ...unlisted.values()];
}

function toUnlisted({ name, kind = 'ward', district }: FormedPart) {
  return { name, kind, ...(district !== undefined && { district }) };
}

/** The code of each part of a unit where the list has it, else what the text says of it. */
function partsOf(
  formedFrom: string,
  code: string,
  wards: readonly ListedWard[],
): readonly (string | FormedPart)[] {
  if (fold(formedFrom) === fold(UNCHANGED)) return wards.some((ward) => ward.code === code) ? [code] : [];
  return readParts(formedFrom).map((part) => wardOf(part, wards)?.code ?? part);
}

/** Official texts spell some names in two ways: Hòa and Hoà, Quy and Qui. But Tân Quý and Tân Quy are two wards. */
function wardOf({ name, kind, district }: FormedPart, wards: readonly ListedWard[]): ListedWard | undefined {
  const possible = wards.filter(
    (ward) =>
      (kind === undefined || ward.kind === kind) &&
      (district === undefined || fold(ward.district) === fold(district)),
  );
  for (const spell of [(text: string) => text, fold, (text: string) => fold(text).replaceAll('y', 'i')]) {
    const [ward, other] = possible.filter((candidate) => spell(candidate.name) === spell(name));
    if (ward !== undefined && other === undefined) return ward;
  }
  return undefined;
}

/** Wards with a number have the district that is named next after them: `Phường 5, Phường 6 (quận Gò Vấp)`. */
function readParts(formedFrom: string): readonly FormedPart[] {
  let following: string | undefined;
  const parts = formedFrom
    .split(',')
    .reverse()
    .map((text) => {
      const [, label = text, district] = /^([^(]*)\(([^)]*)\)\s*$/.exec(text) ?? [];
      following = district ?? following;
      const ward = readWardName(label);
      return { ...ward, district: district ?? (/\d$/.test(ward.name) ? following : undefined) };
    });
  return parts.reverse();
}
