import type { Catalogue } from '../../contract/catalogue.ts';
import { emptyInventoryFile, type InventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import type { RecordedBefore, Recording } from './recording.ts';

type Need = InventoryFile['services'][number]['needs'][number];

/** Words of the trade that rules ask for: they say what a thing is, not which. */
const KEPT_TAGS: ReadonlySet<string> = new Set([
  ...['cpu', 'rat', 'band', 'fstype', 'type', 'resource', 'kind', 'mode', 'direction', 'sensor_type'],
]);
/** Tags that name something of the inventory. */
const NAMED_TAGS: Readonly<Record<string, Namespace>> = {
  ...{ device: 'thing', host: 'thing', agent: 'thing', line: 'thing' },
  ...{ site: 'site', unit: 'unit', link: 'link', pool: 'pool', service: 'service', interface: 'port' },
};
/** Where something is, and which cell it is in its operator's network: numbers that are as good as a name. */
const TELLING_FIELDS: ReadonlySet<string> = new Set(['latitude', 'longitude', 'tac', 'pci', 'arfcn']);
type Namespace = 'thing' | 'site' | 'unit' | 'link' | 'pool' | 'service' | 'port' | 'name';
const FIRST_UNIT = 90_000;
const GRID = { longitude: 106, latitude: 10, stepDegrees: 0.01, columns: 40 };

/** The same name is replaced by the same one wherever it stands; which was which is written nowhere. */
export class Names {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(space: Namespace, name: string, prefix: string = space): string {
    const key = `${space} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    const given =
      space === 'unit' ? String(FIRST_UNIT + count) : `${prefix}-${String(count).padStart(4, '0')}`;
    this.#known.set(key, given);
    return given;
  }

  /** `site:hub-01` and the like. */
  ref(ref: string): string {
    const [kind = '', ...rest] = ref.split(':');
    const name = rest.join(':');
    const space = kind === 'device' || kind === 'agent' ? 'thing' : kind;
    return isNamespace(space) ? `${kind}:${this.of(space, name)}` : `${kind}:${this.of('name', name)}`;
  }
}

function isNamespace(text: string): text is Namespace {
  return ['thing', 'site', 'unit', 'link', 'pool', 'service', 'port', 'name'].includes(text);
}

/** What comes with Wardwatch. A city's own measurements and rules have names of its own, and tags of which nobody knows what they say. */
export interface Shipped {
  readonly catalogue: Pick<Catalogue, 'has'>;
  readonly rules: ReadonlySet<string>;
}

/** A recording without the names of its city: what is kept is in docs/simulating.md. Pure. */
export function anonymised(recording: Recording, { catalogue, rules }: Shipped): Recording {
  const names = new Names();
  const inventory = withoutNames(recording.inventory, names, catalogue);
  const samples = new Map<string, readonly Sample[]>();
  for (const [agent, own] of recording.samples)
    samples.set(
      names.of('thing', agent),
      own.flatMap((sample) => (catalogue.has(sample.measurement) ? sampleWithoutNames(sample, names) : [])),
    );
  return {
    ...{ fromMs: recording.fromMs, toMs: recording.toMs, inventory, samples },
    silent: recording.silent.map((span) => ({ ...span, agent: names.of('thing', span.agent) })),
    incidents: recording.incidents.map(({ rule, root, beganAtMs }): RecordedBefore => ({
      rule: rules.has(rule) ? rule : names.of('name', rule, 'rule'),
      ...(root !== undefined && { root: names.ref(root) }),
      beganAtMs,
    })),
  };
}

/** Texts are left out: they may say anything. */
function sampleWithoutNames({ measurement, tags, fields, timeMs }: Sample, names: Names): readonly Sample[] {
  const kept = Object.entries(fields).flatMap(([field, value]): [string, number | boolean][] =>
    typeof value === 'string' || TELLING_FIELDS.has(field)
      ? []
      : [[field, typeof value === 'bigint' ? Number(value) : value]],
  );
  if (kept.length === 0) return [];
  const replaced = Object.entries(tags).map(([tag, value]): [string, string] => [
    tag,
    KEPT_TAGS.has(tag) ? value : names.of(NAMED_TAGS[tag] ?? 'name', value),
  ]);
  return [{ measurement, tags: Object.fromEntries(replaced), fields: Object.fromEntries(kept), timeMs }];
}

function withoutNames(from: InventoryFile, names: Names, catalogue: Shipped['catalogue']): InventoryFile {
  const position = (at: number) => ({
    longitude: GRID.longitude + (at % GRID.columns) * GRID.stepDegrees,
    latitude: GRID.latitude + Math.floor(at / GRID.columns) * GRID.stepDegrees,
  });
  const units = from.units.map(({ code, kind }, at) => {
    const given = names.of('unit', code);
    return {
      ...{ code: given, name: `Unit ${given}`, nameEn: `Unit ${given}`, kind, areaKm2: 1 },
      ...position(at),
    };
  });
  const sites = from.sites.map(({ id, unit, kind, parents }, at) => {
    const given = names.of('site', id, kind);
    return {
      ...{ id: given, name: given, kind, unit: names.of('unit', unit), ...position(at) },
      ...(parents !== undefined && { parents: parents.map((each) => names.of('site', each)) }),
    };
  });
  // Parents may stand after what hangs on them: their names are made first.
  for (const { id, kind } of from.devices) names.of('thing', id, kind);
  for (const { id, kind } of from.agents) names.of('thing', id, kind);
  const place = ({ site, unit }: { readonly site: string; readonly unit: string }) => ({
    ...{ site: names.of('site', site), unit: names.of('unit', unit) },
  });
  return {
    ...emptyInventoryFile(),
    ...{ units, sites },
    agents: from.agents.map(({ id, kind, maxIntervalMs, ...at }) => ({
      ...{ id: names.of('thing', id), kind, ...place(at) },
      ...(maxIntervalMs !== undefined && { maxIntervalMs }),
    })),
    devices: from.devices.map(({ id, kind, agent, otherAgents, parents, expects = [], ...at }) => ({
      ...{ id: names.of('thing', id), kind, agent: names.of('thing', agent), ...place(at) },
      ...(otherAgents !== undefined && { otherAgents: otherAgents.map((each) => names.of('thing', each)) }),
      ...(parents !== undefined && { parents: parents.map((each) => names.of('thing', each)) }),
      ...keptExpectations(expects.filter(({ measurement }) => catalogue.has(measurement))),
    })),
    interfaces: from.interfaces.map(({ device, name, capacityBps, link }) => ({
      ...{ device: names.of('thing', device), name: names.of('port', name) },
      ...(capacityBps !== undefined && { capacityBps }),
      ...(link !== undefined && { link: names.of('link', link) }),
    })),
    links: from.links.map(({ id, kind, ends: [a, b], capacityBps }) => ({
      ...{
        id: names.of('link', id),
        kind,
        ends: [endOf(a, names), endOf(b, names)] as const satisfies readonly unknown[],
      },
      ...(capacityBps !== undefined && { capacityBps }),
    })) as InventoryFile['links'],
    pools: from.pools.map(({ id, site, resource, agents }) => ({
      ...{ id: names.of('pool', id), site: names.of('site', site), resource },
      ...(agents !== undefined && { agents: agents.map((each) => names.of('thing', each)) }),
    })),
    services: from.services.map(({ id, needs, availabilityTargetPercent }) => {
      const given = names.of('service', id);
      return {
        ...{ id: given, name: given, needs: needs.map((need) => needWithoutNames(need, names)) },
        ...(availabilityTargetPercent !== undefined && { availabilityTargetPercent }),
      };
    }),
  };
}

function keptExpectations<Each>(expects: readonly Each[]): { expects?: Each[] } {
  return expects.length === 0 ? {} : { expects: [...expects] };
}

function endOf(end: InventoryFile['links'][number]['ends'][number], names: Names) {
  return {
    site: names.of('site', end.site),
    ...(end.device !== undefined && { device: names.of('thing', end.device) }),
    ...(end.interface !== undefined && { interface: names.of('port', end.interface) }),
  };
}

function needWithoutNames(need: Need, names: Names): Need {
  return typeof need === 'string'
    ? names.ref(need)
    : { ...need, anyOf: need.anyOf.map((ref) => names.ref(ref)) };
}
