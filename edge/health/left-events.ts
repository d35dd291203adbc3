import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { TOLD_AFTER_END_MS } from '../protocols/events/event-limits.ts';
import { EventStates } from '../protocols/events/event-states.ts';
import { eventStatesFile, openEventStatesRecord } from '../protocols/events/event-states-record.ts';
import { momentOf } from '../protocols/events/moment.ts';
import { SourceSummary } from '../protocols/events/source-summary.ts';
import { readTroubledSenders, troubledSendersFile } from '../protocols/events/troubled-senders-record.ts';

export interface LeftEventsDeps {
  readonly tags: Sample['tags'];
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a collector that was removed had told, and nobody else would end. */
export interface LeftEvents {
  /** How many things are ended. */
  readonly count: number;
  /** All was told for long enough. */
  readonly isOver: boolean;
  /** Rows that are due. `ownFiles`: those of the collectors that run, which tell of what stands in them. */
  take(ownFiles: readonly string[]): readonly Sample[];
}

/** Files that collectors of events keep. */
export interface LeftEventsKind {
  /** Of the collector with this identity. */
  fileOf(dataDirectory: string, identity: string): string;
  /** Never throws: a file that cannot be read has nothing to end. */
  open(file: string, deps: LeftEventsDeps): LeftEvents;
}

export const LEFT_EVENTS_KINDS: readonly LeftEventsKind[] = [
  { fileOf: eventStatesFile, open: leftStates },
  { fileOf: troubledSendersFile, open: leftSenders },
];

/** States between two traps are over. */
function leftStates(file: string, { tags, clock, log }: LeftEventsDeps): LeftEvents {
  const states = new EventStates();
  states.restore(openEventStatesRecord(file, log).read(), () => false, clock.now());
  return {
    count: states.all.length,
    get isOver() {
      return states.all.length === 0;
    },
    take: () => states.report('snmp_trap', tags, clock.now()),
  };
}

/** Nothing critical comes any more from senders that nobody listens to. */
function leftSenders(file: string, { tags, clock, log }: LeftEventsDeps): LeftEvents {
  const { source, devices } = readTroubledSenders(file, log) ?? { source: '', devices: [] };
  const sinceMs = clock.monotonicMs();
  const summaries = devices.map((device) => ({
    device,
    summary: new SourceSummary({ ...tags, source, device }, momentOf(clock)),
  }));
  /** A collector under a new name hears the same senders, and its rows are of the same series. */
  const toldBy = (ownFiles: readonly string[]): ReadonlySet<string> =>
    new Set(
      ownFiles.flatMap((own) => {
        const record = readTroubledSenders(own, log);
        return record?.source === source ? record.devices : [];
      }),
    );
  return {
    count: summaries.length,
    get isOver() {
      return summaries.length === 0 || clock.monotonicMs() - sinceMs >= TOLD_AFTER_END_MS;
    },
    take: (ownFiles) => {
      const others = toldBy(ownFiles);
      return summaries.flatMap(({ device, summary }) =>
        others.has(device) ? [] : (summary.take(momentOf(clock)) ?? []),
      );
    },
  };
}
