import { z } from 'zod';

/** Of each resource what is read (DMTF DSP0268, schemas 2024). Controllers leave out much, and give null for what they do not know. */
const number = z.number().nullish().catch(undefined);
const text = z.string().max(256).nullish().catch(undefined);
/** A link to another resource of the same service. */
const link = z.object({ '@odata.id': z.string().regex(/^\/redfish\/v1\/[\w./~%$@?=()&:+-]{1,500}$/) });
const optionalLink = link.nullish().catch(undefined);

const status = z.object({ State: text, Health: text }).nullish().catch(undefined);

function list<Item extends z.ZodType>(item: Item) {
  // A member that is no object is left out alone.
  return z
    .array(item.nullable().catch(null))
    .max(512)
    .nullish()
    .catch(undefined)
    .transform((items) => (items ?? []).filter((each): each is NonNullable<z.infer<Item>> => each !== null));
}

export const collectionSchema = z.object({ Members: z.array(link).max(512) });
export const chassisSchema = z.object({
  Manufacturer: text,
  Model: text,
  Thermal: optionalLink,
  Power: optionalLink,
  Sensors: optionalLink,
});
export const thermalSchema = z.object({
  Temperatures: list(z.object({ Name: text, MemberId: text, ReadingCelsius: number, Status: status })),
  Fans: list(
    z.object({
      Name: text,
      FanName: text,
      MemberId: text,
      Reading: number,
      ReadingRPM: number,
      ReadingUnits: text,
      Status: status,
    }),
  ),
});
export const powerSchema = z.object({
  PowerControl: list(z.object({ Name: text, MemberId: text, PowerConsumedWatts: number, Status: status })),
  Voltages: list(z.object({ Name: text, MemberId: text, ReadingVolts: number, Status: status })),
  PowerSupplies: list(
    z.object({
      Name: text,
      MemberId: text,
      LastPowerOutputWatts: number,
      PowerOutputWatts: number,
      LineInputVoltage: number,
      Status: status,
    }),
  ),
});
export const sensorSchema = z.object({
  Name: text,
  Id: text,
  Reading: number,
  ReadingUnits: text,
  ReadingType: text,
  Status: status,
});

export type Status = z.infer<typeof status>;
export type Thermal = z.infer<typeof thermalSchema>;
export type Power = z.infer<typeof powerSchema>;
export type Sensor = z.infer<typeof sensorSchema>;
