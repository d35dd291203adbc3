import { MqttClient, type IClientOptions } from 'mqtt';
import { dial, type DialOptions } from '../../../runtime/dial/dial.ts';
import { dialTls, type TlsOptions } from '../../../runtime/dial/dial-tls.ts';
import type { BrokerConnection, Endpoint } from './connection.ts';

export interface Login {
  readonly clientId: string;
  readonly endpoint: Endpoint;
  readonly connection: BrokerConnection;
  readonly keepaliveMs: number;
  readonly connectTimeoutMs: number;
}

/**
 * MQTT.js as a plain transport (MQTT 3.1.1) over a connection made here: one connection a client, no reconnects,
 * certificates always verified. The client has sent CONNECT. Rejects with the reason.
 */
export async function openClient(
  login: Login,
  options: Pick<IClientOptions, 'clean' | 'outgoingStore' | 'will'>,
  way: Pick<DialOptions, 'signal' | 'guard'> & { readonly onStep: (step: string) => void },
): Promise<MqttClient> {
  const { endpoint, connection } = login;
  const how = { ...way, attemptTimeoutMs: login.connectTimeoutMs };
  const socket =
    endpoint.protocol === 'mqtts'
      ? await dialTls(endpoint, tlsOptions(connection), how)
      : (await dial(endpoint, how)).socket;
  way.onStep('waiting for the broker to accept the login');
  return new MqttClient(() => socket, { ...clientOptions(login), ...options });
}

function clientOptions({ clientId, connection, ...times }: Login): IClientOptions {
  return {
    protocolVersion: 4,
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
    // Saves 7 MiB: 65,536 prepared buffers are of no use for a few packets a minute.
    writeCache: false,
    clientId,
    keepalive: Math.ceil(times.keepaliveMs / 1_000),
    connectTimeout: times.connectTimeoutMs,
    ...(connection.username !== undefined && { username: connection.username }),
    ...(connection.password !== undefined && { password: connection.password }),
  };
}

function tlsOptions({ ca, cert, key }: BrokerConnection): TlsOptions {
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
