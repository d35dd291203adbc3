import type { Catalogue } from '../../contract/catalogue.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { checkAll } from '../../runtime/config.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { readSecret, readTextFile } from '../../runtime/secret-source.ts';
import { checkTlsFiles } from '../../runtime/tls-files.ts';
import { loadRules, overrideRules, SHIPPED_RULES_DIRECTORY } from '../alerts/rules/load-rules.ts';
import type { AlertRule } from '../alerts/rules/rule.ts';
import type { CustomMeasurements } from '../catalogue/custom-measurements.ts';
import { readDeclarations } from '../catalogue/declaration-files.ts';
import { catalogueWith, type Declared } from '../catalogue/declared.ts';
import { loadInventory, readInventory, type Inventory } from '../inventory/inventory.ts';
import { loadNotify, type NotifySetup } from '../notify/settings/load-notify.ts';
import type { OidcConfig } from '../access/oidc/oidc-config.ts';
import { readBrokerSecrets, type BrokerSecrets } from '../mqtt/open-bus.ts';
import { resolveStore, type StoreChoice } from '../store/store-config.ts';
import type { CentralConfig } from './config.ts';

export interface ResolvedOidc {
  readonly config: OidcConfig;
  readonly clientSecret: string;
  /** PEM. */
  readonly ca: string | undefined;
  /** Such as `https://wardwatch.example`. */
  readonly ownOrigin: string;
}

/** What the configuration only names: rules, inventory, certificates, keys and passwords. */
export interface ResolvedConfig {
  /** What the files of `measurementsDirectory` declare. */
  readonly declared: readonly Declared[];
  /** The shipped ones and those of `rulesDirectory`. */
  readonly rules: readonly AlertRule[];
  /** Those that are replaced included. */
  readonly shippedRules: readonly AlertRule[];
  /** undefined: what is in state.db. */
  readonly inventory: Inventory | undefined;
  readonly apiTls: { readonly cert: string; readonly key: string; readonly ca?: string } | undefined;
  readonly oidc: ResolvedOidc | undefined;
  readonly storeChoice: StoreChoice;
  readonly brokerSecrets: BrokerSecrets;
  readonly notify: NotifySetup | undefined;
}

/**
 * Reads every file and variable that the configuration names; opens and starts nothing. `givenInventory` stands
 * instead of `inventoryFile`. `configFile` names the configuration in errors. `before`: what is declared already, by the configs of agents and
 * by files as they were. Throws a UserError (exit 2) that lists all problems at once.
 */
export function resolveConfig(
  config: CentralConfig,
  env: NodeJS.ProcessEnv,
  givenInventory?: unknown,
  configFile?: string,
  before?: CustomMeasurements,
): ResolvedConfig {
  const named = <T>(check: () => T) => (configFile === undefined ? check : inFile(configFile, check));
  let catalogue: Catalogue = before?.catalogue ?? CATALOGUE;
  const [declared, { ruleSet, notify }, inventory, apiTls, oidc, storeChoice, brokerSecrets] = checkAll(
    () => {
      const { measurementsDirectory: directory } = config;
      const read = directory === undefined ? undefined : readDeclarations(directory);
      if (before === undefined) catalogue = catalogueWith((read ?? []).map(({ declaration }) => declaration));
      else before.configure(read);
      return read ?? [];
    },
    () => readRulesAndNotify(config, env, catalogue),
    () => readInventoryOf(config, givenInventory),
    named(() => readApiTls(config)),
    named(() => readOidc(config, env)),
    named(() => resolveStore(config.store, config.dataDirectory, env)),
    named(() => readBrokerSecrets(config.broker, env)),
  );
  return { declared, ...ruleSet, inventory, apiTls, oidc, storeChoice, brokerSecrets, notify };
}

export interface StartConfig extends Omit<ResolvedConfig, 'declared' | 'rules'> {
  /** Why own rules or declared measurements cannot be used as their files are. */
  readonly refused: UserError | undefined;
}

/**
 * As `resolveConfig`, for a start: files of rules and of declared measurements that cannot be used are no error yet where nothing
 * else is wrong, since what ran before may go on, as it does when files change while central runs.
 */
