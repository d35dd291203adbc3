import type { AedesOptions, AuthenticateError, Client } from 'aedes';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AGENT_ID_PATTERN } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { BrokerLimits } from './limits.ts';
import { LoginLimit } from './login-limit.ts';
import { RefusedError, type BrokerRefusal } from './refusal.ts';
import {
  refusePublish,
  refuseSubscribe,
  type BrokerRole,
  type Principal,
  type Publication,
  type SparkplugGrant,
} from './topic-rights.ts';

/** The role that belongs to a name and password; undefined: none. */
export type Authenticate = (name: string, password: string) => BrokerRole | SparkplugGrant | undefined;

export interface GatekeeperDeps {
  readonly authenticate: Authenticate;
  /** The client certificate's common name must be the client's id. */
  readonly requireCertificate: boolean;
  readonly limits: BrokerLimits;
  /** Whether wrong logins of this address are not limited. */
  readonly isExempt: (address: string) => boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefused: (refusal: BrokerRefusal) => void;
  /** Called once a client is authenticated. */
  readonly onAuthenticated: (client: Client, role: Principal['role']) => void;
}

export type GatekeeperHooks = Required<
  Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>
>;

interface Session {
  readonly principal: Principal;
  readonly topics: Set<string>;
  refusedTopics: number;
}

type Identity =
  | { readonly grant: BrokerRole | SparkplugGrant }
  | {
      readonly grant: undefined;
      readonly reason: string;
      readonly returnCode: number;
      /** The fault is at this end. */
      readonly isOurs?: true;
    };

/** MQTT 3.1.1, table 3.1. */
const SERVER_UNAVAILABLE = 3;
const BAD_PASSWORD = 4;
const NOT_AUTHORIZED = 5;
/** A packet of 64 KiB has room for 10,000 of them: a client that asks for more topics it may not read is disconnected. */
const MAX_REFUSED_TOPICS = 100;
const MAX_SHOWN_CHARS = 256;

/** The broker's hooks: who may connect, publish and subscribe. */
export function createGatekeeper(deps: GatekeeperDeps): GatekeeperHooks {
  const sessions = new WeakMap<Client, Session>();
  const wills = new WeakMap<Client, Publication>();
  const logins = new LoginLimit(deps.limits);

  const refuse = (client: Client, refusal: BrokerRefusal): RefusedError => {
    const address = addressOf(client);
    deps.onRefused(address === undefined ? refusal : { ...refusal, address });
    return new RefusedError(refusal.reason);
  };

  const preConnect: GatekeeperHooks['preConnect'] = (client, packet, done) => {
    // No session outlives its connection: no messages can accumulate for a client that is disconnected.
    packet.clean = true;
    if (packet.will) wills.set(client, toPublication(packet.will));
    done(null, true);
  };

  const authenticate: GatekeeperHooks['authenticate'] = (client, name, password, done) => {
    const address = addressOf(client) ?? '';
    const identity = logIn(client, address, name, password);
    if (identity.grant === undefined) {
      const { reason, returnCode } = identity;
      const error = refuse(client, { kind: 'authentication', reason, claimed: client.id });
      done(Object.assign(error, { returnCode }) as Error as AuthenticateError, null);
      return;
    }
    const principal = toPrincipal(client.id, identity.grant);
    const will = wills.get(client);
    const reason = will && refusePublish(principal, will);
    if (will !== undefined && reason !== undefined) {
      const { topic } = will;
      const error = refuse(client, {
        kind: 'publish',
        reason: `last will: ${reason}`,
        client: client.id,
        topic,
      });
      done(Object.assign(error, { returnCode: NOT_AUTHORIZED }) as Error as AuthenticateError, null);
      return;
    }
    sessions.set(client, { principal, topics: new Set(), refusedTopics: 0 });
    deps.onAuthenticated(client, principal.role);
    done(null, true);
  };

  const logIn = (client: Client, address: string, name: string | undefined, password?: Buffer): Identity => {
    const identity = identify(deps, client, name, password?.toString('utf8') ?? '');
    // A right password is never held up: to look at one costs a hash and an indexed read, and others share the address.
    if (identity.grant !== undefined || identity.isOurs === true || deps.isExempt(address)) return identity;
    return logins.isTooMany(address, deps.clock.monotonicMs())
      ? deny(`too many wrong logins from this address: ${identity.reason}`, SERVER_UNAVAILABLE)
      : identity;
  };

  const authorizePublish: GatekeeperHooks['authorizePublish'] = (client, packet, done) => {
    const session = client === null ? undefined : sessions.get(client);
    if (client === null || session === undefined) {
      done(new RefusedError('this message has no authenticated client'));
      return;
    }
    const reason = refusePublish(session.principal, toPublication(packet));
    if (reason === undefined) {
      done();
      return;
    }
    const { topic } = packet;
    done(refuse(client, { kind: 'publish', reason, client: client.id, topic }));
  };

  const authorizeSubscribe: GatekeeperHooks['authorizeSubscribe'] = (client, subscription, done) => {
    const session = sessions.get(client);
    const { topic } = subscription;
    const reason =
      session === undefined ? 'not authenticated' : refuseTopic(session, subscription, deps.limits);
    if (reason === undefined) {
      session?.topics.add(topic);
      done(null, subscription);
      return;
    }
    const refusedBefore = session?.refusedTopics ?? 0;
    if (session !== undefined) session.refusedTopics++;
    if (refusedBefore < MAX_REFUSED_TOPICS) {
      refuse(client, {
        kind: 'subscribe',
        reason,
        client: client.id,
        topic: topic.slice(0, MAX_SHOWN_CHARS),
      });
      // With null, aedes answers SUBACK 128 for this topic.
      done(null, null);
    } else {
      done(new RefusedError('too many topics were refused'));
    }
  };

  return { preConnect, authenticate, authorizePublish, authorizeSubscribe };
}

