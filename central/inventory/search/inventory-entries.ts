import type { FormerUnit, Pool, Unit } from '../../../contract/inventory.ts';
import { UnitHistory } from '../geography/unit-history.ts';
import type { Inventory } from '../inventory.ts';
import { idOf } from '../kinds.ts';
import type { SearchEntry, SearchKind, SearchSource } from './search-entry.ts';

/** As people say it before the name. */
const KIND_IN_VIETNAMESE: Readonly<Record<FormerUnit['kind'], string>> = {
  ward: 'Phường',
  commune: 'Xã',
  township: 'Thị trấn',
  district: 'Huyện',
  special_zone: 'Đặc khu',
};

/** Everything of an inventory that can be found. Pure. */
export function* searchEntriesOf(inventory: Inventory): Generator<SearchSource> {
  const history = new UnitHistory(inventory.units.values(), inventory.formerUnits);
  for (const unit of inventory.units.values())
    yield [unit, () => ({ kind: 'unit', id: unit.code, names: [...unitNames(unit), unit.nameEn] })];
  // What became of it depends on other entries, too.
  for (const unit of inventory.formerUnits) yield [undefined, () => formerUnitEntry(unit, history)];
  yield* named('agency', inventory.agencies.values());
  yield* named('site', inventory.sites.values());
  yield* named('service', inventory.services.values());
  yield* named('device', inventory.devices.values());
  yield* named('agent', inventory.agents.values());
  for (const link of inventory.links.values()) {
    const ends = link.ends.flatMap(({ site, device = '' }) => [site, device]);
    yield [link, () => ({ kind: 'link', id: link.id, names: [], also: [link.operator ?? '', ...ends] })];
  }
  for (const pool of inventory.pools) yield [pool, () => poolEntry(pool)];
  for (const port of inventory.interfaces) {
    const id = idOf('interfaces', port);
    yield [
      port,
      () => ({
        kind: 'interface',
        id,
        names: port.description === undefined ? [] : [port.description],
        belongsTo: [['device', port.device]],
      }),
    ];
  }
}

function* named(
  kind: SearchKind,
  entries: Iterable<{ readonly id: string; readonly name?: string | undefined }>,
): Generator<SearchSource> {
  for (const entry of entries)
    yield [entry, () => ({ kind, id: entry.id, names: entry.name === undefined ? [] : [entry.name] })];
}

function poolEntry(pool: Pool): SearchEntry {
  const { site, agency } = pool;
  return {
    ...{ kind: 'pool', id: idOf('pools', pool), names: [] },
    belongsTo: [['site', site], ...(agency === undefined ? [] : [['agency', agency] as const])],
  };
}

function formerUnitEntry(unit: FormerUnit, history: UnitHistory): SearchEntry {
  return {
    kind: 'former-unit',
    id: idOf('formerUnits', unit),
    names: unitNames(unit),
    also: [unit.code ?? '', unit.district ?? ''],
    todaysUnits: history.todaysUnitsOf(unit).map(({ code: today }) => today),
  };
}

/** `Tân Định`, `Phường Tân Định`; of a ward with a number `Phường 5` and `Phường 05`. */
function unitNames({ name, kind }: Unit | FormerUnit): readonly string[] {
  const word = KIND_IN_VIETNAMESE[kind];
  const full = name.toLowerCase().startsWith(`${word.toLowerCase()} `) ? name : `${word} ${name}`;
  return [...new Set([name, full, full.replace(/(?<= )(?=\d$)/, '0')])];
}
