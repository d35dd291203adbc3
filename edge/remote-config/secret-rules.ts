import { normalize } from 'node:path';
import type { SecretSource } from '../../runtime/secret-source.ts';
import {
  matchesPattern,
  patternText,
  SECRET_USES,
  type SecretTarget,
  type SecretUse,
} from '../config/target-pattern.ts';
import type { TargetSetting } from '../protocols/reach.ts';

/** A secret of `configFromCentral.secrets`. */
export interface SecretRule {
  readonly file?: string | undefined;
  readonly env?: string | undefined;
  readonly targets: readonly SecretTarget[];
}

export type Secret = { readonly file: string } | { readonly env: string };

/** A file or a variable; undefined: the secret itself, which no config from central may hold. */
export function secretOf(source: SecretSource): Secret | undefined {
  if ('file' in source) return { file: normalize(source.file) };
  return 'env' in source ? { env: source.env } : undefined;
}

export function secretText(secret: Secret): string {
  return 'file' in secret ? secret.file : secret.env;
}

/** Undefined: the agent's own file does not name it. Pure. */
export function ruleOf(rules: readonly SecretRule[], secret: Secret): SecretRule | undefined {
  return rules.find(({ file, env }) =>
    'file' in secret ? file !== undefined && normalize(file) === secret.file : env === secret.env,
  );
}

/**
 * Whether the secret may go there. Without an address (the name is not looked up yet) a network may still have it: that is
 * decided when the agent connects. Pure.
 */
export function maySecretGo(
  { targets }: SecretRule,
  { use, host, port }: Pick<TargetSetting, 'use' | 'host' | 'port'>,
  address: string | undefined,
): boolean {
  return targets.some(
    (target) =>
      target.use === use &&
      (matchesPattern(target, { host, address, port }) ||
        (address === undefined && target.range !== undefined && target.port === port)),
  );
}

/** As it is written in `configFromCentral.secrets`. Pure. */
export function secretTargetText({ use, host, port }: Pick<TargetSetting, 'use' | 'host' | 'port'>): string {
  const isUsual = Object.hasOwn(SECRET_USES, use) && SECRET_USES[use as SecretUse] === port;
  return `${use}://${patternText(host, isUsual ? undefined : port)}`;
}

const MAX_SHOWN = 3;

/** What to add to `edge.yaml`, as one line. Pure. */
export function secretToAdd(secret: Secret, targets: readonly string[]): string {
  const [name, value] = Object.entries(secret)[0] ?? [];
  const shown = targets.slice(0, MAX_SHOWN).map((target) => `'${target}'`);
  const more =
    targets.length > MAX_SHOWN ? ` (and ${targets.length - MAX_SHOWN} more targets, or their network)` : '';
  return `to allow it, in edge.yaml: configFromCentral: { secrets: [{ ${name}: '${value}', targets: [${shown.join(', ')}] }] }${more}`;
}
