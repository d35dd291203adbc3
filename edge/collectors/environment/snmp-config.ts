import { z } from 'zod';
import { targetAddressSchema } from '../target-address.ts';
import { credentialsSchema, problemOfCredentialsName } from '../../protocols/snmp/credentials.ts';
import { conversionShape, fieldNameSchema } from './mapping.ts';

const label = z.string().regex(/^\P{Cc}{1,64}$/u, 'expected 1 to 64 characters without control characters');

const sensorSchema = z.strictObject({
  /** Of the object itself, with its index, such as 1.3.6.1.4.1.….1.0 */
  oid: z.string().regex(/^[12](\.(0|[1-9]\d{0,9})){2,63}$/, 'expected an OID in numbers, with its index'),
  field: fieldNameSchema,
  /** Distinguishes sensors of one device. */
  sensor: label.optional(),
  location: label.optional(),
  ...conversionShape,
});

const deviceSchema = z.strictObject({
  /** As the inventory calls it. */
  device: label,
  address: targetAddressSchema,
  port: z.int().min(1).max(65_535).default(161),
  credentials: z.string().min(1).max(64),
  sensors: z.array(sensorSchema).min(1, 'expected at least one sensor').max(128),
});
export type SnmpSensorsDevice = z.infer<typeof deviceSchema>;

/** Sensors by OID, for probes without a profile in the collector `snmp`. */
export const snmpSensorsSchema = z
  .strictObject({
    credentials: z.record(z.string().min(1).max(64), credentialsSchema),
    devices: z.array(deviceSchema).min(1, 'expected at least one device').max(256),
    everyMs: z.int().min(5_000).max(86_400_000).default(60_000),
    replyTimeoutMs: z.int().min(100).max(10_000).default(3_000),
  })
  .superRefine(({ credentials, devices }, context) => {
    const seen = new Set<string>();
    for (const [index, { device, credentials: name, sensors }] of devices.entries()) {
      const report = (path: readonly (string | number)[], message: string, input: unknown): void => {
        context.issues.push({ code: 'custom', path: ['devices', index, ...path], message, input });
      };
      if (seen.has(device)) report(['device'], 'expected a name of its own', device);
      seen.add(device);
      const problem = problemOfCredentialsName(name, credentials);
      if (problem !== undefined) report(['credentials'], problem, name);
      const fields = new Set<string>();
      for (const [at, { sensor, field }] of sensors.entries()) {
        const key = JSON.stringify([sensor, field]);
        if (fields.has(key)) report(['sensors', at, 'field'], 'expected another field or sensor', field);
        fields.add(key);
      }
    }
  });
export type SnmpSensorsConfig = z.infer<typeof snmpSensorsSchema>;
