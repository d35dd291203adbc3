import { CATALOGUE } from '../../contract/measurements/index.ts';
import { checkAll } from '../../runtime/config.ts';
import { UserError } from '../../runtime/errors.ts';
import { readTextFile } from '../../runtime/secret-source.ts';
import { checkTlsFiles } from '../../runtime/tls-files.ts';
import { loadRules, overrideRules, SHIPPED_RULES_DIRECTORY } from '../alerts/rules/load-rules.ts';
import type { AlertRule } from '../alerts/rules/rule.ts';
import { loadInventory, readInventory, type Inventory } from '../inventory/inventory.ts';
import { loadNotify, type NotifySetup } from '../notify/settings/load-notify.ts';
import { readBrokerSecrets, type BrokerSecrets } from '../mqtt/open-bus.ts';
import { resolveStore, type StoreChoice } from '../store/store-config.ts';
import type { CentralConfig } from './config.ts';

/** What the configuration only names: rules, inventory, certificates, keys and passwords. */
export interface ResolvedConfig {
  /** The shipped ones and those of `rulesDirectory`. */
  readonly rules: readonly AlertRule[];
  /** Those that are replaced included. */
  readonly shippedRules: readonly AlertRule[];
  /** undefined: what is in state.db. */
  readonly inventory: Inventory | undefined;
  readonly apiTls: { readonly cert: string; readonly key: string; readonly ca?: string } | undefined;
  readonly storeChoice: StoreChoice;
  readonly brokerSecrets: BrokerSecrets;
  readonly notify: NotifySetup | undefined;
}

/**
 * Reads every file and variable that the configuration names; opens and starts nothing. `givenInventory` stands
 * instead of `inventoryFile`. `configFile` names the configuration in errors. Throws a UserError (exit 2) that lists all
 * problems at once.
 */
export function resolveConfig(
  config: CentralConfig,
  env: NodeJS.ProcessEnv,
  givenInventory?: unknown,
  configFile?: string,
): ResolvedConfig {
  const named = <T>(check: () => T) => (configFile === undefined ? check : inFile(configFile, check));
  const [{ ruleSet, notify }, inventory, apiTls, storeChoice, brokerSecrets] = checkAll(
    () => readRulesAndNotify(config, env),
    () => readInventoryOf(config, givenInventory),
    named(() => readApiTls(config)),
    named(() => resolveStore(config.store, config.dataDirectory, env)),
    named(() => readBrokerSecrets(config.broker, env)),
  );
  return { ...ruleSet, inventory, apiTls, storeChoice, brokerSecrets, notify };
}

export interface StartConfig extends ResolvedConfig {
  /** Why own rules cannot be used: `rules` are the shipped ones then. */
  readonly refusedRules: UserError | undefined;
}

/**
 * As `resolveConfig`, for a start: own rules that cannot be used are no error yet where nothing else is wrong, since those
 * that ran before may go on, as they do when files change while central runs.
 */
export function resolveForStart(
  config: CentralConfig,
  env: NodeJS.ProcessEnv,
  givenInventory?: unknown,
): StartConfig {
  try {
    return { ...resolveConfig(config, env, givenInventory), refusedRules: undefined };
  } catch (error) {
    const others = error instanceof UserError && resolveWithoutOwnRules(config, env, givenInventory);
    // All problems at once, those of the rules included.
    if (!others) throw error;
    return { ...others, refusedRules: error };
  }
}

/** Undefined: something else is wrong. */
function resolveWithoutOwnRules(
  config: CentralConfig,
  env: NodeJS.ProcessEnv,
  givenInventory: unknown,
): ResolvedConfig | undefined {
  const { rulesDirectory: _own, notify: notifyConfig, ...rest } = config;
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
): { readonly ruleSet: ReturnType<typeof readRules>; readonly notify: NotifySetup | undefined } {
  let rules: readonly string[] | undefined;
  const [ruleSet, notify] = checkAll(
    () => {
      const read = readRules(config);
      rules = read.rules.map(({ id }) => id);
      return read;
    },
    () => config.notify && loadNotify(config.notify, { env, timeZone: config.timeZone, rules }),
  );
  return { ruleSet, notify };
}

function readRules(config: CentralConfig): Pick<ResolvedConfig, 'rules' | 'shippedRules'> {
  const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
  const own = config.rulesDirectory === undefined ? [] : loadRules(config.rulesDirectory, CATALOGUE);
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
