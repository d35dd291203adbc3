import { dataTypeName, scalarType, type ScalarType } from '../../contract/sparkplug/data-types.ts';
import { MAX_METRIC_NAME_CHARS, type RawMetric } from './payload.ts';

const MAX_NAMED = 20;

/** A metric as its birth certificate defines it. */
export interface BirthMetric {
  readonly name: string;
  readonly device: string | undefined;
  readonly type: ScalarType;
}

/** A value, and what its birth says about it. */
export interface Resolved {
  readonly metric: BirthMetric;
  readonly raw: RawMetric;
}

export interface Refused {
  readonly code: string;
  readonly reason: string;
  /** Which metric, where many may be refused for one reason. */
  readonly about?: string;
  /** A birth that central missed may explain it: worth a rebirth request. */
  readonly isUnexplained?: boolean;
  /** Reported at the birth already. */
  readonly isKnown?: boolean;
  /** Metrics it belongs to or may belong to: their previous values no longer hold. */
  readonly ended?: readonly BirthMetric[];
}

interface Owner {
  readonly device: string | undefined;
  readonly name: string;
}

type Definition = BirthMetric | 'own' | { readonly refused: string };

/** Metrics of the protocol itself, not measurements: bdSeq pairs births with deaths, the rest are commands (section 6.4.19). */
const OWN_METRICS = /^(?:bdSeq$|Node Control\/|Device Control\/)/;

/** Owners kept of one alias: a faulty encoder may give every metric the same one. */
const MAX_OWNERS = 16;

/** The metrics that an edge node and its devices declared at birth, with their types and aliases. */
export class BirthCertificates {
  readonly #maxMetrics: () => number;
  readonly #devices = new Map<string | undefined, Map<string, Definition>>();
  /** Unique in the whole node (tck-id-payloads-alias-uniqueness): an alias with two owners identifies neither. */
  readonly #aliases = new Map<bigint, readonly Owner[]>();
  #size = 0;

  constructor(maxMetrics: () => number) {
    this.#maxMetrics = maxMetrics;
  }

  /** Number of metrics, plus one for each device. */
  get size(): number {
    return this.#size;
  }

