import type { Clock } from '../../../../runtime/clock.ts';
import type { AuditLog } from '../../../access/audit.ts';
import type { StateDatabase } from '../../../state/database.ts';
import type { Places } from '../../suppression/subjects.ts';
import type { SuppressibleAlert, Suppression, Suppressor } from '../../suppression/suppression.ts';
import type { Author } from '../author.ts';
import { InForce } from '../in-force.ts';
import { silenceable, SilenceIndex, takes, type SilenceMatch } from './silence-match.ts';
import { openSilenceRepository, type SilenceQuery, type SilenceRepository } from './silence-repository.ts';
import { endOf, type Silence } from './silence.ts';

export interface SilencesDeps {
  readonly database: StateDatabase;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly places: Places;
}

export interface SilenceRequest {
  readonly match: SilenceMatch;
  /** Now without it. */
  readonly startsAtMs?: number | undefined;
  readonly endsAtMs: number;
  readonly reason: string;
}

/** Not expired, at a time. */
const MAX_SILENCES = 500;
const KEPT_MS = 400 * 86_400_000;

/** Whom to tell nothing about for a while, by matcher. Each change is one durable transaction with its entry in the audit log. */
export class Silences implements Suppressor {
  readonly #deps: SilencesDeps;
  readonly #repository: SilenceRepository;
  readonly #current = new Map<string, Silence>();
  readonly #inForce = new InForce<Silence, SilenceIndex<Silence>>({
    all: () => this.#current.values(),
    spanOf: (silence, nowMs) => {
      const span = { fromMs: silence.startsAtMs, toMs: endOf(silence) };
      return span.toMs > nowMs ? span : undefined;
    },
    index: (entries) =>
      new SilenceIndex(
        entries.map(([silence]) => silence),
        ({ match }) => match,
      ),
  });

  constructor(deps: SilencesDeps) {
    this.#deps = deps;
    this.#repository = openSilenceRepository(deps.database);
    const nowMs = deps.clock.now();
    for (const state of ['pending', 'active'] as const) {
      for (const { silence } of this.#repository.list({ state, nowMs, limit: MAX_SILENCES })) {
        this.#current.set(silence.id, silence);
      }
    }
  }

  /** Undefined: there are as many as there may be. */
  create({ startsAtMs, ...request }: SilenceRequest, { actor, from }: Author): Silence | undefined {
    const { database, audit, clock } = this.#deps;
    const nowMs = clock.now();
    this.#forgetExpired(nowMs);
    if (this.#current.size >= MAX_SILENCES) return undefined;
    const silence: Silence = {
      id: this.#repository.nextId(),
      ...request,
      startsAtMs: Math.max(startsAtMs ?? nowMs, nowMs),
      by: actor,
      madeAtMs: nowMs,
    };
    database.transaction(() => {
      this.#repository.deleteOverBefore(nowMs - KEPT_MS);
      this.#repository.insert(silence);
      audit.append({ atMs: nowMs, actor, action: 'silence.create', target: JSON.stringify(silence), from });
    });
    this.#current.set(silence.id, silence);
    this.#inForce.changed();
    return silence;
  }

  /** Ends it before its time; one that is expired stays as it is. Undefined: there is none. */
  expire(id: string, { actor, from }: Author): Silence | undefined {
    const { database, audit, clock } = this.#deps;
    const nowMs = clock.now();
    const silence = this.#repository.get(id);
    if (silence === undefined || endOf(silence) <= nowMs) return silence;
    const ended = { ...silence, endedAtMs: nowMs, endedBy: actor };
    database.transaction(() => {
      this.#repository.update(ended);
      audit.append({ atMs: nowMs, actor, action: 'silence.expire', target: JSON.stringify(ended), from });
    });
    this.#current.delete(id);
    this.#inForce.changed();
    return ended;
  }

  get(id: string): Silence | undefined {
    return this.#repository.get(id);
  }

  /** Newest first. */
  list(query: Omit<SilenceQuery, 'nowMs'>): ReturnType<SilenceRepository['list']> {
    return this.#repository.list({ ...query, nowMs: this.#deps.clock.now() });
  }

  /** How many of them it takes, whether it is in force or not. */
  countTaken({ match }: Pick<Silence, 'match'>, alerts: Iterable<SuppressibleAlert>): number {
    let count = 0;
    for (const alert of alerts) if (takes(match, silenceable(alert, this.#deps.places))) count++;
    return count;
  }

  /** Of several the one that lasts longest. */
  suppressionOf(alert: SuppressibleAlert, nowMs: number): Suppression | undefined {
    const index = this.#inForce.at(nowMs);
    if (index.isEmpty) return undefined;
    const [first, ...others] = index.find(silenceable(alert, this.#deps.places));
    if (first === undefined) return undefined;
    const silence = others.reduce((last, each) => (endOf(each) > endOf(last) ? each : last), first);
    const { id, by, reason } = silence;
    return { kind: 'silenced', reason: `silence ${id} of ${by}: ${reason}`, by: id, untilMs: endOf(silence) };
  }

  #forgetExpired(nowMs: number): void {
    for (const [id, silence] of this.#current) if (endOf(silence) <= nowMs) this.#current.delete(id);
  }
}