function identify(
  deps: GatekeeperDeps,
  client: Client,
  name: string | undefined,
  password: string,
): Identity {
  if (name === undefined || name !== client.id) return deny('client id and user name differ');
  if (deps.requireCertificate && commonNameOf(client) !== name) return deny("another client's certificate");
  try {
    const grant = deps.authenticate(name, password);
    if (grant === undefined) return deny('wrong user name or password');
    if (grant !== 'central' && !AGENT_ID_PATTERN.test(name)) return deny('not a valid agent id');
    return { grant };
  } catch (error) {
    deps.log.error({ err: error, client: name }, 'password could not be checked');
    return { ...deny('password could not be checked', SERVER_UNAVAILABLE), isOurs: true };
  }
}

function deny(reason: string, returnCode = BAD_PASSWORD) {
  return { grant: undefined, reason, returnCode } as const;
}

/** Also an agent that may read only a few topics could ask for many: a Sparkplug node's devices have any name. */
function refuseTopic(
  { principal, topics }: Session,
  subscription: { readonly topic: string; readonly qos: number },
  { maxSubscriptions, maxTopicChars }: BrokerLimits,
): string | undefined {
  const { topic } = subscription;
  if (topic.length > maxTopicChars) return `a topic of more than ${maxTopicChars} characters`;
  if (topics.size >= maxSubscriptions && !topics.has(topic)) return `more than ${maxSubscriptions} topics`;
  return refuseSubscribe(principal, subscription);
}

function toPrincipal(id: string, grant: BrokerRole | SparkplugGrant): Principal {
  return typeof grant === 'string' ? { id, role: grant } : { id, ...grant };
}

function toPublication(packet: {
  topic: string;
  payload: string | Buffer;
  qos?: number;
  retain?: boolean;
}): Publication {
  const { topic, payload, qos = 0, retain = false } = packet;
  return { topic, qos, retain, payloadBytes: Buffer.byteLength(payload) };
}

function addressOf(client: Client): string | undefined {
  return client.conn instanceof Socket ? client.conn.remoteAddress : undefined;
}

function commonNameOf(client: Client): string | undefined {
  if (!(client.conn instanceof TLSSocket)) return undefined;
  const name: unknown = client.conn.getPeerCertificate().subject.CN;
  return typeof name === 'string' ? name : undefined;
}
