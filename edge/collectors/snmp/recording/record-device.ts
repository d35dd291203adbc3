import type { Clock } from '../../../../runtime/clock.ts';
import type { SnmpSession } from '../../../protocols/snmp/session.ts';
import { anonymise, type AnonymousRecording, type KnownTexts } from './anonymiser.ts';
import { snmprecLine } from './snmprec.ts';
import { walkDevice, type WalkLimits } from './walk-device.ts';

export interface DeviceRecording extends Pick<AnonymousRecording, 'replaced'> {
  /** In `.snmprec`, anonymous. */
  readonly text: string;
  readonly objectCount: number;
  /** Why there may be more; undefined: that is all. */
  readonly problem: string | undefined;
}

/** Of the whole of a large switch; what would be more is of no use in a test. */
const LIMITS = { maxObjects: 50_000, maxBytes: 16 * 1024 * 1024 };

/** A recording of a device for a bug report, without what tells whose it is. Never rejects. */
export async function recordDevice(
  session: SnmpSession,
  known: KnownTexts,
  deps: { readonly clock: Clock; readonly signal: AbortSignal; readonly timeoutMs: WalkLimits['timeoutMs'] },
): Promise<DeviceRecording> {
  const { objects, problem } = await walkDevice(session, { ...LIMITS, timeoutMs: deps.timeoutMs }, deps);
  const anonymous = anonymise(objects, known);
  return {
    text: anonymous.objects.map((object) => `${snmprecLine(object)}\n`).join(''),
    objectCount: objects.length,
    replaced: anonymous.replaced,
    problem,
  };
}
