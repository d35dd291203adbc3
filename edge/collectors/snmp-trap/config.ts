import { z } from 'zod';
import { checkSenders, listenerSchema, MAX_SENDERS, senderSettings } from '../../protocols/events/senders.ts';
import { SEVERITIES } from '../../protocols/events/severity.ts';
import { credentialsSchema, problemOfCredentialsName } from '../../protocols/snmp/credentials.ts';

const oid = z
  .string()
  .max(256)
  .regex(/^\d+(\.\d+){1,63}$/, 'expected an OID such as 1.3.6.1.4.1.9.9.13.3.0.4');
const word = z
  .string()
  .max(48)
  .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'expected a name such as fan_failed');

const trapSchema = z.strictObject({
  /** snmpTrapOID; of a v1 trap: enterprise, 0, specific-trap. */
  oid,
  event: word,
  severity: z.enum(SEVERITIES).default('warning'),
  /** The object whose value says what it is about, such as the name of the fan. */
  subject: oid.optional(),
  /** A state that lasts from this trap until one that `ends` it. */
  begins: word.optional(),
  ends: word.optional(),
});

export const snmpTrapConfigSchema = z
  .strictObject({
    udp: listenerSchema(162).prefault({}),
    credentials: z.record(z.string().min(1).max(64), credentialsSchema),
    senders: z
      .array(z.strictObject({ ...senderSettings, credentials: z.string().min(1).max(64) }))
      .min(1, 'expected at least one sender')
      .max(MAX_SENDERS),
    /** Traps of your devices, besides those of the standard MIBs; the same OID here counts. */
    traps: z.array(trapSchema).max(500).default([]),
    /** What is milder is counted, and not sent. */
    leastSeverity: z.enum(SEVERITIES).default('notice'),
  })
  .superRefine(({ credentials, senders, traps }, context) => {
    checkSenders(senders, context);
    const report = (path: (string | number)[], message: string, input: unknown): void => {
      context.issues.push({ code: 'custom', path, message, input });
    };
    for (const [at, { credentials: name }] of senders.entries()) {
      const problem = problemOfCredentialsName(name, credentials);
      if (problem !== undefined) report(['senders', at, 'credentials'], problem, name);
    }
    const seen = new Set<string>();
    for (const [at, trap] of traps.entries()) {
      if (seen.has(trap.oid)) report(['traps', at, 'oid'], 'expected an OID of its own', trap.oid);
      seen.add(trap.oid);
    }
  });
export type SnmpTrapConfig = z.infer<typeof snmpTrapConfigSchema>;
