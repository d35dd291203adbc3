import { z } from 'zod';

/** Plain digits: what JavaScript takes for a number besides, such as `0x10`, would be another entry than the one that was meant. */
export function numberInPath(description: string, example: number) {
  return z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'expected a number in digits')
    .transform(Number)
    .meta({ description, example: String(example) });
}
