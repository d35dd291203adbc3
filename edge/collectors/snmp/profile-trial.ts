import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { AnswerSize } from '../../protocols/snmp/answer-size.ts';
import { ColumnMemory, Conversation } from '../../protocols/snmp/conversation.ts';
import type { SnmpSession } from '../../protocols/snmp/session.ts';
import { Device } from './device.ts';
import { KnownStations } from './known-stations.ts';
import type { CompiledProfile } from './profile/compiled-profile.ts';
import type { ProfileLibrary } from './profile/library.ts';
import { createSnmpCollector } from './snmp.ts';
import { readSystem, type System } from './system.ts';

/** An object that a profile asks for, and what for. */
export interface AskedObject {
  readonly oid: string;
  /** Such as `power.charge_pct`. */
  readonly field: string;
}

export interface ProfileTrial {
  readonly system: System;
  /** undefined: none fits. */
  readonly profile: CompiledProfile | undefined;
  /** What the device does not have. */
  readonly lacking: readonly AskedObject[];
  /** Of two polls, as an agent would send them. */
  readonly samples: readonly Sample[];
  readonly errors: readonly Error[];
}

export interface TrialDeps {
  readonly address: string;
  readonly profiles: ProfileLibrary;
  readonly openSession: (signal: AbortSignal) => Promise<SnmpSession>;
  readonly clock: Clock;
}

const ANSWER_SIZES = { start: 20, most: 50 } as const;
/** Rates need a second poll. */
const BETWEEN_POLLS_MS = 2_000;

/** Reads one device as an agent would. Rejects with an SnmpError when it does not answer, or with the signal's reason. */
export async function tryProfile(deps: TrialDeps, signal: AbortSignal): Promise<ProfileTrial> {
  const { address, profiles, openSession, clock } = deps;
  const session = await openSession(signal);
  try {
    const memory = new ColumnMemory(new AnswerSize(ANSWER_SIZES));
    const conversation = new Conversation({ session, memory, signal, retriesEmpty: true });
    const system = await readSystem(conversation);
    const profile = await profiles.find(system, (oids) => conversation.get(oids));
    const lacking = profile === undefined ? [] : await findLacking(conversation, profile);
    const device = new Device({
      name: 'tried',
      address,
      stations: new KnownStations(),
      profiles: () => profiles,
      answerSize: new AnswerSize(ANSWER_SIZES),
      phase: 0,
      clock,
      openSession: async () => session,
    });
    const collector = createSnmpCollector([device], { clock, log: silentLogger, commonTags: {} });
    const first = await collector.collect(signal);
    await clock.sleep(BETWEEN_POLLS_MS, signal);
    const second = await collector.collect(signal);
    return {
      system,
      profile,
      lacking,
      samples: [...first.samples, ...second.samples],
      errors: [...first.errors, ...second.errors],
    };
  } finally {
    await session.close();
  }
}

async function findLacking(
  conversation: Pick<Conversation, 'column'>,
  profile: CompiledProfile,
): Promise<readonly AskedObject[]> {
  const found = await Promise.all(
    objectsOf(profile).map(async (object) => {
      const { cells, error } = await conversation.column(object.oid);
      return cells.size === 0 && error === undefined ? [object] : [];
    }),
  );
  return found.flat();
}

/** Each object once, with the first field that it is for. Pure. */
function objectsOf({ device, rows, ports }: CompiledProfile): readonly AskedObject[] {
  const all = [
    ...device.flatMap((source): AskedObject[] => {
      const field = `device.${source.field}`;
      if (!('share' in source)) return [{ oid: source.figure.oid, field }];
      const { used = [], free = [], total = [] } = source.share;
      return [...used, ...free, ...total].map((oid) => ({ oid, field }));
    }),
    ...rows.flatMap(({ measurement, values }) =>
      values.map(({ column, field }): AskedObject => ({ oid: column, field: `${measurement}.${field}` })),
    ),
    ...ports.flatMap(({ values }) =>
      values.map(({ column, field }): AskedObject => ({ oid: column, field: `interface.${field}` })),
    ),
  ];
  return [...new Map(all.toReversed().map((object) => [object.oid, object])).values()].toReversed();
}
