import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { readRecord, writeRecord } from '../../../runtime/record-file.ts';
import type { KnownAnswerSize } from '../../protocols/snmp/answer-size.ts';
import type { CollectorDeps } from '../collector.ts';

const sizeSchema = z.strictObject({ values: z.int().min(1), ceiling: z.int().min(1) });
const fileSchema = z.strictObject({ v: z.literal(1), devices: z.record(z.string().max(64), sizeSchema) });
/** 1,000 devices take some 110 KB. */
const MAX_FILE_BYTES = 512 * 1024;
/** What is learnt in between is learnt again after a crash. */
const WRITE_EVERY_MS = 600_000;

/** Sizes of answers by device, kept through a restart of the agent, so that lost answers need not teach them again. */
export class AnswerSizesRecord {
  readonly #file: string | undefined;
  readonly #isReadOnly: boolean;
  readonly #log: CollectorDeps['log'];
  readonly #clock: Clock;
  #written: Readonly<Record<string, KnownAnswerSize>> = {};
  #nextWriteMs: number;

  constructor({ dataDirectory, identity = '', isTrial = false, log, clock }: CollectorDeps) {
    // A hash: an identity may be long; two collectors of an agent have their own.
    const name = createHash('sha256').update(identity).digest('hex').slice(0, 16);
    this.#file =
      dataDirectory === undefined ? undefined : join(dataDirectory, `snmp-answer-sizes-${name}.json`);
    this.#isReadOnly = isTrial;
    this.#log = log;
    this.#clock = clock;
    this.#nextWriteMs = clock.monotonicMs() + WRITE_EVERY_MS;
  }

  read(): Readonly<Record<string, KnownAnswerSize>> {
    if (this.#file === undefined) return {};
    try {
      this.#written = readRecord(this.#file, fileSchema, MAX_FILE_BYTES)?.devices ?? {};
    } catch (error) {
      this.#log.warn(
        { file: this.#file, err: error },
        'sizes of SNMP answers cannot be read; they are learnt again',
      );
    }
    return this.#written;
  }

  /** Writes what has changed, every ten minutes. */
  writeIfDue(sizes: () => Readonly<Record<string, KnownAnswerSize>>): void {
    if (this.#clock.monotonicMs() >= this.#nextWriteMs) this.write(sizes());
  }

  write(devices: Readonly<Record<string, KnownAnswerSize>>): void {
    this.#nextWriteMs = this.#clock.monotonicMs() + WRITE_EVERY_MS;
    if (this.#file === undefined || this.#isReadOnly || isDeepStrictEqual(devices, this.#written)) return;
    try {
      writeRecord(this.#file, { v: 1, devices });
      this.#written = devices;
    } catch (error) {
      this.#log.warn({ file: this.#file, err: error }, 'sizes of SNMP answers cannot be written');
    }
  }
}
