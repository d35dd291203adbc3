import type { Catalogue, FieldDefinition } from '../../contract/catalogue.ts';
import type { FieldValue } from '../../contract/sample.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { MappedDevice, SparkplugConfig } from './config.ts';
import { agentIdOf, deviceTagOf } from '../../contract/sparkplug/identity.ts';
import type { NodeName } from '../../contract/sparkplug/topic.ts';

/** Where a metric's values go. */
export interface Target {
  readonly measurement: string;
  readonly field: string;
  readonly type: FieldDefinition['type'];
  readonly scale: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** From names in a birth certificate to the catalogue, and from nodes and devices to the inventory. */
export class Mapping {
  readonly #devices: readonly CompiledDevice[];
  readonly #catalogue: Catalogue;
  readonly #inventory: Inventory;

  constructor(config: Pick<SparkplugConfig, 'devices'>, catalogue: Catalogue, inventory: Inventory) {
    this.#devices = config.devices.map(compile);
    this.#catalogue = catalogue;
    this.#inventory = inventory;
  }

  /**
   * The first entry that has the metric decides; without one, a name that reads `measurement/field` of the catalogue
   * maps to that field. undefined: the metric has no place in the catalogue.
   */
  target(node: NodeName, device: string | undefined, name: string): Target | undefined {
    const entries = this.#devices.filter((entry) => entry.fits(node, device));
    for (const entry of entries) {
      const metric = entry.metrics.find(({ matches }) => matches(name))?.metric;
      if (metric === undefined) continue;
      const { measurement, field, scale, tags = {} } = metric;
      return this.#toTarget(measurement, field, scale, this.#tags(node, device, { ...entry.tags, ...tags }));
    }
    const [measurement = '', field = '', ...more] = name.split('/');
    if (more.length > 0 || this.#catalogue.get(measurement)?.origin !== 'agent') return undefined;
    return this.#toTarget(measurement, field, undefined, this.#tags(node, device, entries[0]?.tags ?? {}));
  }

  /** Tags of samples about a node's device itself. */
  deviceTags(node: NodeName, device: string): Readonly<Record<string, string>> {
    const entry = this.#devices.find((each) => each.fits(node, device));
    const named = entry?.tags['device'];
    return this.#tags(node, device, named === undefined ? {} : { device: named });
  }

  #toTarget(
    measurement: string,
    field: string,
    scale: number | undefined,
    tags: Readonly<Record<string, string>>,
  ): Target | undefined {
    const fields = this.#catalogue.get(measurement)?.fields ?? {};
    const type = Object.hasOwn(fields, field) ? fields[field]?.type : undefined;
    return type === undefined ? undefined : { measurement, field, type, scale, tags };
  }

  #tags(
    node: NodeName,
    device: string | undefined,
    given: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> {
    const id = given['device'] ?? deviceTagOf(node, device);
    const place = this.#inventory.devices.get(id) ?? this.#inventory.agents.get(agentIdOf(node));
    return {
      ...(place !== undefined && { site: place.site, unit: place.unit }),
      ...given,
      device: id,
    };
  }
}

/** Converts to the catalogue's type; a value that does not fit is left unchanged, for the validator to refuse with a reason. */
export function convert(value: FieldValue, { type, scale }: Target): FieldValue {
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;
  if (scale !== undefined) {
    // 3 × 0.1 is 0.30000000000000004; a double is exact to fifteen digits.
    const scaled = Number((Number(value) * scale).toPrecision(15));
    return type === 'int' ? Math.round(scaled) : scaled;
  }
  return type === 'float' ? Number(value) : value;
}

interface CompiledDevice {
  readonly fits: (node: NodeName, device: string | undefined) => boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly {
    readonly matches: (name: string) => boolean;
    readonly metric: MappedDevice['metrics'][number];
  }[];
}

function compile(entry: MappedDevice): CompiledDevice {
  const [group, node, device] = [glob(entry.group), glob(entry.node), glob(entry.device)];
  return {
    fits: (name, deviceName) => group(name.group) && node(name.node) && device(deviceName),
    tags: entry.tags,
    metrics: entry.metrics.map((metric) => ({ matches: glob(metric.name), metric })),
  };
}

/** `*` stands for any text. Without a pattern only the absence of a text fits. */
function glob(pattern: string | undefined): (text: string | undefined) => boolean {
  if (pattern === undefined) return (text) => text === undefined;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text === pattern;
  return (text) => {
    if (text === undefined || !text.startsWith(first) || text.length < first.length + last.length)
      return false;
    // Each part at its first occurrence: no backtracking, whatever the pattern.
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.endsWith(last) && text.length - last.length >= at;
  };
}
