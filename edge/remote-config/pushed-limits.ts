import { realpathSync } from 'node:fs';
import { isIP } from 'node:net';
import { messageOf } from '../../runtime/errors.ts';
import type { Destination } from '../../runtime/dial/target-guard.ts';
import type { CollectorGuard } from '../collectors/collector-guard.ts';
import type { EdgeConfig } from '../config/edge-config.ts';
import type { Reaches, SecretSetting, TargetSetting } from '../protocols/reach.ts';
import { ownAddresses } from '../protocols/system/own-addresses.ts';
import { fileRefusal, isOwnPath, type FileRules } from './file-rules.ts';
import { networkRefusal, type NetworkRules } from './network-rules.ts';
import {
  maySecretGo,
  ruleOf,
  secretOf,
  secretTargetText,
  secretText,
  secretToAdd,
  type Secret,
  type SecretRule,
} from './secret-rules.ts';

/** What the agent's own file lets a config from central reach. */
export interface PushedLimits {
  readonly secretsDirectory: string;
  readonly secrets: readonly SecretRule[];
  readonly network: NetworkRules;
  readonly files: FileRules;
  /** The agent's own password, key and state. */
  readonly ownPaths: readonly string[];
  /** The variable with the agent's own password. */
  readonly ownEnv: string | undefined;
  readonly ownAddresses: () => readonly string[];
}

export function pushedLimitsOf(
  {
    broker,
    dataDirectory,
    configFromCentral,
  }: Pick<EdgeConfig, 'broker' | 'dataDirectory' | 'configFromCentral'>,
  machine: { readonly realPath: FileRules['realPath']; readonly ownAddresses: () => readonly string[] } = {
    realPath: (path) => realpathSync(path),
    ownAddresses,
  },
): PushedLimits {
  const { secretsDirectory, secrets, allowTargets, denyTargets, paths } = configFromCentral;
  const ownFiles = [broker.passwordFile, broker.tls?.keyFile].filter((file) => file !== undefined);
  const ownPaths = [dataDirectory, ...ownFiles];
  return {
    secretsDirectory,
    secrets,
    network: { allowTargets, denyTargets },
    ownPaths,
    files: { paths, ownPaths: [...ownPaths, secretsDirectory], realPath: machine.realPath },
    ownEnv: broker.passwordEnv,
    ownAddresses: machine.ownAddresses,
  };
}

const MAX_SHOWN = 20;

/**
 * Everything of a collector that is known to be refused before it connects, one line a setting. `at`: the path of the
 * collector's entry, such as `collectors[0]`.
 */
export function limitProblems(
  limits: PushedLimits,
  { targets, files }: Reaches,
  at: string,
): readonly string[] {
  const problems = [
    ...secretProblemsOf(limits, targets),
    ...targets.flatMap((target) => {
      const address = literalAddress(target.host);
      const refusal =
        address === undefined
          ? undefined
          : networkRefusal(limits.network, { ...destination(target), address }, limits.ownAddresses());
      return refusal === undefined ? [] : [`${target.setting}: ${refusal}`];
    }),
    ...files.flatMap((file) => {
      const refusal = fileRefusal(limits.files, file);
      return refusal === undefined ? [] : [`${file.setting}: ${refusal}`];
    }),
  ].map((problem) => `${at}.${problem}`);
  const more = problems.length - MAX_SHOWN;
  return more > 0 ? [...problems.slice(0, MAX_SHOWN), `${at}: ${more} more settings are refused`] : problems;
}

/** Asked before each connection, with the address, and before each file that was found. */
export function guardOf(limits: PushedLimits, { targets }: Reaches): CollectorGuard {
  const withSecrets = new Map<string, TargetSetting[]>();
  for (const target of targets) {
    if (target.secrets === undefined || target.secrets.length === 0) continue;
    const key = keyOf(destination(target));
    withSecrets.set(key, [...(withSecrets.get(key) ?? []), target]);
  }
  return {
    refusal: (to) =>
      networkRefusal(limits.network, to, limits.ownAddresses()) ??
      secretRefusal(limits, withSecrets.get(keyOf(to)) ?? [], to.address),
    fileRefusal: (path) => fileRefusal(limits.files, { path }),
  };
}

function keyOf({ host, port }: Pick<Destination, 'host' | 'port'>): string {
  return `${host} ${port ?? ''}`;
}

function destination({ host, port }: TargetSetting): Pick<Destination, 'host' | 'port'> {
  return { host, port };
}

/** The address of a host that needs no lookup. */
function literalAddress(host: string): string | undefined {
  if (isIP(host) !== 0) return host;
  return /^(.+\.)?localhost\.?$/i.test(host) ? '127.0.0.1' : undefined;
}

function secretRefusal(
  { secrets: rules }: PushedLimits,
  targets: readonly TargetSetting[],
  address: string,
): string | undefined {
  for (const target of targets) {
    for (const { source } of target.secrets ?? []) {
      const secret = secretOf(source);
      const rule = secret && ruleOf(rules, secret);
      if (rule !== undefined && maySecretGo(rule, target, address)) continue;
      const name = secret === undefined ? 'the secret' : secretText(secret);
      return `${target.host} is at ${address} now, where ${name} may not go (${allowedBy(rule)})`;
    }
  }
  return undefined;
}

function secretProblemsOf(limits: PushedLimits, targets: readonly TargetSetting[]): readonly string[] {
  const bySetting = new Map<string, { readonly secret: SecretSetting; readonly targets: TargetSetting[] }>();
  for (const target of targets) {
    for (const secret of target.secrets ?? []) {
      const known = bySetting.get(secret.setting) ?? { secret, targets: [] };
      known.targets.push(target);
      bySetting.set(secret.setting, known);
    }
  }
  return [...bySetting.values()].flatMap((one) => {
    const problem = secretProblem(limits, one.secret, one.targets);
    return problem === undefined ? [] : [`${one.secret.setting}: ${problem}`];
  });
}

function secretProblem(
  limits: PushedLimits,
  { source }: SecretSetting,
  targets: readonly TargetSetting[],
): string | undefined {
  const secret = secretOf(source);
  if (secret === undefined) return undefined; // refused as such
  const own = ownSecretProblem(limits, secret);
  if (own !== undefined) return own;
  const rule = ruleOf(limits.secrets, secret);
  const refused =
    rule === undefined
      ? targets
      : targets.filter((target) => !maySecretGo(rule, target, literalAddress(target.host)));
  const [first] = refused;
  if (first === undefined) return undefined;
  const texts = [...new Set(refused.map(secretTargetText))];
  return `${secretText(secret)} may not go to ${texts[0] ?? ''} (${first.setting}): ${allowedBy(rule)}; ${secretToAdd(secret, texts)}`;
}

function ownSecretProblem({ ownEnv, ownPaths, files }: PushedLimits, secret: Secret): string | undefined {
  try {
    const isOwn =
      'env' in secret
        ? secret.env === ownEnv
        : isOwnPath({ ownPaths, realPath: files.realPath }, secret.file);
    if (!isOwn) return undefined;
    return `${secretText(secret)} is this agent’s own, which a config from central may never use`;
  } catch (error) {
    return `${secretText(secret)}: ${messageOf(error)}`;
  }
}

function allowedBy(rule: SecretRule | undefined): string {
  if (rule === undefined) return 'it has no targets in this agent’s own file';
  return `only to ${rule.targets.map(({ text }) => text).join(', ')}`;
}
