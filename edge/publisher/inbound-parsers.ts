import type { z } from 'zod';
import { ackSchema, flowSchema, type Ack, type Flow } from '../../contract/ack.ts';
import { agentConfigSchema, MAX_CONFIG_BYTES, type AgentConfigMessage } from '../../contract/agent-config.ts';

/** Acks and flow are far smaller, and brokers are configured to refuse packets above 64 KiB. */
export const MAX_INBOUND_BYTES = 64 * 1024;

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export function parseAck(payload: Buffer): Parsed<Ack> {
  return parse(payload, ackSchema);
}

export function parseFlow(payload: Buffer): Parsed<Flow> {
  return parse(payload, flowSchema);
}

/** Checks the envelope only: problems inside the config are reported under its revision. */
export function parseConfig(payload: Buffer): Parsed<AgentConfigMessage> {
  return parse(payload, agentConfigSchema, MAX_CONFIG_BYTES);
}

function parse<T>(payload: Buffer, schema: z.ZodType<T>, maxBytes = MAX_INBOUND_BYTES): Parsed<T> {
  if (payload.length > maxBytes) {
    return { ok: false, problem: `${payload.length} bytes, at most ${maxBytes} are read` };
  }
  let value: unknown;
  try {
    value = JSON.parse(payload.toString('utf8'));
  } catch {
    return { ok: false, problem: 'not JSON' };
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const issue = result.error.issues[0];
  return { ok: false, problem: issue ? `${issue.path.join('.')}: ${issue.message}` : 'wrong shape' };
}

/** Batches that are done with: stored, or refused as a whole. A batch with refused rows counts once it is stored. */
export function settledRanges(ack: Ack): (readonly [number, number])[] {
  const stored = ack.stored.filter(([from, to]) => from <= to);
  const refusedWhole = (ack.refused ?? []).filter(({ rows }) => rows === undefined);
  return [...stored, ...refusedWhole.map(({ seq }) => [seq, seq] as const)];
}
