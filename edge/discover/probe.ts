import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { TokenBucket } from '../../runtime/token-bucket.ts';
import { AnswerSize } from '../protocols/snmp/answer-size.ts';
import { ColumnMemory, Conversation } from '../protocols/snmp/conversation.ts';
import { readCredentials, type CredentialsConfig } from '../protocols/snmp/credentials.ts';
import { Deadline } from '../protocols/snmp/deadline.ts';
import type { OpenSession } from '../protocols/snmp/open-session.ts';
import { NO_ANSWER, SnmpError, type SnmpErrorCode } from '../protocols/snmp/session.ts';
import type { ProfileLibrary } from '../collectors/snmp/profile/library.ts';
import type { Probed } from './finding.ts';
import { pacedSession } from './paced-session.ts';
import { readFinding } from './read-finding.ts';

export interface ProbeDeps {
  readonly credentials: Readonly<Record<string, CredentialsConfig>>;
  readonly port: number;
  readonly replyTimeoutMs: number;
  readonly openSession: OpenSession;
  readonly bucket: TokenBucket;
  readonly profiles: ProfileLibrary;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
}

/** Small, because the quality of the line is unknown. */
const ANSWER_SIZE = { start: 10, most: 10 };
/** For one address. */
const DEADLINE_MS = 20_000;
/** Errors that do not depend on the credentials: no other ones are tried. */
const UNREACHABLE: readonly SnmpErrorCode[] = ['refused', 'unsent'];

/** Tries the credentials one by one until a device answers. undefined: no answer. Rejects only with the signal's reason. */
export async function probeAddress(address: string, deps: ProbeDeps, signal: AbortSignal): Promise<Probed> {
  let refusal: string | undefined;
  for (const name of Object.keys(deps.credentials)) {
    try {
      return await probeWith(address, name, deps, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SnmpError && UNREACHABLE.includes(error.code)) break;
      if (messageOf(error) !== NO_ANSWER) refusal ??= `${name}: ${messageOf(error)}`;
    }
  }
  return refusal === undefined ? undefined : { address, reason: refusal };
}

async function probeWith(
  address: string,
  name: string,
  deps: ProbeDeps,
  signal: AbortSignal,
): Promise<Probed> {
  const { credentials, port, replyTimeoutMs, openSession, bucket, clock, env } = deps;
  const config = credentials[name];
  if (config === undefined) return undefined;
  const target = {
    address,
    port,
    guard: undefined,
    replyTimeoutMs,
    credentials: readCredentials(name, config, env),
  };
  const session = pacedSession(await openSession(target, signal), bucket, clock);
  const deadline = new Deadline(clock, signal, DEADLINE_MS);
  try {
    const conversation = new Conversation({
      session,
      memory: new ColumnMemory(new AnswerSize(ANSWER_SIZE)),
      signal: deadline.signal,
      retriesEmpty: true,
    });
    return await readFinding(conversation, { address, credentials: name, profiles: deps.profiles });
  } finally {
    deadline.clear();
    await session.close();
  }
}
