import type { IClientOptions } from 'mqtt';
import type { BrokerConnection, Endpoint } from './connection.ts';

export interface Dial {
  readonly clientId: string;
  readonly endpoint: Endpoint;
  readonly connection: BrokerConnection;
  readonly keepaliveMs: number;
  readonly connectTimeoutMs: number;
}

/** MQTT.js as a plain transport (MQTT 3.1.1): one connection a client, no reconnects, certificates always verified. */
export function dialOptions({ clientId, endpoint, connection, ...times }: Dial): IClientOptions {
  return {
    protocol: endpoint.protocol,
    host: endpoint.host,
    port: endpoint.port,
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
    ...(endpoint.protocol === 'mqtts' && tlsOptions(connection)),
  };
}

function tlsOptions(connection: BrokerConnection): object {
  const { ca, cert, key } = connection;
  return { rejectUnauthorized: true, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
