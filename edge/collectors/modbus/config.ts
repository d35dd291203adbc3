import { z } from 'zod';
import { targetAddressSchema } from '../target-address.ts';
import { mapProblems } from './map-problems.ts';
import { mapSchema, type RegisterMap } from './map-schema.ts';
import { SHIPPED_MAPS } from './maps/index.ts';

const label = z.string().regex(/^\P{Cc}{1,64}$/u, 'expected 1 to 64 characters without control characters');
const mapName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a name such as acme-meter')
  .max(64);

const deviceSchema = z.strictObject({
  /** As the inventory calls it. */
  device: label,
  address: targetAddressSchema,
  port: z.int().min(1).max(65_535).default(502),
  /** Of the device behind a gateway; 255 or 1 for one that speaks TCP itself. */
  unitId: z.int().min(0).max(255).default(1),
  map: mapName,
});
export type ModbusDevice = z.infer<typeof deviceSchema>;

export const modbusConfigSchema = z
  .strictObject({
    devices: z.array(deviceSchema).min(1, 'expected at least one device').max(256),
    /** Of your devices; one with the name of a shipped map replaces it. */
    maps: z.record(mapName, mapSchema).default({}),
    replyTimeoutMs: z.int().min(100).max(10_000).default(2_000),
    /** How long one address may take, with all devices behind it. */
    deadlineMs: z.int().min(100).max(60_000).default(10_000),
  })
  .superRefine(({ devices, maps }, context) => {
    const report = (path: readonly (string | number)[], message: string, input: unknown): void => {
      context.issues.push({ code: 'custom', path: [...path], message, input });
    };
    const names = new Set<string>();
    const units = new Set<string>();
    const known = [...new Set([...Object.keys(maps), ...Object.keys(SHIPPED_MAPS)])];
    for (const [at, { device, address, port, unitId, map }] of devices.entries()) {
      const unit = JSON.stringify([address, port, unitId]);
      if (names.has(device)) report(['devices', at, 'device'], 'expected a name of its own', device);
      if (units.has(unit))
        report(['devices', at, 'unitId'], 'expected an address or unitId of its own', unitId);
      if (!known.includes(map)) report(['devices', at, 'map'], `expected one of ${known.join(', ')}`, map);
      names.add(device);
      units.add(unit);
    }
    for (const [name, map] of Object.entries(maps))
      for (const { path, message, input } of mapProblems(map))
        report(['maps', name, ...path], message, input);
  });
export type ModbusConfig = z.infer<typeof modbusConfigSchema>;

/** The map of each device. Throws for a name that the schema would have refused. */
export function mapOf(
  { map: name }: Pick<ModbusDevice, 'map'>,
  { maps }: Pick<ModbusConfig, 'maps'>,
): RegisterMap {
  const own = Object.hasOwn(maps, name) ? maps[name] : undefined;
  return own ?? mapSchema.parse(SHIPPED_MAPS[name]);
}
