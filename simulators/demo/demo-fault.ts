import { z } from 'zod';

/** What a newcomer can do to the simulated city. */
export const DEMO_KINDS = [
  'fibre-cut',
  'power-cut',
  'gateway-dead',
  '5g-dip',
  'storage-filling',
  'certificate-expiring',
  'clock-wrong',
] as const;
export type DemoKind = (typeof DEMO_KINDS)[number];

/** One of them at a target, from its begin until it is mended (exclusive). */
export const demoFaultSchema = z.strictObject({
  kind: z.enum(DEMO_KINDS),
  target: z.string().min(1).max(100),
  fromMs: z.int(),
  toMs: z.int(),
});
export type DemoFault = Readonly<z.infer<typeof demoFaultSchema>>;

export const MAX_DEMO_FAULTS = 100;

/** What the program that runs central tells the one that runs the city: all that is and lately was, each time. */
export const demoMessageSchema = z.strictObject({
  demoFaults: z.array(demoFaultSchema).max(MAX_DEMO_FAULTS),
});
export type DemoMessage = Readonly<z.infer<typeof demoMessageSchema>>;
