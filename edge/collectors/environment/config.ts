import { z } from 'zod';
import { mqttConnectionShape } from '../../protocols/mqtt/source-config.ts';
import {
  fieldsSchema,
  namesSensor,
  timeSchema,
  topicTemplateSchema,
  type MessageMapping,
} from './mapping.ts';
import { MAPPINGS } from './mappings/index.ts';
import { snmpSensorsSchema } from './snmp-config.ts';
import { parseTemplate } from './topic-template.ts';

const label = z.string().regex(/^\P{Cc}{1,64}$/u, 'expected 1 to 64 characters without control characters');

const sensorsSchema = z
  .strictObject({
    /** A ready mapping; or `topic` and `fields`. */
    mapping: z.enum(Object.keys(MAPPINGS) as [string, ...string[]]).optional(),
    /** `{device}`, `{sensor}`, `{location}` or `+` stand for one level. */
    topic: topicTemplateSchema.optional(),
    /** Prefix of the topics of a ready mapping, such as `ward-26734/`. */
    prefix: z.string().max(128).optional(),
    fields: fieldsSchema.optional(),
    time: timeSchema.optional(),
    /** If the topic does not contain it. */
    device: label.optional(),
    location: label.optional(),
    /** Name of a device in the topic → in the inventory. These are expected from the start. */
    names: z.record(z.string().min(1).max(64), label).optional(),
  })
  .transform((sensors, context): Sensors => {
    const report = (path: readonly string[], message: string, input: unknown): void => {
      context.issues.push({ code: 'custom', path: [...path], message, input });
    };
    const { mapping, topic, fields, time, prefix = '', device, location, names = {} } = sensors;
    const ready = mapping === undefined ? [] : (MAPPINGS[mapping] ?? []);
    if ((mapping === undefined) === (fields === undefined))
      report(['mapping'], 'expected either mapping or fields', mapping);
    if (fields !== undefined && topic === undefined)
      report(['topic'], 'is needed where there are fields', topic);
    if (ready.length > 1 && topic !== undefined)
      report(['topic'], 'this mapping has several topics; give prefix', topic);
    const own = Object.entries(fields ?? {}).map(([field, entry]) => ({ field, ...entry }));
    const messages: readonly MessageMapping[] =
      fields === undefined
        ? ready.map((one) => ({ ...one, topic: prefix + (topic ?? one.topic), time: time ?? one.time }))
        : topic === undefined
          ? []
          : [{ topic: prefix + topic, fields: own, time }];
    for (const message of messages) {
      const template = parseTemplate(message.topic);
      if (template === undefined) {
        report(['prefix'], 'expected the beginning of a topic', prefix);
        break;
      }
      const named = template.levels.flatMap((level) => ('names' in level ? [level.names] : []));
      if (named.includes('device') === (device !== undefined)) {
        report(['device'], 'expected {device} in the topic, or device, and not both', device);
      }
      if (named.includes('location') && location !== undefined) {
        report(['location'], 'the topic has {location} already', location);
      }
      if (named.includes('sensor') && namesSensor(message))
        report(['topic'], 'has {sensor}, and a path has *', message.topic);
    }
    return { messages, device, location, names };
  });

/** One parsed entry of the configuration. */
export interface Sensors {
  readonly messages: readonly MessageMapping[];
  readonly device: string | undefined;
  readonly location: string | undefined;
  readonly names: Readonly<Record<string, string>>;
}

const mqttSchema = z.strictObject({
  ...mqttConnectionShape,
  sensors: z.array(sensorsSchema).min(1, 'expected at least one entry').max(64),
  /** A sensor that sends nothing for longer is an error; those on batteries send about once an hour. */
  silentAfterMs: z
    .int()
    .min(1_000)
    .max(30 * 86_400_000)
    .default(3 * 3_600_000),
});
export type MqttSensorsConfig = z.infer<typeof mqttSchema>;

export const environmentConfigSchema = z
  .strictObject({ mqtt: mqttSchema.optional(), snmp: snmpSensorsSchema.optional() })
  .refine(({ mqtt, snmp }) => mqtt !== undefined || snmp !== undefined, { error: 'expected mqtt or snmp' });
export type EnvironmentConfig = z.infer<typeof environmentConfigSchema>;
