import type { Clock } from '../../../../runtime/clock.ts';
import { localClock, type LocalClock } from '../../../../runtime/time-zone.ts';
import type { AuditLog } from '../../../access/audit.ts';
import type { LiveInventory } from '../../../inventory/live-inventory.ts';
import type { StateDatabase } from '../../../state/database.ts';
import { placeOf, type AlertPlace } from '../../suppression/alert-place.ts';
import type { Places } from '../../suppression/subjects.ts';
import type { SuppressibleAlert, Suppression, Suppressor } from '../../suppression/suppression.ts';
import { describeChange } from '../audit-change.ts';
import type { Author } from '../author.ts';
import { InForce, type Span } from '../in-force.ts';
import type { CoverageDeps, PlaceIndex } from './coverage.ts';
import { occurrences } from './occurrences.ts';
import { indexOpen, longestIn, type OpenWindow } from './open-windows.ts';
import { requestProblems } from './request-problems.ts';
import { WindowCoverage } from './window-coverage.ts';
import { overlapsAmong, type Overlap } from './window-overlaps.ts';
import { nextOpening, overAtMs } from './window-times.ts';
import { openWindowRepository, type RecordedWindow, type WindowRepository } from './window-repository.ts';
import type { CoverKind, MaintenanceWindow, WindowRequest, WindowState } from './window.ts';

export interface MaintenanceDeps {
  readonly database: StateDatabase;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly inventory: LiveInventory;
  readonly places: Places;
  readonly blastRadius: CoverageDeps['blastRadius'];
  /** Of times of day. */
  readonly timeZone: string;
}

export interface ListedWindow {
  readonly number: number;
  readonly window: MaintenanceWindow;
}

/** In which maintenance something is, and when that ends. */
export interface InMaintenance {
  readonly id: string;
  readonly untilMs: number;
}

type Refusal = { readonly problems: readonly string[] };
export type Written = { readonly window: MaintenanceWindow };
type Missing = { readonly missing: 'unknown' | 'ended' | 'moved' };

/** Those that are not over, at a time. */
export const MAX_WINDOWS = 500;
const KEPT_MS = 400 * 86_400_000;
/** Of one window in a range that is asked for. */
const MAX_SPANS = 200;

/** Planned work, once and again and again. Each change is one durable transaction with its entry in the audit log. */
export class MaintenanceWindows implements Suppressor {
  readonly #deps: MaintenanceDeps;
  readonly #repository: WindowRepository;
  readonly #zone: LocalClock;
  readonly #coverage: WindowCoverage;
  /** Of the city, such as 30: from one to the next other things are in service. */
  #dayOfMonth: number;
  readonly #current = new Map<string, RecordedWindow>();
  /** Those that `spansWithin` answered of last: what they cover stays known when they are over. */
  #answered: ReadonlyMap<string, MaintenanceWindow> = new Map();
  readonly #inForce = new InForce<MaintenanceWindow, PlaceIndex<OpenWindow>>({
    all: () => this.#windows(),
    spanOf: (window, nowMs) => nextOpening(window, this.#zone, nowMs),
    index: (open) => indexOpen(open, (window) => this.#coverage.keysOf(window)),
  });

  constructor(deps: MaintenanceDeps) {
    this.#deps = deps;
    this.#zone = localClock(deps.timeZone);
    this.#coverage = new WindowCoverage(deps);
    this.#repository = openWindowRepository(deps.database);
    const nowMs = deps.clock.now();
    this.#dayOfMonth = this.#zone.timeAt(nowMs).day;
    for (const recorded of this.#repository.current(nowMs)) {
      this.#current.set(recorded.window.id, recorded);
    }
    // What is open now is walked for at the start, not while alerts wait.
    this.#inForce.at(nowMs);
    deps.inventory.onChange(() => {
      this.#coverage.changed();
      this.#inForce.changed();
    });
  }

