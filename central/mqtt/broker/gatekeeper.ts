import type { AedesOptions, AuthenticateError, Client } from 'aedes';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AGENT_ID_PATTERN } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { BrokerLimits } from './limits.ts';
import { RefusedError, type BrokerRefusal } from './refusal.ts';
import { TokenBucket } from '../../../runtime/token-bucket.ts';
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
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefused: (refusal: BrokerRefusal) => void;
  /** Called once a client is authenticated. */
  readonly onAuthenticated: (client: Client) => void;
}

export type GatekeeperHooks = Required<
  Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>
>;

interface Session {
  readonly principal: Principal;
  readonly bucket: TokenBucket;
}

type Identity =
  | { readonly grant: BrokerRole | SparkplugGrant }
  | { readonly grant: undefined; readonly reason: string; readonly returnCode: number };

/** MQTT 3.1.1, table 3.1. */
const SERVER_UNAVAILABLE = 3;
const BAD_PASSWORD = 4;
const NOT_AUTHORIZED = 5;
/** A small message costs the broker about as much as a kilobyte. */
const MIN_MESSAGE_COST_BYTES = 1_024;

/** The broker's hooks: who may connect, publish and subscribe. */
export function createGatekeeper(deps: GatekeeperDeps): GatekeeperHooks {
  const sessions = new WeakMap<Client, Session>();
  const wills = new WeakMap<Client, Publication>();

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
    const identity = identify(deps, client, name, password?.toString('utf8') ?? '');
    if (identity.grant === undefined) {
      const { reason, returnCode } = identity;
      const error = refuse(client, { kind: 'authentication', reason, client: client.id });
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
    const { clientBurstBytes: capacity, clientBytesPerS: refillPerS } = deps.limits;
    sessions.set(client, {
      principal,
      bucket: new TokenBucket({ capacity, refillPerS }, deps.clock.monotonicMs()),
    });
    deps.onAuthenticated(client);
    done(null, true);
  };

  const authorizePublish: GatekeeperHooks['authorizePublish'] = (client, packet, done) => {
    const session = client === null ? undefined : sessions.get(client);
    if (client === null || session === undefined) {
      done(new RefusedError('this message has no authenticated client'));
      return;
    }
    const publication = toPublication(packet);
    const reason = refusePublish(session.principal, publication);
    if (reason !== undefined) {
      const { topic } = packet;
      done(refuse(client, { kind: 'publish', reason, client: client.id, topic }));
      return;
    }
    const cost = Math.max(publication.payloadBytes, MIN_MESSAGE_COST_BYTES);
    const waitMs =
      session.principal.role !== 'central' ? session.bucket.take(cost, deps.clock.monotonicMs()) : 0;
    if (waitMs === 0) done();
    // aedes reads no more from the client until this is answered, so that TCP slows the sender down.
    else void deps.clock.sleep(waitMs).then(() => done());
  };

  const authorizeSubscribe: GatekeeperHooks['authorizeSubscribe'] = (client, subscription, done) => {
    const principal = sessions.get(client)?.principal;
    const reason = principal === undefined ? 'not authenticated' : refuseSubscribe(principal, subscription);
    if (reason === undefined) {
      done(null, subscription);
      return;
    }
    refuse(client, { kind: 'subscribe', reason, client: client.id, topic: subscription.topic });
    // With null, aedes answers SUBACK 128 for this topic.
    done(null, null);
  };

  return { preConnect, authenticate, authorizePublish, authorizeSubscribe };
}

function identify(
  deps: GatekeeperDeps,
  client: Client,
  name: string | undefined,
  password: string,
): Identity {
  const deny = (reason: string, returnCode = BAD_PASSWORD): Identity => ({
    grant: undefined,
    reason,
    returnCode,
  });
  if (name === undefined || name !== client.id) return deny('client id and user name differ');
  if (deps.requireCertificate && commonNameOf(client) !== name) return deny("another client's certificate");
  try {
    const grant = deps.authenticate(name, password);
    if (grant === undefined) return deny('wrong user name or password');
    if (grant !== 'central' && !AGENT_ID_PATTERN.test(name)) return deny('not a valid agent id');
    return { grant };
  } catch (error) {
    deps.log.error({ err: error, client: name }, 'password could not be checked');
    return deny('password could not be checked', SERVER_UNAVAILABLE);
  }
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
