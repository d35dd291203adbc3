import { join } from 'node:path';
import { codeOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { EdgeConfig } from '../config/edge-config.ts';
import { replaceFile, type Disk } from '../queue/disk.ts';
import { RECORD_SCHEMAS, type ConfigRecords, type FailedConfig, type TrialConfig } from './records.ts';

/** Enough for the largest config as escaped JSON. */
const MAX_FILE_BYTES = 256 * 1024;

export interface ConfigFilesDeps {
  /** `config/` in the agent's data directory. */
  readonly directory: string;
  readonly disk: Disk;
  readonly log: Logger;
}

/** Directory of the records of pushed configs. */
export function configDirectory(config: EdgeConfig): string {
  return join(config.dataDirectory, 'config');
}

/**
 * `good.json`, `trial.json` and `failed.json`. Each step is one durable rename or removal; the next start recovers from a
 * crash between two of them: see resolveLeftTrial().
 */
export class ConfigFiles {
  readonly #deps: ConfigFilesDeps;

  constructor(deps: ConfigFilesDeps) {
    this.#deps = deps;
  }

  /** A missing or invalid file is no record: central's retained message restores the config. */
  async read(): Promise<ConfigRecords> {
    const [good, trial, failed] = await Promise.all([
      this.#readOne('good'),
      this.#readOne('trial'),
      this.#readOne('failed'),
    ]);
    return {
      good: good as ConfigRecords['good'],
      trial: trial as ConfigRecords['trial'],
      failed: failed as ConfigRecords['failed'],
    };
  }

  /** Makes the files that were read durable: a kill may have come between a rename and its sync. */
  async syncDirectory(): Promise<void> {
    await this.#deps.disk.syncDirectory(this.#deps.directory);
  }

  async writeTrial(trial: TrialConfig): Promise<void> {
    await this.#deps.disk.makeDirectory(this.#deps.directory);
    await this.#replace('trial', trial);
  }

  /** The trial config becomes the good one. */
  async promoteTrial(): Promise<void> {
    await this.#deps.disk.rename(this.#path('trial'), this.#path('good'));
    await this.#deps.disk.syncDirectory(this.#deps.directory);
  }

  async writeFailed(failed: FailedConfig): Promise<void> {
    await this.#deps.disk.makeDirectory(this.#deps.directory);
    await this.#replace('failed', failed);
  }

  async removeTrial(): Promise<void> {
    await this.#deps.disk.remove(this.#path('trial'));
    await this.#deps.disk.syncDirectory(this.#deps.directory);
  }

  #path(name: keyof typeof RECORD_SCHEMAS): string {
    return join(this.#deps.directory, `${name}.json`);
  }

  async #replace(name: keyof typeof RECORD_SCHEMAS, record: object): Promise<void> {
    const { disk, directory } = this.#deps;
    await replaceFile(disk, this.#path(name), Buffer.from(JSON.stringify(record)), true);
    await disk.syncDirectory(directory);
  }

  async #readOne(name: keyof typeof RECORD_SCHEMAS): Promise<unknown> {
    const { disk, log } = this.#deps;
    const file = this.#path(name);
    try {
      const size = await disk.sizeOf(file);
      if (size > MAX_FILE_BYTES) throw new Error(`${size} bytes, at most ${MAX_FILE_BYTES} are read`);
      return RECORD_SCHEMAS[name].parse(JSON.parse((await disk.readWhole(file)).toString('utf8')));
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') log.warn({ file, err: error }, 'invalid config record ignored');
      return undefined;
    }
  }
}
