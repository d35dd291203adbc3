import { readFileSync, statSync } from 'node:fs';
import { CATALOGUE } from '../contract/measurements/index.ts';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { decodeBatchPayload } from './decode/decode-batch.ts';
import { decodeLines } from './decode/decode-lines.ts';
import { decodeModem } from './decode/decode-modem.ts';
import { sparkplugDecoder } from './decode/decode-sparkplug.ts';
import { decodeTelegrafJson } from './decode/decode-telegraf-json.ts';
import type { Decoder } from './decode/decoded.ts';
import type { PayloadKind } from './decode/kinds.ts';
import { printSamples } from './sample-print.ts';
import { print, terminalJson, terminalText } from './terminal.ts';

const DECODERS: Readonly<Record<PayloadKind, Decoder>> = {
  batch: decodeBatchPayload,
  'line-protocol': decodeLines,
  'telegraf-json': decodeTelegrafJson,
  modem: decodeModem,
  sparkplug: sparkplugDecoder(),
};
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Prints the samples of a payload, then its refused parts with the reasons; exit code 1 if there are any. */
export function runDecode(
  file: string,
  options: { readonly as: PayloadKind; readonly json?: true; readonly config?: string },
  nowMs: number,
): void {
  const { samples, refusals } = decoderFor(options)(readPayload(file), nowMs);
  print(printSamples(samples, options.json === true ? 'json' : 'table', CATALOGUE));
  for (const { where, reason } of refusals) {
    print(
      options.json === true
        ? terminalJson({ refused: where, reason })
        : `refused: ${terminalText(where)}: ${terminalText(reason)}\n`,
    );
  }
  if (refusals.length > 0) {
    throw new UserError(EXIT.failure, [
      `${samples.length} samples decoded, ${refusals.length} parts refused`,
    ]);
  }
}

function decoderFor({ as, config }: { readonly as: PayloadKind; readonly config?: string }): Decoder {
  if (config === undefined) return DECODERS[as];
  if (as === 'sparkplug') return sparkplugDecoder(config);
  throw new UserError(EXIT.badConfig, [`--config: only with --as sparkplug, got --as ${as}`]);
}

function readPayload(file: string): Buffer {
  try {
    const { size } = statSync(file);
    if (size > MAX_FILE_BYTES) {
      throw new UserError(EXIT.badConfig, [`${file}: ${size} bytes, at most ${MAX_FILE_BYTES} are read`]);
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(EXIT.badConfig, [`${file}: cannot be read: ${messageOf(error)}`], error);
  }
}