  get devices(): readonly string[] {
    return [...this.#devices.keys()].filter((device) => device !== undefined);
  }

  has(device: string | undefined): boolean {
    return this.#devices.has(device);
  }

  remove(device: string | undefined): void {
    const definitions = this.#devices.get(device);
    if (definitions === undefined) return;
    this.#size -= definitions.size + 1;
    this.#devices.delete(device);
    for (const [alias, owners] of this.#aliases)
      if (owners.every((owner) => owner.device === device)) this.#aliases.delete(alias);
  }

  /** A birth replaces the earlier one of the node itself or of this device. */
  add(device: string | undefined, metrics: readonly RawMetric[]): { values: Resolved[]; refused: Refused[] } {
    this.remove(device);
    const definitions = new Map<string, Definition>();
    const max = this.#maxMetrics();
    if (this.#size >= max) {
      const reason = `there is no room for ${device ?? 'the node'}`;
      return { values: [], refused: [{ code: 'too-many-metrics', reason }] };
    }
    this.#devices.set(device, definitions);
    this.#size++;
    const values: Resolved[] = [];
    const refused: Refused[] = [];
    for (const raw of metrics) {
      const { name } = raw;
      if (name === undefined) {
        refused.push({ code: 'no-name', reason: `metric ${aliasText(raw)} is born without a name` });
        continue;
      }
      if (this.#size >= max) {
        const reason = `a node may have ${max} metrics and devices`;
        refused.push({ code: 'too-many-metrics', reason, about: name });
        continue;
      }
      const definition = define(name, device, raw);
      if (!definitions.has(name)) this.#size++;
      definitions.set(name, definition);
      if (definition === 'own') {
        this.#setAlias(device, name, raw.alias);
        continue;
      }
      if ('refused' in definition) refused.push({ code: 'not-stored', reason: definition.refused });
      else values.push({ metric: definition, raw });
      const conflict = this.#setAlias(device, name, raw.alias);
      if (conflict !== undefined) refused.push(conflict);
    }
    return { values, refused };
  }

  /** `aliasesHold`: false after a gap, when a birth that changed them may have been missed. */
  resolve(device: string | undefined, raw: RawMetric, aliasesHold: boolean): Resolved | 'own' | Refused {
    const name = this.#nameOf(device, raw, aliasesHold);
    if (typeof name !== 'string') {
      const named = raw.name === undefined ? [] : [{ device, name: raw.name }];
      const owners = raw.alias === undefined ? [] : (this.#aliases.get(raw.alias) ?? []);
      return this.#withEnded(raw, name, [...named, ...owners]);
    }
    const definition = OWN_METRICS.test(name) ? 'own' : this.#devices.get(device)?.get(name);
    if (definition === undefined) {
      const reason = `${name} is not in the birth certificate`;
      return { code: 'not-in-birth', reason, isUnexplained: true };
    }
    if (definition === 'own') return definition;
    if ('refused' in definition) return { code: 'not-stored', reason: definition.refused, isKnown: true };
    if (raw.dataType !== undefined && scalarType(raw.dataType) !== definition.type) {
      const reason = `${name} is sent as ${dataTypeName(raw.dataType)}, but was born as ${definition.type.name}`;
      return this.#withEnded(raw, { code: 'type-changed', reason, isUnexplained: true }, [{ device, name }]);
    }
    return { metric: definition, raw };
  }

  /** A historical value does not end a current one. */
  #withEnded(raw: RawMetric, refused: Refused, owners: readonly Owner[]): Refused {
    if (raw.isHistorical) return refused;
    const ended = owners.flatMap(({ device, name }) => {
      const definition = this.#devices.get(device)?.get(name);
      return typeof definition === 'object' && 'type' in definition ? [definition] : [];
    });
    return { ...refused, ended };
  }

  #nameOf(device: string | undefined, raw: RawMetric, aliasesHold: boolean): string | Refused {
    const { name, alias } = raw;
    if (alias === undefined)
      return name ?? { code: 'no-name', reason: 'a metric has neither name nor alias' };
    const [owner, ...others] = this.#aliases.get(alias) ?? [];
    if (owner === undefined || others.length > 0) {
      if (name !== undefined) return name;
      const why = owner !== undefined ? 'was given to two metrics' : 'is in no birth certificate';
      return { code: 'unknown-alias', reason: `alias ${alias} ${why}`, isUnexplained: true };
    }
    if (owner.device !== device || (name !== undefined && name !== owner.name)) {
      const reason = `alias ${alias} was given to ${owner.name} of ${owner.device ?? 'the node itself'}`;
      return { code: 'wrong-alias', reason, isUnexplained: true };
    }
    if (!aliasesHold && name === undefined) {
      const reason = `alias ${alias} (${owner.name} before) after a gap: a birth may have been missed`;
      return { code: 'alias-after-gap', reason, isUnexplained: true };
    }
    return owner.name;
  }

  #setAlias(device: string | undefined, name: string, alias: bigint | undefined): Refused | undefined {
    if (alias === undefined) return undefined;
    const owners = this.#aliases.get(alias) ?? [];
    const isThis = (owner: Owner): boolean => owner.device === device && owner.name === name;
    if (owners.length < MAX_OWNERS && !owners.some(isThis))
      this.#aliases.set(alias, [...owners, { device, name }]);
    const [owner] = owners;
    if (owner === undefined || owners.every(isThis)) return undefined;
    const other = owners.length > 1 ? 'others' : `${owner.name} of ${owner.device ?? 'the node itself'}`;
    return {
      code: 'alias-reused',
      reason: `alias ${alias} is given to ${name} and to ${other}: it means neither`,
    };
  }
}

function define(name: string, device: string | undefined, raw: RawMetric): Definition {
  if (name.length > MAX_METRIC_NAME_CHARS)
    return { refused: `${name} has a name of more than ${MAX_METRIC_NAME_CHARS} characters` };
  if (OWN_METRICS.test(name)) return 'own';
  if (raw.dataType === undefined) {
    // tck-id-payloads-metric-datatype-req
    return { refused: `${name} is born without a data type` };
  }
  const type = scalarType(raw.dataType);
  if (type === undefined)
    return { refused: `${name} is a ${dataTypeName(raw.dataType)}, which is not stored` };
  return { name, device, type };
}

function aliasText({ alias }: RawMetric): string {
  return alias === undefined ? 'without alias' : `with alias ${alias}`;
}

/** One text for the parts of a message that were refused with one code; a reason that all share stands once. */
export function describeParts(parts: readonly Refused[]): string {
  const named = parts.slice(0, MAX_NAMED);
  const more = parts.length > MAX_NAMED ? ` and ${parts.length - MAX_NAMED} more` : '';
  const [first] = named;
  if (first?.about !== undefined && named.every(({ reason }) => reason === first.reason)) {
    return `${first.reason}: ${named.map(({ about }) => about).join(', ')}${more}`;
  }
  return `${named.map(({ reason }) => reason).join('; ')}${more}`;
}
