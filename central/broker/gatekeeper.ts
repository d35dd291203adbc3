import type { AedesOptions, AuthenticateError, Client } from 'aedes';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AGENT_ID_PATTERN } from '../../contract/topics.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { BrokerLimits } from './limits.ts';
import { RefusedError, type BrokerRefusal } from './refusal.ts';
import { TokenBucket } from '../../runtime/token-bucket.ts';
import { refusePublish, refuseSubscribe, type BrokerRole, type Principal } from './topic-rights.ts';

/** Whose a name and password are; undefined: nobody's. */
export type Authenticate = (name: string, password: string) => BrokerRole | undefined;

export interface GatekeeperDeps {
  readonly authenticate: Authenticate;
  /** The client certificate's common name must be the client's id. */
  readonly requireCertificate: boolean;
  readonly limits: BrokerLimits;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefused: (refusal: BrokerRefusal) => void;
  /** Called once a connection has proved whose it is. */
  readonly onProven: (client: Client) => void;
}

export type GatekeeperHooks = Required<
  Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>
>;

interface Session {
  readonly principal: Principal;
  readonly bucket: TokenBucket;
}

type Identity =
  | { readonly role: BrokerRole }
  | { readonly role: undefined; readonly reason: string; readonly returnCode: number };

/** MQTT 3.1.1, table 3.1. */
const SERVER_UNAVAILABLE = 3;
const BAD_PASSWORD = 4;
/** A small message costs the broker about as much as a kilobyte. */
const MIN_MESSAGE_COST_BYTES = 1_024;

/** The broker's hooks: who may connect, publish and subscribe. */
export function createGatekeeper(deps: GatekeeperDeps): GatekeeperHooks {
  const sessions = new WeakMap<Client, Session>();

  const refuse = (client: Client, refusal: BrokerRefusal): RefusedError => {
    const address = addressOf(client);
    deps.onRefused(address === undefined ? refusal : { ...refusal, address });
    return new RefusedError(refusal.reason);
  };

  const preConnect: GatekeeperHooks['preConnect'] = (client, packet, done) => {
    // No session outlives its connection: nothing can pile up for a client that is away.
    packet.clean = true;
    const { clientId: id, will } = packet;
    const publication = will && toPublication(will);
    const reason = publication && refusePublish({ id, role: 'agent' }, publication);
    if (reason === undefined) {
      done(null, true);
    } else {
      const topic = publication?.topic ?? '';
      done(refuse(client, { kind: 'publish', reason: `last will: ${reason}`, client: id, topic }), false);
    }
  };

  const authenticate: GatekeeperHooks['authenticate'] = (client, name, password, done) => {
    const identity = identify(deps, client, name, password?.toString('utf8') ?? '');
    if (identity.role === undefined) {
      const { reason, returnCode } = identity;
      const error = refuse(client, { kind: 'authentication', reason, client: client.id });
      done(Object.assign(error, { returnCode }) as Error as AuthenticateError, null);
      return;
    }
    const { clientBurstBytes: capacity, clientBytesPerS: refillPerS } = deps.limits;
    sessions.set(client, {
      principal: { id: client.id, role: identity.role },
      bucket: new TokenBucket({ capacity, refillPerS }, deps.clock.monotonicMs()),
    });
    deps.onProven(client);
    done(null, true);
  };

  const authorizePublish: GatekeeperHooks['authorizePublish'] = (client, packet, done) => {
    const session = client === null ? undefined : sessions.get(client);
    if (client === null || session === undefined) {
      done(new RefusedError('no client stands behind this message'));
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
      session.principal.role === 'agent' ? session.bucket.take(cost, deps.clock.monotonicMs()) : 0;
    if (waitMs === 0) done();
    // aedes reads on only when this is answered: the sender's own TCP window holds it back.
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
    // No subscription: aedes answers SUBACK 128 for this topic.
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
    role: undefined,
    reason,
    returnCode,
  });
  if (name === undefined || name !== client.id) return deny('client id and user name differ');
  if (deps.requireCertificate && commonNameOf(client) !== name) return deny("another client's certificate");
  try {
    const role = deps.authenticate(name, password);
    if (role === undefined) return deny('wrong user name or password');
    if (role === 'agent' && !AGENT_ID_PATTERN.test(name)) return deny('not a valid agent id');
    return { role };
  } catch (error) {
    deps.log.error({ err: error, client: name }, 'password could not be checked');
    return deny('password could not be checked', SERVER_UNAVAILABLE);
  }
}

function toPublication(packet: {
  topic: string;
  payload: string | Buffer;
  qos?: number;
  retain?: boolean;
}): Parameters<typeof refusePublish>[1] {
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
