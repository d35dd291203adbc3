import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { parseRange } from '../../../runtime/ip-range.ts';

const rangeText = z
  .string()
  .max(100)
  .refine((text) => parseRange(text) !== undefined, 'expected an address or a network such as 10.20.0.0/16');

/** Section `notify` of `central.yaml`. */
export const notifyConfigSchema = z.strictObject({
  /** `routes.yaml`, and a file for each channel. */
  directory: z.string().min(1),
  /** Addresses and networks of this machine and of private networks that channels may connect to. */
  allowTargets: z.array(rangeText).max(256).default([]),
  /** Programs that channels may run. */
  allowPrograms: z.array(z.string().refine(isAbsolute, 'expected an absolute path')).max(64).default([]),
});
export type NotifyConfig = z.infer<typeof notifyConfigSchema>;
