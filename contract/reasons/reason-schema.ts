import { z } from 'zod';
import { REASON_CODES, type ReasonCode } from './reason-codes.ts';

const CODES = Object.keys(REASON_CODES) as [ReasonCode, ...ReasonCode[]];

/** Beside a text in English: the same, for readers in other languages. */
export const reasonsSchema = z
  .array(
    z.object({
      code: z.enum(CODES),
      parameters: z.record(z.string(), z.string()).describe('what the sentence is made from'),
    }),
  )
  .describe('the same as sentences with a code and parameters, for other languages');