export function resolveForStart(
  config: CentralConfig,
  env: NodeJS.ProcessEnv,
  givenInventory?: unknown,
): StartConfig {
  try {
    return { ...resolveConfig(config, env, givenInventory), refused: undefined };
  } catch (error) {
    const others = error instanceof UserError && resolveOthers(config, env, givenInventory);
    // All problems at once, those of these files included.
    if (!others) throw error;
    return { ...others, refused: error };
  }
}

/** Undefined: something else is wrong. */
function resolveOthers(
  config: CentralConfig,
  env: NodeJS.ProcessEnv,
  givenInventory: unknown,
): ResolvedConfig | undefined {
  const { rulesDirectory: _rules, measurementsDirectory: _declared, notify: notifyConfig, ...rest } = config;
  try {
    const notify =
      notifyConfig && loadNotify(notifyConfig, { env, timeZone: config.timeZone, rules: undefined });
    return { ...resolveConfig(rest, env, givenInventory), notify };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Routes name rules: those of rules that are wrong cannot be checked, all else can. */
function readRulesAndNotify(
  config: CentralConfig,
  env: NodeJS.ProcessEnv,
  catalogue: Catalogue,
): { readonly ruleSet: ReturnType<typeof readRules>; readonly notify: NotifySetup | undefined } {
  let rules: readonly string[] | undefined;
  const [ruleSet, notify] = checkAll(
    () => {
      const read = readRules(config, catalogue);
      rules = read.rules.map(({ id }) => id);
      return read;
    },
    () => config.notify && loadNotify(config.notify, { env, timeZone: config.timeZone, rules }),
  );
  return { ruleSet, notify };
}

/** Throws a UserError (exit 2) with every problem of every file. */
export function readRules(
  config: Pick<CentralConfig, 'rulesDirectory'>,
  catalogue: Catalogue,
): Pick<ResolvedConfig, 'rules' | 'shippedRules'> {
  const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
  const own = config.rulesDirectory === undefined ? [] : loadRules(config.rulesDirectory, catalogue);
  return { rules: overrideRules(shipped, own), shippedRules: shipped };
}

function readInventoryOf(config: CentralConfig, given: unknown): Inventory | undefined {
  if (given !== undefined) return readInventory('inventory', given);
  return config.inventoryFile === undefined ? undefined : loadInventory(config.inventoryFile);
}

function readApiTls(config: CentralConfig): ResolvedConfig['apiTls'] {
  const { tls } = config.api;
  if (tls === undefined) return undefined;
  const { caFile } = tls;
  const [cert, key, ca] = checkAll(
    () => readTextFile('api.tls.certFile', tls.certFile),
    () => readTextFile('api.tls.keyFile', tls.keyFile),
    () => (caFile === undefined ? undefined : readTextFile('api.tls.caFile', caFile)),
  );
  const files = { cert, key, ...(ca !== undefined && { ca }) };
  checkTlsFiles('api.tls', files);
  return files;
}

function readOidc(config: CentralConfig, env: NodeJS.ProcessEnv): ResolvedOidc | undefined {
  const { oidc } = config.auth;
  if (oidc === undefined) return undefined;
  const { publicUrl } = config.api;
  const [clientSecret, ca, ownOrigin] = checkAll(
    () => readSecret('auth.oidc.clientSecret', oidc.clientSecret, env),
    () => (oidc.caFile === undefined ? undefined : readTextFile('auth.oidc.caFile', oidc.caFile)),
    () => {
      if (publicUrl !== undefined) return new URL(publicUrl).origin;
      const expected =
        'expected the address that browsers use, since the provider of auth.oidc sends them back to it';
      throw new UserError(EXIT.badConfig, [`api.publicUrl: ${expected}`]);
    },
  );
  checkTlsFiles('auth.oidc', ca === undefined ? {} : { ca });
  return { config: oidc, clientSecret, ca, ownOrigin };
}

/** The check, with the file in front of each problem. */
function inFile<T>(file: string, check: () => T): () => T {
  return () => {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        error.exitCode,
        error.problems.map((problem) => `${file}: ${problem}`),
        error,
      );
    }
  };
}
