import { z } from 'zod';

/** What a rule evaluates: a number, a text or a flag. */
export const valueSchema = z.union([z.number(), z.string(), z.boolean()]);
export type AlertValue = z.infer<typeof valueSchema>;
