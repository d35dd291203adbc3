import { z } from 'zod';
import { messageOf, UserError } from '../../../runtime/errors.ts';
import { readSecret, secretSourceSchema } from '../../../runtime/secret-source.ts';
import type { SecretSetting } from '../reach.ts';
import { SnmpError } from './session.ts';

const v2cSchema = z.strictObject({ version: z.literal('2c'), community: secretSourceSchema });

/** authPriv only, at least SHA-256 and AES-128. These digests are long enough for an AES-256 key, so that the two competing key extensions do not matter. */
const v3Schema = z.strictObject({
  version: z.literal('3'),
  user: z.string().min(1).max(32),
  auth: z.strictObject({
    protocol: z.enum(['sha256', 'sha384', 'sha512']).default('sha256'),
    password: secretSourceSchema,
  }),
  privacy: z.strictObject({
    protocol: z.enum(['aes128', 'aes256']).default('aes128'),
    password: secretSourceSchema,
  }),
});

export const credentialsSchema = z.discriminatedUnion('version', [v2cSchema, v3Schema]);
export type CredentialsConfig = z.infer<typeof credentialsSchema>;

type V3Config = z.infer<typeof v3Schema>;
export type AuthProtocol = V3Config['auth']['protocol'];
export type PrivacyProtocol = V3Config['privacy']['protocol'];

/** Whatever is sent to a device, or proved to be known. `at`: the path of the credentials within the config. Pure. */
export function secretsOf(credentials: CredentialsConfig | undefined, at: string): readonly SecretSetting[] {
  if (credentials === undefined) return [];
  if (credentials.version === '2c') return [{ setting: `${at}.community`, source: credentials.community }];
  return [
    { setting: `${at}.auth.password`, source: credentials.auth.password },
    { setting: `${at}.privacy.password`, source: credentials.privacy.password },
  ];
}

/** With the secrets themselves; exists only while a session is opened. */
export type Credentials =
  | { readonly version: '2c'; readonly community: string }
  | {
      readonly version: '3';
      readonly user: string;
      readonly authProtocol: AuthProtocol;
      readonly authPassword: string;
      readonly privacyProtocol: PrivacyProtocol;
      readonly privacyPassword: string;
    };

/** RFC 3414, 11.2. */
const MIN_PASSWORD_LENGTH = 8;

/** Reads the secrets for each session, so that changed ones take effect. Throws an SnmpError that names the setting. */
export function readCredentials(
  name: string,
  config: CredentialsConfig,
  env: NodeJS.ProcessEnv,
): Credentials {
  const secret = (setting: string, source: z.infer<typeof secretSourceSchema>): string => {
    try {
      return readSecret(`credentials.${name}.${setting}`, source, env);
    } catch (error) {
      if (error instanceof UserError) throw new SnmpError('unsent', messageOf(error));
      throw error;
    }
  };
  const password = (setting: string, source: z.infer<typeof secretSourceSchema>): string => {
    const text = secret(setting, source);
    if (text.length >= MIN_PASSWORD_LENGTH) return text;
    throw new SnmpError(
      'unsent',
      `credentials.${name}.${setting}: expected at least ${MIN_PASSWORD_LENGTH} characters`,
    );
  };
  if (config.version === '2c') return { version: '2c', community: secret('community', config.community) };
  return {
    version: '3',
    user: config.user,
    authProtocol: config.auth.protocol,
    authPassword: password('auth.password', config.auth.password),
    privacyProtocol: config.privacy.protocol,
    privacyPassword: password('privacy.password', config.privacy.password),
  };
}

/** What is wrong with the name of credentials; undefined: they are there. Pure. */
export function problemOfCredentialsName(
  name: string,
  credentials: Readonly<Record<string, unknown>>,
): string | undefined {
  if (Object.hasOwn(credentials, name)) return undefined;
  const known = Object.keys(credentials);
  return known.length === 0
    ? 'expected the name of an entry under credentials, where there is none yet'
    : `expected one of ${known.join(', ')}`;
}
