import { z } from 'zod';

const label = z.string().regex(/^\P{Cc}{1,64}$/u, 'expected 1 to 64 characters without control characters');
const table = z.enum(['holding', 'input', 'coil', 'discrete']);
const number = z.number();
const numbers = z.array(number).max(64);

/** How many registers each type has. */
export const REGISTERS = {
  uint16: 1,
  int16: 1,
  uint32: 2,
  int32: 2,
  float32: 2,
  uint64: 4,
  int64: 4,
  float64: 4,
} as const;
export type RegisterType = keyof typeof REGISTERS;
const type = z.enum(Object.keys(REGISTERS) as [RegisterType, ...RegisterType[]]);

const layout = {
  /** `high`: the register with the highest bits comes first, as the protocol has it within a register. */
  firstWord: z.enum(['high', 'low']).optional(),
  table: table.optional(),
  type: type.optional(),
};

const valueSchema = z.strictObject({
  ...layout,
  /** As it goes over the wire, from 0 on: 40001 and 30001 of old manuals are 0. */
  address: z.int().min(0).max(65_535),
  /** One bit of the register, 0 the lowest: true if it is set. */
  bit: z.int().min(0).max(15).optional(),
  scale: number.default(1),
  offset: number.default(0),
  /** Of that; it becomes the field's. */
  unit: z.string().min(1).max(16).optional(),
  /** Numbers that mean "not available". */
  absent: numbers.default([]),
  min: number.optional(),
  max: number.optional(),
  /** For a flag: true for these codes, false for any other. */
  good: numbers.optional(),
  /** What each code stands for; any other means "not available". */
  values: z
    .record(z.string().regex(/^-?\d{1,10}$/, 'expected a code'), z.union([number, z.boolean(), label]))
    .optional(),
});
export type MapValue = z.infer<typeof valueSchema>;

const measurementSchema = z.strictObject({
  measurement: z.string().min(1).max(64),
  /** Of its rows, such as `line` or `sensor`. */
  tags: z.record(z.string().max(64), label).default({}),
  fields: z.record(
    z.string().max(64),
    z.union([
      valueSchema,
      z
        .int()
        .min(0)
        .max(65_535)
        .transform((address) => valueSchema.parse({ address })),
    ]),
  ),
});

/** Which register means what, of one kind of device. */
export const mapSchema = z.strictObject({
  /** Where this is from. */
  source: z.union([z.string().max(512), z.array(z.string().max(512)).max(8)]).optional(),
  vendor: label.optional(),
  model: label.optional(),
  ...layout,
  /** Registers that the device gives in one answer: the protocol allows 125. */
  maxRegisters: z.int().min(1).max(125).default(60),
  measurements: z.array(measurementSchema).min(1, 'expected at least one measurement').max(64),
});
export type RegisterMap = z.infer<typeof mapSchema>;
