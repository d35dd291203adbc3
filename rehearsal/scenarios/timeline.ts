import { createHash } from 'node:crypto';
import type { Severity } from '../../central/alerts/rules/severity.ts';
import { refsOf } from '../score/attribute.ts';
import { beginsOf } from '../score/messages.ts';
import type { ScenarioRun } from './run-scenario.ts';

/** What happened, what central said of it, and who heard: for people to read. Times are ms since the begin of the scenario. */
export interface Timeline {
  readonly lengthMs: number;
  readonly faults: readonly { readonly what: string; readonly from: number; readonly to: number }[];
  readonly alerts: readonly {
    readonly rule: string;
    readonly severity: Severity;
    readonly about: string;
    /** It began, it was told apart from a blip, and it was over; undefined: it is still open. */
    readonly from: number;
    readonly fired: number;
    readonly to: number | undefined;
    /** It tells what happened while its agent was cut off: nobody is told of it. */
    readonly isHistory: boolean;
  }[];
  readonly messages: readonly {
    readonly at: number;
    readonly channel: string;
    readonly what: 'begin' | 'end' | 'other';
    readonly text: string;
  }[];
}

/** Pure. */
export function timelineOf({ scenario, happenings, recorded, map }: ScenarioRun): Timeline {
  const { fromMs, length } = scenario;
  const since = (timeMs: number): number => timeMs - fromMs;
  return {
    lengthMs: length,
    faults: happenings.map(({ fault }) => ({
      what: `${fault.kind} ${fault.target}`,
      ...{ from: since(fault.fromMs), to: since(fault.toMs) },
    })),
    alerts: recorded.alerts.map((alert) => ({
      ...{ rule: alert.rule, severity: alert.severity, about: refsOf(alert, map)[0] ?? '' },
      ...{ from: since(alert.startedAtMs), fired: since(alert.firedAtMs) },
      to: alert.resolvedAtMs === undefined ? undefined : since(alert.resolvedAtMs),
      isHistory: alert.learnedLateAtMs !== undefined,
    })),
    messages: recorded.messages.map(({ atMs, channel, message }) => {
      const begins = beginsOf(message);
      const isEnd = message.alerts.length > 0 && message.alerts.every(({ what }) => what === 'end');
      return {
        ...{ at: since(atMs), channel },
        what: begins.length > 0 ? 'begin' : isEnd ? 'end' : 'other',
        text: [...new Set(message.alerts.map(({ what, facts }) => `${what} ${facts.rule}`))].join(', '),
      };
    }),
  };
}

/** Of what was wrong, and of what central said and when: equal for two runs of one scenario and seed, on any machine. */
export interface RunHashes {
  readonly truth: string;
  readonly alerts: string;
}

/** Pure. */
export function hashesOf(run: ScenarioRun): RunHashes {
  const truth = run.happenings.flatMap(({ troubles }) =>
    troubles.map((trouble) => ({
      ...trouble,
      ...{ roots: [...trouble.roots].sort(), reach: [...trouble.reach].sort() },
    })),
  );
  const { alerts, messages } = timelineOf(run);
  return { truth: hash(truth), alerts: hash([alerts, messages]) };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
