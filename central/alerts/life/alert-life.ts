import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { AuditLog } from '../../access/audit.ts';
import type { AlertEngine } from '../engine/engine.ts';
import type { HandlingStep } from '../engine/handle-alerts.ts';
import type { AlertRecord } from '../history/alert-record.ts';
import { describeChange } from './audit-change.ts';
import type { Author } from './author.ts';
import { Deadlines, type Ending } from './deadlines.ts';

export interface AlertLifeDeps {
  readonly alerts: Pick<AlertEngine, 'look' | 'handle' | 'handlingCount' | 'active'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/** Ids of alerts, by what became of what a person asked for. */
export interface Outcome {
  readonly done: readonly string[];
  /** The alert has ended. */
  readonly over: readonly string[];
  readonly unknown: readonly string[];
  /** Its timeline has as many lines of people as it may have. */
  readonly full: readonly string[];
}

/** Lines of people in the timeline of one alert; ends by central itself always have room. */
const MAX_LINES = 500;
/** A bulk acknowledgement may end for thousands of alerts in the same second: central must go on with its work in between. */
const MAX_ENDED_A_TICK = 200;
const TIME_IS_OVER = 'the time that was set is over';

type Plan = Omit<HandlingStep, 'id'>;

interface Act {
  readonly name: string;
  /** Whether it makes sense of an alert that is over. */
  readonly takesEnded?: boolean;
  /** Undefined: it is so already. */
  readonly plan: (record: AlertRecord) => Plan | undefined;
}

/** What people do with single alerts. Each call is one durable transaction with its entries in the audit log. */
export class AlertLife {
  readonly #deps: AlertLifeDeps;
  readonly #deadlines = new Deadlines();
  #isFailing = false;

  constructor(deps: AlertLifeDeps) {
    this.#deps = deps;
    for (const view of deps.alerts.active()) this.#deadlines.follow(view.id, view);
  }

  /** What is shelved. */
  get shelved(): Deadlines['shelved'] {
    return this.#deadlines.shelved;
  }

  acknowledge(
    ids: readonly string[],
    given: { readonly text?: string | undefined; readonly untilMs?: number | undefined },
    author: Author,
  ): Outcome {
    const atMs = this.#deps.clock.now();
    const details = { by: author.actor, ...defined(given) };
    return this.#act(ids, author, {
      name: 'acknowledge',
      plan: () => ({ kind: 'acknowledged', details, set: { acknowledgement: { atMs, ...details } } }),
    });
  }

  takeBackAcknowledgement(id: string, author: Author): Outcome {
    return this.#act([id], author, {
      name: 'unacknowledge',
      plan: ({ acknowledgement }) =>
        acknowledgement && {
          kind: 'unacknowledged',
          details: { by: author.actor },
          set: { acknowledgement: undefined },
        },
    });
  }

  /** `assignee` null: nobody any more. */
  assign(
    id: string,
    { assignee, text }: { readonly assignee: string | null; readonly text?: string | undefined },
    author: Author,
  ): Outcome {
    const details = { by: author.actor, ...defined({ text, assignee: assignee ?? undefined }) };
    return this.#act([id], author, {
      name: 'assign',
      plan: (record) => {
        if (assignee !== null) return { kind: 'assigned', details, set: { assignee } };
        if (record.assignee === undefined) return undefined;
        return { kind: 'unassigned', details, set: { assignee: undefined } };
      },
    });
  }

  comment(id: string, text: string, author: Author): Outcome {
    return this.#act([id], author, {
      name: 'comment',
      takesEnded: true,
      plan: () => ({ kind: 'commented', details: { by: author.actor, text } }),
    });
  }

  /** Ends it, though it may still be in breach: that breach does not fire again, unless it gets graver. */
  close(id: string, text: string, author: Author): Outcome {
    return this.#act([id], author, {
      name: 'close',
      plan: () => ({ kind: 'closed', details: { by: author.actor, text } }),
    });
  }

  shelve(id: string, given: { readonly text: string; readonly untilMs: number }, author: Author): Outcome {
    const atMs = this.#deps.clock.now();
    const details = { by: author.actor, ...given };
    return this.#act([id], author, {
      name: 'shelve',
      plan: ({ severity }) => ({ kind: 'shelved', details, set: { shelf: { atMs, severity, ...details } } }),
    });
  }

  unshelve(id: string, author: Author): Outcome {
    return this.#act([id], author, {
      name: 'unshelve',
      plan: ({ shelf }) =>
        shelf && { kind: 'unshelved', details: { by: author.actor }, set: { shelf: undefined } },
    });
  }

  /** Each second: takes back what has an end, in one transaction; what is too much for one second in the next. */
  tick(nowMs: number): void {
    const due = this.#deadlines.due(nowMs, MAX_ENDED_A_TICK);
    if (due.length === 0) return;
    const { alerts, log } = this.#deps;
    try {
      const steps = due.filter((ending) => this.#isOver(ending, nowMs)).map(endOf);
      if (steps.length > 0) alerts.handle(steps);
      for (const { id, what } of due) this.#deadlines.forget(id, what);
      this.#isFailing = false;
    } catch (err) {
      if (!this.#isFailing)
        log.error({ err }, 'acknowledgements and shelves cannot end; it is tried again each second');
      this.#isFailing = true;
    }
  }

  #isOver({ id, what }: Ending, nowMs: number): boolean {
    const found = this.#deps.alerts.look(id);
    return found?.isOpen === true && (found.record[what]?.untilMs ?? Infinity) <= nowMs;
  }

  #act(ids: readonly string[], author: Author, { name, takesEnded = false, plan }: Act): Outcome {
    const { alerts, audit, clock } = this.#deps;
    const outcome = {
      done: [] as string[],
      over: [] as string[],
      unknown: [] as string[],
      full: [] as string[],
    };
    const steps: HandlingStep[] = [];
    const entries: string[] = [];
    for (const id of new Set(ids)) {
      const found = alerts.look(id);
      if (found === undefined) outcome.unknown.push(id);
      else if (!found.isOpen && !takesEnded) outcome.over.push(id);
      else if (alerts.handlingCount(id) >= MAX_LINES) outcome.full.push(id);
      else {
        outcome.done.push(id);
        const planned = plan(found.record);
        if (planned === undefined) continue;
        steps.push({ id, ...planned });
        entries.push(describeAct(found.record, planned));
      }
    }
    if (steps.length === 0) return outcome;
    const atMs = clock.now();
    alerts.handle(steps, () => {
      for (const target of entries) {
        audit.append({ atMs, actor: author.actor, action: `alert.${name}`, target, from: author.from });
      }
    });
    for (const { id, kind, set } of steps) {
      if (kind === 'closed') this.#deadlines.forgetAll(id);
      else if (set !== undefined) this.#deadlines.follow(id, set);
    }
    return outcome;
  }
}

function endOf({ id, what }: Ending): HandlingStep {
  const kind = what === 'shelf' ? 'unshelved' : 'unacknowledged';
  return { id, kind, details: { text: TIME_IS_OVER }, set: { [what]: undefined } };
}

function describeAct(record: AlertRecord, { set, details: { text } }: Plan): string {
  if (set === undefined) return `${record.id} ${JSON.stringify(text)}`;
  const names = Object.keys(set) as (keyof typeof set)[];
  const before = Object.fromEntries(names.map((name) => [name, record[name]]));
  return describeChange(record.id, before, set);
}

function defined<T extends object>(given: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
