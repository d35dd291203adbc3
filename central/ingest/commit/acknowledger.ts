import type { Ack } from '../../../contract/ack.ts';
import { PROTOCOL_VERSION } from '../../../contract/batch.ts';
import { agentTopic } from '../../../contract/topics.ts';
import { fromValues } from '../../ledger/intervals.ts';
import type { Credits } from '../flow/flow-control.ts';
import type { RefusedRow } from './pending-batch.ts';

export interface AcknowledgerDeps {
  readonly publish: (topic: string, payload: string) => void;
  readonly credits: () => Credits;
  /** Unix time, ms. */
  readonly nowMs: () => number;
  /** Whether another agent uses the same id: each ack says so, whichever of the two gets it. */
  readonly hasTwin: (agent: string) => boolean;
}

interface OpenAck {
  readonly agent: string;
  readonly epoch: string;
  /** In the order of their commits, perhaps with repeats. */
  readonly seqs: number[];
  readonly refused: Refused[];
}

type Refused = NonNullable<Ack['refused']>[number];

/** These keep an ack within its schema and below the 64 KiB of a packet. */
const MAX_RANGES = 500;
const MAX_REFUSED = 100;
const MAX_ROWS_NAMED = 20;
const MAX_REASON_CHARS = 300;

/** Collects the seqs that are durable and sends each agent one ack with its credits. Call it only after the ledger's commit. */
export class Acknowledger {
  readonly #deps: AcknowledgerDeps;
  readonly #open = new Map<string, OpenAck>();

  constructor(deps: AcknowledgerDeps) {
    this.#deps = deps;
  }

  /** Adds a delivered batch. Without `refusedRows` none was refused, or an earlier ack named them. */
  add(agent: string, epoch: string, seq: number, refusedRows: readonly RefusedRow[] = []): void {
    const ack = this.#openFor(agent, epoch);
    ack.seqs.push(seq);
    if (refusedRows.length > 0 && ack.refused.length < MAX_REFUSED) {
      ack.refused.push(...summarize(seq, refusedRows));
    }
  }

  /** The agent is told of its twin even if nothing of it can be acknowledged. */
  tellIfTwin(agent: string, epoch: string): void {
    if (this.#deps.hasTwin(agent)) this.#openFor(agent, epoch);
  }

  flush(): void {
    if (this.#open.size === 0) return;
    const credits = this.#deps.credits();
    for (const { agent, epoch, seqs, refused } of this.#open.values()) {
      const ranges = fromValues(seqs);
      const hasTwin = this.#deps.hasTwin(agent);
      for (let start = 0; start === 0 || start < ranges.length; start += MAX_RANGES) {
        const ack: Ack = {
          v: PROTOCOL_VERSION,
          epoch,
          stored: ranges.slice(start, start + MAX_RANGES).map(([from, to]) => [from, to]),
          ...(start === 0 && refused.length > 0 && { refused: refused.slice(0, MAX_REFUSED) }),
          ...(hasTwin && { twins: true }),
          nowMs: this.#deps.nowMs(),
          ...credits,
        };
        this.#deps.publish(agentTopic(agent, 'ack'), JSON.stringify(ack));
      }
    }
    this.#open.clear();
  }

  #openFor(agent: string, epoch: string): OpenAck {
    const key = `${agent} ${epoch}`;
    let ack = this.#open.get(key);
    if (ack === undefined) {
      ack = { agent, epoch, seqs: [], refused: [] };
      this.#open.set(key, ack);
    }
    return ack;
  }
}

/** One entry per reason. The quarantine has every row; the ack names enough of them to find the fault. */
function summarize(seq: number, refusedRows: readonly RefusedRow[]): Refused[] {
  const byReason = new Map<string, number[]>();
  for (const { row, reason } of refusedRows) {
    const rows = byReason.get(reason) ?? [];
    if (row !== undefined) rows.push(row);
    byReason.set(reason, rows);
  }
  return [...byReason].slice(0, MAX_REFUSED).map(([reason, rows]) => {
    const more = rows.length - MAX_ROWS_NAMED;
    const text = reason.slice(0, MAX_REASON_CHARS);
    return {
      seq,
      rows: rows.slice(0, MAX_ROWS_NAMED),
      reason: more > 0 ? `${text} (and ${more} more rows)` : text,
    };
  });
}
