import { join } from 'node:path';
import { codeOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { replaceFile, type Disk } from '../queue/disk.ts';
import { RECORD_SCHEMAS, type ConfigRecords, type FailedConfig, type TrialConfig } from './records.ts';

/** A config in JSON, escapes and all. */
const MAX_FILE_BYTES = 256 * 1024;

export interface ConfigFilesDeps {
  /** `config/` in the agent's data directory. */
  readonly directory: string;
  readonly disk: Disk;
  readonly log: Logger;
}

/**
 * `good.json`, `trial.json` and `failed.json`. Each step is one durable rename or removal, and whatever stands between two
 * of them is understood at the next start: see judgeLeftTrial().
 */
export class ConfigFiles {
  readonly #deps: ConfigFilesDeps;

  constructor(deps: ConfigFilesDeps) {
    this.#deps = deps;
  }

  /** A file that is missing or makes no sense is no record: central's retained message brings a config back. */
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

  /** A kill may have come between a rename and its being durable: what was read must not be undone by a power cut. */
  async secure(): Promise<void> {
    await this.#deps.disk.syncDirectory(this.#deps.directory);
  }

  async beginTrial(trial: TrialConfig): Promise<void> {
    await this.#deps.disk.makeDirectory(this.#deps.directory);
    await this.#replace('trial', trial);
  }

  /** What was tried is from now on what to fall back to. */
  async keepTrial(): Promise<void> {
    await this.#deps.disk.rename(this.#path('trial'), this.#path('good'));
    await this.#deps.disk.syncDirectory(this.#deps.directory);
  }

  async rememberFailed(failed: FailedConfig): Promise<void> {
    await this.#deps.disk.makeDirectory(this.#deps.directory);
    await this.#replace('failed', failed);
  }

  async dropTrial(): Promise<void> {
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
      if (codeOf(error) !== 'ENOENT') log.warn({ file, err: error }, 'file ignored');
      return undefined;
    }
  }
}
