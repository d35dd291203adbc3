import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { fileSetting, type Reaches } from '../reach.ts';
import { endpointOf, type BrokerConnection } from './connection.ts';
import { checkTlsFiles } from '../../../runtime/tls-files.ts';
import { readSecret, readTextFile, type SecretSource } from '../../../runtime/secret-source.ts';

const tlsSchema = z
  .strictObject({
    /** Certificate authority of the broker; without it, the authorities that Node trusts. */
    caFile: z.string().min(1).optional(),
    certFile: z.string().min(1).optional(),
    keyFile: z.string().min(1).optional(),
  })
  .refine((tls) => (tls.certFile === undefined) === (tls.keyFile === undefined), {
    error: 'expected certFile and keyFile together, or neither',
  });

export const brokerSchema = z
  .strictObject({
    url: z.url({ protocol: /^mqtts?$/, error: 'expected mqtt://host:port or mqtts://host:port' }),
    username: z.string().min(1).max(256).optional(),
    password: z.string().min(1).optional(),
    passwordFile: z.string().min(1).optional(),
    passwordEnv: z.string().min(1).optional(),
    tls: tlsSchema.optional(),
  })
  .superRefine((broker, context) => {
    const report = (path: string, message: string): void => {
      // Without the input: it may hold a secret.
      context.issues.push({ code: 'custom', path: [path], message, input: undefined });
    };
    const url = URL.canParse(broker.url) ? new URL(broker.url) : undefined;
    if (url !== undefined && (url.username !== '' || url.password !== '')) {
      report('url', 'must not hold a user name or password; give username and passwordFile');
    }
    const sources = [broker.password, broker.passwordFile, broker.passwordEnv];
    if (sources.filter((source) => source !== undefined).length > 1) {
      report('password', 'give only one of password, passwordFile and passwordEnv');
    }
    if (sources.some((source) => source !== undefined) && broker.username === undefined) {
      report('username', 'is needed where there is a password');
    }
    if (broker.tls !== undefined && url?.protocol === 'mqtt:') report('tls', 'needs an mqtts:// url');
  });
export type BrokerConfig = z.infer<typeof brokerSchema>;

/** `at`: the path of the broker within the config. A key proves who the agent is, as a password does. Pure. */
export function brokerReaches(broker: BrokerConfig, at: string): Reaches {
  const { caFile, certFile, keyFile } = broker.tls ?? {};
  const password = passwordSource(broker);
  const { protocol, host, port } = endpointOf(broker.url);
  const secrets = [
    ...(password === undefined ? [] : [{ setting: `${at}.${password.setting}`, source: password.source }]),
    ...(keyFile === undefined ? [] : [{ setting: `${at}.tls.keyFile`, source: { file: keyFile } }]),
  ];
  return {
    targets: [{ setting: `${at}.url`, use: protocol, host, port, secrets }],
    files: [...fileSetting(`${at}.tls.caFile`, caFile), ...fileSetting(`${at}.tls.certFile`, certFile)],
  };
}

/** Reads the secrets. Throws a UserError (exit 2) that names the setting whose file or variable cannot be read. */
export function readConnection(broker: BrokerConfig, env: NodeJS.ProcessEnv): BrokerConnection {
  const password = passwordSource(broker);
  const { caFile, certFile, keyFile } = broker.tls ?? {};
  const tls = {
    ...(caFile !== undefined && { ca: readTextFile('broker.tls.caFile', caFile) }),
    ...(certFile !== undefined && { cert: readTextFile('broker.tls.certFile', certFile) }),
    ...(keyFile !== undefined && { key: readTextFile('broker.tls.keyFile', keyFile) }),
  };
  checkTlsFiles('broker.tls', tls);
  return {
    url: broker.url,
    ...(broker.username !== undefined && { username: broker.username }),
    ...(password !== undefined && {
      password: readSecret(`broker.${password.setting}`, password.source, env),
    }),
    ...tls,
  };
}

/** Whether a password would cross a network in the clear. */
export function sendsPasswordInClear(connection: BrokerConnection): boolean {
  return (
    connection.url.startsWith('mqtt:') &&
    connection.password !== undefined &&
    !isOnThisMachine(connection.url)
  );
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isOnThisMachine(url: string): boolean {
  const address = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  if (family === 0) return address === 'localhost' || address.endsWith('.localhost');
  return loopback.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

function passwordSource(broker: BrokerConfig): { setting: string; source: SecretSource } | undefined {
  if (broker.passwordFile !== undefined) {
    return { setting: 'passwordFile', source: { file: broker.passwordFile } };
  }
  if (broker.passwordEnv !== undefined)
    return { setting: 'passwordEnv', source: { env: broker.passwordEnv } };
  if (broker.password !== undefined) return { setting: 'password', source: { value: broker.password } };
  return undefined;
}
