import { z } from 'zod';
import { checkSenders, listenerSchema, MAX_SENDERS, senderSettings } from '../../protocols/events/senders.ts';
import { SEVERITIES } from '../../protocols/events/severity.ts';

const tlsSchema = z.strictObject({
  ...listenerSchema(6_514).shape,
  certFile: z.string().min(1),
  keyFile: z.string().min(1),
  /** Senders must show a certificate of this authority. */
  caFile: z.string().min(1).optional(),
});
export type SyslogTlsConfig = z.infer<typeof tlsSchema>;

export const syslogConfigSchema = z
  .strictObject({
    udp: listenerSchema(514).optional(),
    tcp: listenerSchema(514).optional(),
    tls: tlsSchema.optional(),
    senders: z.array(z.strictObject(senderSettings)).min(1, 'expected at least one sender').max(MAX_SENDERS),
    /** What is milder is counted, and not sent. */
    leastSeverity: z.enum(SEVERITIES).default('warning'),
  })
  .refine(({ udp, tcp, tls }) => [udp, tcp, tls].some((way) => way !== undefined), {
    error: 'expected udp, tcp or tls',
  })
  .superRefine(({ senders }, context) => checkSenders(senders, context));
export type SyslogConfig = z.infer<typeof syslogConfigSchema>;
