import { join } from 'node:path';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { checkAll } from '../../runtime/config.ts';
import { readSecret, readTextFile } from '../../runtime/secret-source.ts';
import { checkTlsFiles } from '../../runtime/tls-files.ts';
import { loadRules, overrideRules, SHIPPED_RULES_DIRECTORY } from '../alerts/rules/load-rules.ts';
import type { AlertRule } from '../alerts/rules/rule.ts';
import { EMPTY_INVENTORY, loadInventory, readInventory, type Inventory } from '../inventory/inventory.ts';
import { readBrokerSecrets, type BrokerSecrets } from '../mqtt/open-bus.ts';
import type { StoreChoice } from '../store/create-store.ts';
import type { CentralConfig } from './config.ts';

/** What the configuration only names: rules, inventory, certificates, keys and passwords. */
export interface ResolvedConfig {
  readonly rules: readonly AlertRule[];
  readonly inventory: Inventory;
  readonly apiTls: { readonly cert: string; readonly key: string } | undefined;
  readonly storeChoice: StoreChoice;
  readonly brokerSecrets: BrokerSecrets;
}

/**
 * Reads every file and variable that the configuration names; opens and starts nothing. `givenInventory` stands
 * instead of `inventoryFile`. Throws a UserError (exit 2) that lists all problems at once.
 */
export function resolveConfig(
  config: CentralConfig,
  env: NodeJS.ProcessEnv,
  givenInventory?: unknown,
): ResolvedConfig {
  const [rules, inventory, apiTls, storeChoice, brokerSecrets] = checkAll(
    () => readRules(config),
    () => readInventoryOf(config, givenInventory),
    () => readApiTls(config),
    () => storeChoiceOf(config, env),
    () => readBrokerSecrets(config.broker, env),
  );
  return { rules, inventory, apiTls, storeChoice, brokerSecrets };
}

function readRules(config: CentralConfig) {
  const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
  return config.rulesDirectory === undefined
    ? shipped
    : overrideRules(shipped, loadRules(config.rulesDirectory, CATALOGUE));
}

function readInventoryOf(config: CentralConfig, given: unknown) {
  if (given !== undefined) return readInventory('inventory', given);
  if (config.inventoryFile === undefined) return EMPTY_INVENTORY;
  return loadInventory(config.inventoryFile);
}

function readApiTls(config: CentralConfig): { cert: string; key: string } | undefined {
  const { tls } = config.api;
  if (tls === undefined) return undefined;
  const [cert, key] = checkAll(
    () => readTextFile('api.tls.certFile', tls.certFile),
    () => readTextFile('api.tls.keyFile', tls.keyFile),
  );
  checkTlsFiles('api.tls', { cert, key });
  return { cert, key };
}

function storeChoiceOf(config: CentralConfig, env: NodeJS.ProcessEnv): StoreChoice {
  if (config.store.kind === 'duckdb') {
    return { ...config.store, file: join(config.dataDirectory, 'wardwatch.duckdb') };
  }
  const { kind, url, database, timeoutMs, username, password } = config.store;
  return {
    kind,
    url,
    database,
    timeoutMs,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: readSecret('store.password', password, env) }),
  };
}
