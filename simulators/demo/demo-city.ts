import type { InventoryFile } from '../../contract/inventory.ts';
import { DEMO_KINDS, MAX_DEMO_FAULTS, type DemoFault, type DemoKind } from './demo-fault.ts';
import { DEMO_KIND_INFOS, type DemoText } from './demo-kinds.ts';

export interface OfferedKind {
  readonly kind: DemoKind;
  readonly title: DemoText;
  readonly explanation: DemoText;
  readonly target: 'site' | 'unit' | 'agent';
  /** A target at which much can be seen and nothing is under way. */
  readonly suggested: string;
  readonly lastsMs: number;
}

export interface StartedFault extends DemoFault {
  readonly id: string;
  readonly by: string;
}

export interface DemoCityDeps {
  readonly inventory: InventoryFile;
  readonly now: () => number;
  /** Takes the whole list to the city. */
  readonly send: (faults: readonly DemoFault[]) => void;
}

/** Under way at once: more would be a storm, and no tour. */
export const MOST_UNDER_WAY = 7;
/** Batteries recharge meanwhile. */
const REMEMBERED_MS = 6 * 3_600_000;

export type Refusal = 'unknown-target' | 'under-way' | 'too-many';

/** What people do to the simulated city, on the side of the program that they talk to. */
export class DemoCity {
  readonly #deps: DemoCityDeps;
  readonly #targets: ReadonlyMap<DemoKind, readonly string[]>;
  #faults: readonly StartedFault[] = [];
  #started = 0;

  constructor(deps: DemoCityDeps) {
    this.#deps = deps;
    this.#targets = new Map(
      DEMO_KINDS.map((kind) => [kind, DEMO_KIND_INFOS[kind].targetsOf(deps.inventory)]),
    );
  }

  /** Those that this city has a target for. */
  kinds(): readonly OfferedKind[] {
    const busy = new Set(this.underWay().map(({ target }) => target));
    return DEMO_KINDS.flatMap((kind) => {
      const targets = this.#targets.get(kind) ?? [];
      const suggested = targets.find((target) => !busy.has(target)) ?? targets[0];
      if (suggested === undefined) return [];
      const { title, explanation, target, lastsMs } = DEMO_KIND_INFOS[kind];
      return [{ kind, title, explanation, target, suggested, lastsMs }];
    });
  }

  /** The oldest first. */
  underWay(): readonly StartedFault[] {
    const nowMs = this.#deps.now();
    return this.#faults.filter(({ toMs }) => toMs > nowMs);
  }

  /** Without a target the suggested one. */
  start(given: {
    readonly kind: DemoKind;
    readonly target?: string | undefined;
    readonly lastsMs?: number | undefined;
    readonly by: string;
  }): StartedFault | Refusal {
    const { kind, by, lastsMs = DEMO_KIND_INFOS[kind].lastsMs } = given;
    const target = given.target ?? this.kinds().find((each) => each.kind === kind)?.suggested;
    if (target === undefined || this.#targets.get(kind)?.includes(target) !== true) return 'unknown-target';
    const underWay = this.underWay();
    if (underWay.some((each) => each.kind === kind && each.target === target)) return 'under-way';
    if (underWay.length >= MOST_UNDER_WAY) return 'too-many';
    const fromMs = this.#deps.now();
    const fault = { id: `demo-${++this.#started}`, kind, target, fromMs, toMs: fromMs + lastsMs, by };
    this.#change([...this.#faults, fault]);
    return fault;
  }

  /** Mends it now; false: nothing with this id is under way. */
  end(id: string): boolean {
    if (!this.underWay().some((fault) => fault.id === id)) return false;
    const toMs = this.#deps.now();
    this.#change(this.#faults.map((fault) => (fault.id === id ? { ...fault, toMs } : fault)));
    return true;
  }

  /** To a city that has started anew. */
  tell(): void {
    this.#deps.send(this.#faults.map(({ kind, target, fromMs, toMs }) => ({ kind, target, fromMs, toMs })));
  }

  #change(faults: readonly StartedFault[]): void {
    const sinceMs = this.#deps.now() - REMEMBERED_MS;
    this.#faults = faults.filter(({ toMs }) => toMs > sinceMs).slice(-MAX_DEMO_FAULTS);
    this.tell();
  }
}