  /** Each second: finds some of the dependents anew that have changed with the inventory or the day. */
  tick(nowMs: number): void {
    const { day } = this.#zone.timeAt(nowMs);
    if (day !== this.#dayOfMonth) this.#coverage.changed();
    this.#dayOfMonth = day;
    const windows = this.#windows();
    const isOpen = (window: MaintenanceWindow): boolean => this.#inForce.isInForce(window, nowMs);
    const refreshed = this.#coverage.refresh([...windows.filter(isOpen), ...windows]);
    if (refreshed.some(isOpen)) this.#inForce.changed();
  }

  create(request: WindowRequest, author: Author): Written | Refusal | { readonly missing: 'room' } {
    const nowMs = this.#deps.clock.now();
    const problems = requestProblems(request, this.#deps.inventory, this.#zone, nowMs);
    if (problems.length > 0) return { problems };
    this.#forgetEnded(nowMs);
    if (this.#current.size >= MAX_WINDOWS) return { missing: 'room' };
    const { actor } = author;
    const window: MaintenanceWindow = {
      ...{ ...request, id: this.#repository.nextId(), revision: 1 },
      ...{ by: actor, madeAtMs: nowMs, changedBy: actor, changedAtMs: nowMs },
    };
    const recorded = this.#write('create', JSON.stringify(window), author, nowMs, () => {
      this.#repository.deleteOverBefore(nowMs - KEPT_MS);
      return this.#repository.insert(window, overAtMs(window, this.#zone));
    });
    this.#current.set(window.id, recorded);
    this.#coverage.keysOf(window);
    this.#inForce.changed();
    return { window };
  }

  /** `expectedRevision`: that the caller has seen. What was ended for good stays so. */
  change(
    id: string,
    expectedRevision: number,
    request: WindowRequest,
    author: Author,
  ): Written | Refusal | Missing {
    const nowMs = this.#deps.clock.now();
    const problems = requestProblems(request, this.#deps.inventory, this.#zone, nowMs);
    if (problems.length > 0) return { problems };
    return this.#replace(id, 'change', author, (before) =>
      before.revision === expectedRevision ? { ...before, ...request } : 'moved',
    );
  }

  /** For good. */
  end(id: string, author: Author): Written | Missing {
    const nowMs = this.#deps.clock.now();
    return this.#replace(id, 'end', author, (before) => ({ ...before, endedAtMs: nowMs }));
  }

  /** Only what is open now: it opens again at its next time. One that is not open stays as it is. */
  endPresent(id: string, author: Author): Written | Missing {
    const nowMs = this.#deps.clock.now();
    return this.#replace(id, 'end-present', author, (before) =>
      this.stateOf(before) === 'active' ? { ...before, cutAtMs: nowMs } : 'same',
    );
  }

  get(id: string): MaintenanceWindow | undefined {
    return this.#repository.get(id);
  }

  /** Newest first. */
  list({
    state,
    ...page
  }: {
    readonly state?: WindowState | undefined;
    readonly limit: number;
    readonly beforeNumber?: number | undefined;
  }): readonly ListedWindow[] {
    const nowMs = this.#deps.clock.now();
    if (state === undefined || state === 'ended') {
      return this.#repository.list({ ...page, isOver: state === 'ended', nowMs });
    }
    const { limit, beforeNumber = Infinity } = page;
    return [...this.#current.values()]
      .filter(({ number, window }) => number < beforeNumber && this.stateOf(window) === state)
      .sort((a, b) => b.number - a.number)
      .slice(0, limit);
  }

  stateOf(window: MaintenanceWindow): WindowState {
    const nowMs = this.#deps.clock.now();
    const next = nextOpening(window, this.#zone, nowMs);
    if (next === undefined) return 'ended';
    return next.fromMs <= nowMs ? 'active' : 'pending';
  }

  /** The times at which it is open, the present one first; those that end after `afterMs`. */
  next(window: MaintenanceWindow, most: number, afterMs = this.#deps.clock.now()): readonly Span[] {
    return occurrences((after) => nextOpening(window, this.#zone, after), {
      ...{ afterMs, beforeMs: Infinity, most },
    });
  }

  /** Others that cover part of the same at the same time within five weeks, or for as long as it lasts; at most 20. */
  overlapsOf(window: MaintenanceWindow): readonly Overlap[] {
    const known = this.#current.get(window.id)?.window;
    const keys = this.#coverage.keysOf(known?.revision === window.revision ? known : window);
    return overlapsAmong(this.#windows(), window, keys, this.#deps.clock.now(), {
      ...{ coverage: this.#coverage, inventory: this.#deps.inventory, zone: this.#zone },
    });
  }

  suppressionOf(alert: SuppressibleAlert, nowMs: number): Suppression | undefined {
    const index = this.#inForce.at(nowMs);
    const open = index.isEmpty ? undefined : longestIn(index, placeOf(alert, this.#deps.places));
    if (open === undefined) return undefined;
    const [{ id, reason, approvedBy }, { toMs }] = open;
    return {
      kind: 'maintenance',
      reason: `maintenance ${id}, approved by ${approvedBy}: ${reason}`,
      by: id,
      untilMs: toMs,
    };
  }

  /** What of the inventory is in maintenance, by where it is: such as `{ device, site, unit }`. */
  isInMaintenance(place: AlertPlace, nowMs: number): InMaintenance | undefined {
    const open = longestIn(this.#inForce.at(nowMs), place);
    return open && { id: open[0].id, untilMs: open[1].toMs };
  }

  /** When each of what windows cover was or is in maintenance within the range, by what that is, such as `service:1022`. Spans may overlap. */
  spansWithin(kind: CoverKind, { fromMs, toMs }: Span): ReadonlyMap<string, readonly Span[]> {
    const spansOf = new Map<MaintenanceWindow, readonly Span[]>();
    for (const { window: recorded } of this.#repository.current(fromMs)) {
      const window = this.#known(recorded);
      // A night before a window of all nights was made was not planned.
      const afterMs = Math.max(fromMs, window.madeAtMs);
      const spans = occurrences((after) => nextOpening(window, this.#zone, after), {
        ...{ afterMs, beforeMs: toMs, most: MAX_SPANS },
      });
      if (spans.length > 0) spansOf.set(window, spans);
    }
    const windows = [...spansOf.keys()];
    this.#answered = new Map(windows.map((window) => [window.id, window]));
    this.#coverage.findUnknown(windows.reverse());
    const found = new Map<string, Span[]>();
    for (const [window, spans] of spansOf) {
      for (const key of this.#coverage.keysAtHand(window)) {
        if (key.startsWith(`${kind}:`)) found.set(key, [...(found.get(key) ?? []), ...spans]);
      }
    }
    return found;
  }

  /** The same window as the one whose coverage is known. */
  #known(recorded: MaintenanceWindow): MaintenanceWindow {
    const { id, revision } = recorded;
    const known = this.#current.get(id)?.window ?? this.#answered.get(id);
    return known?.revision === revision ? known : recorded;
  }

  #windows(): MaintenanceWindow[] {
    return [...this.#current.values()].map(({ window }) => window);
  }

  #replace(
    id: string,
    action: string,
    author: Author,
    change: (before: MaintenanceWindow) => MaintenanceWindow | 'moved' | 'same',
  ): Written | Missing {
    const nowMs = this.#deps.clock.now();
    const known = this.#current.get(id);
    if (known === undefined || this.stateOf(known.window) === 'ended') {
      return { missing: this.#repository.get(id) === undefined ? 'unknown' : 'ended' };
    }
    const { number, window: before } = known;
    const changed = change(before);
    if (changed === 'moved') return { missing: 'moved' };
    if (changed === 'same') return { window: before };
    const window: MaintenanceWindow = {
      ...changed,
      revision: before.revision + 1,
      changedBy: author.actor,
      changedAtMs: nowMs,
    };
    const target = describeChange(id, before, window);
    this.#write(action, target, author, nowMs, () =>
      this.#repository.update(window, overAtMs(window, this.#zone)),
    );
    this.#current.set(id, { number, window });
    this.#coverage.keysOf(window);
    this.#inForce.changed();
    return { window };
  }

  #write<T>(action: string, target: string, { actor, from }: Author, atMs: number, work: () => T): T {
    const { database, audit } = this.#deps;
    return database.transaction(() => {
      const result = work();
      audit.append({ atMs, actor, action: `maintenance.${action}`, target, from });
      return result;
    });
  }

  #forgetEnded(nowMs: number): void {
    for (const [id, { window }] of this.#current) {
      if (nextOpening(window, this.#zone, nowMs) === undefined) this.#current.delete(id);
    }
  }
}
