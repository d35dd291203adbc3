import { z } from 'zod';
import { targetAddressSchema } from '../target-address.ts';
import { credentialsSchema } from '../../protocols/snmp/credentials.ts';
import { dipConfigSchema } from './dips/dip-config.ts';

const positionSchema = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});

const common = {
  /** As the inventory calls it. */
  device: z.string().min(1).max(64),
  /** Fixed position of the modem; a moving one has `gnss`. */
  position: positionSchema.optional(),
  /** The best network that it has had to itself: with 4, less than 4G is a fall-back; with 5, less than 5G. */
  bestGeneration: z.literal([4, 5]).default(5),
};

const modemManagerSchema = z.strictObject({
  ...common,
  source: z.literal('modemmanager'),
  /** Index, D-Bus path or UID; default: the only one. */
  modem: z
    .union([z.int().min(0).max(9_999).transform(String), z.string().regex(/^[\w/][\w/.:-]{0,127}$/)])
    .optional(),
  gnss: z.boolean().default(false),
  refreshS: z.int().min(1).max(5).default(2),
});

const atSchema = z.strictObject({
  ...common,
  source: z.literal('at'),
  port: z.string().regex(/^\/[\w./:-]{1,254}$/, 'expected a path such as /dev/ttyUSB2'),
  baudRate: z.int().min(1_200).max(4_000_000).default(115_200),
  gnss: z.boolean().default(false),
});

const teltonikaSchema = z.strictObject({
  ...common,
  source: z.literal('teltonika'),
  address: targetAddressSchema,
  port: z.int().min(1).max(65_535).default(161),
  credentials: credentialsSchema,
  replyTimeoutMs: z.int().min(100).max(10_000).default(2_000),
  /** Its row in the router's table; default: the only one. */
  modem: z.int().min(1).max(1_000).optional(),
});

const modemSchema = z.discriminatedUnion('source', [modemManagerSchema, atSchema, teltonikaSchema]);
export type ModemConfig = z.infer<typeof modemSchema>;

export const cellularConfigSchema = z
  .strictObject({
    modems: z.array(modemSchema).min(1, 'expected at least one modem').max(16),
    /** How often a modem's state is sent; changes of network and technology are sent at once. */
    reportEveryMs: z.int().min(1_000).max(3_600_000).default(10_000),
    dips: dipConfigSchema.prefault({}),
  })
  .superRefine(({ modems }, context) => {
    const seen = new Set<string>();
    for (const [index, modem] of modems.entries()) {
      const report = (key: string, message: string, input: unknown): void => {
        context.issues.push({ code: 'custom', path: ['modems', index, key], message, input });
      };
      if (seen.has(modem.device)) report('device', 'expected a name of its own', modem.device);
      seen.add(modem.device);
      if (modem.source !== 'teltonika' && modem.gnss && modem.position !== undefined) {
        report('gnss', 'expected gnss or position, not both', modem.gnss);
      }
    }
  });
export type CellularConfig = z.infer<typeof cellularConfigSchema>;
