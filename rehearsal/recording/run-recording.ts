import { chance } from '../../simulators/city/noise.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import type { RecordedIncident } from '../record.ts';
import { runCity } from '../run-city.ts';
import { recordedCity } from './recorded-city.ts';
import type { RecordedBefore, Recording } from './recording.ts';

/** An incident of the recording, and whether it came again. */
export interface Compared {
  readonly before: RecordedBefore;
  /** After the recorded begin, ms; undefined: it did not come. */
  readonly againAfterMs: number | undefined;
}

export interface RehearsedRecording {
  readonly compared: readonly Compared[];
  /** That the recording does not have. */
  readonly further: readonly RecordedIncident[];
}

/** Central has just begun: what had begun before cannot come again. */
const CALM_MS = 600_000;
/** What a central says of itself is not of the city. */
const OF_CENTRAL = 'central_';
/** Beats are not those of the agents, and rules ask for some time. */
const SLACK_MS = 300_000;

/** A recording through the real parts on virtual time, and whether it leads to the incidents that it led to. */
export async function runRecording(
  recording: Recording,
  rules?: readonly AlertRule[],
): Promise<RehearsedRecording> {
  const { city, intervalMs } = recordedCity(recording);
  let drawn = 0;
  const { incidents } = await runCity({
    ...{ city, intervalMs, fromMs: recording.fromMs, toMs: recording.toMs },
    random: () => chance(1, drawn++),
    ...(rules !== undefined && { rules }),
  });
  return compare(recording, incidents);
}

/** Pure. */
export function compare(
  { incidents: before, fromMs }: Pick<Recording, 'incidents' | 'fromMs'>,
  incidents: readonly RecordedIncident[],
): RehearsedRecording {
  const open = incidents.filter(
    ({ mergedInto, rule }) => mergedInto === undefined && !rule.startsWith(OF_CENTRAL),
  );
  const found = new Set<RecordedIncident>();
  const compared = before
    .filter(({ beganAtMs }) => beganAtMs >= fromMs + CALM_MS)
    .map((one): Compared => {
      const again = open.find(
        (each) =>
          !found.has(each) && isSame(one, each) && Math.abs(each.beganAtMs - one.beganAtMs) <= SLACK_MS,
      );
      if (again !== undefined) found.add(again);
      return { before: one, againAfterMs: again && again.beganAtMs - one.beganAtMs };
    });
  return { compared, further: open.filter((each) => !found.has(each)) };
}

/** The root is what it is about; of one without a known root the rule. */
function isSame(one: RecordedBefore, { root, rule }: RecordedIncident): boolean {
  return one.root === undefined ? root === undefined && rule === one.rule : root === one.root;
}
