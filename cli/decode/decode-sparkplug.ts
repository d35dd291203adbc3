import { z } from 'zod';
import { centralConfigSchema } from '../../central/config/config.ts';
import { EMPTY_INVENTORY, loadInventory } from '../../central/inventory/inventory.ts';
import { sparkplugConfigSchema } from '../../central/sparkplug/config.ts';
import { playSession, type PlayedMessage } from '../../central/sparkplug/play.ts';
import { loadConfig } from '../../runtime/config.ts';
import { messageOf } from '../../runtime/errors.ts';
import { samplesOf } from './decode-batch.ts';
import type { Decoder, Refusal } from './decoded.ts';

const messageSchema = z.object({ topic: z.string(), payloadBase64: z.base64() });

/** A raw payload has no topic: it is read as the birth of a node, the only message that needs no other. */
const RAW_TOPIC = 'spBv1.0/file/NBIRTH/payload';

/**
 * `{"topic": …, "payloadBase64": …}` in a list or one a line, processed in order as central would, or one raw
 * payload. `configFile`: central's, for the mapping and the inventory.
 */
export function sparkplugDecoder(configFile?: string): Decoder {
  return (bytes, nowMs) => {
    const refusals: Refusal[] = [];
    const isJson = /^\s*[[{]/.test(bytes.subarray(0, 64).toString('latin1'));
    const messages = isJson
      ? readMessages(bytes.toString('utf8'), refusals)
      : [{ topic: RAW_TOPIC, payload: bytes }];
    const played = playSession(messages, { ...readMapping(configFile), nowMs });
    for (const { message, reason } of played.refusals) {
      const where = message === undefined ? 'after the last message' : `message ${message}`;
      refusals.push({ where: isJson ? where : 'the payload, read as a birth', reason });
    }
    return { samples: played.tables.flatMap(samplesOf), refusals };
  };
}

function readMapping(
  file: string | undefined,
): Pick<Parameters<typeof playSession>[1], 'config' | 'inventory'> {
  if (file === undefined) return { config: sparkplugConfigSchema.parse({}), inventory: EMPTY_INVENTORY };
  const { sparkplug, inventoryFile } = loadConfig(file, centralConfigSchema);
  return {
    config: sparkplug ?? sparkplugConfigSchema.parse({}),
    inventory: inventoryFile === undefined ? EMPTY_INVENTORY : loadInventory(inventoryFile),
  };
}

function readMessages(text: string, refusals: Refusal[]): PlayedMessage[] {
  return parseValues(text, refusals).flatMap(({ where, value }) => {
    const message = messageSchema.safeParse(value);
    if (message.success) {
      const { topic, payloadBase64 } = message.data;
      return [{ topic, payload: Buffer.from(payloadBase64, 'base64') }];
    }
    const reason = message.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ');
    refusals.push({ where, reason });
    return [];
  });
}

function parseValues(
  text: string,
  refusals: Refusal[],
): { readonly where: string; readonly value: unknown }[] {
  const whole = tryParse(text);
  if ('value' in whole) {
    const list: unknown[] = Array.isArray(whole.value) ? whole.value : [whole.value];
    return list.map((value, index) => ({ where: `entry ${index + 1}`, value }));
  }
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `line ${index + 1}`;
    const parsed = tryParse(line);
    if ('value' in parsed) return [{ where, value: parsed.value }];
    refusals.push({ where, reason: parsed.reason });
    return [];
  });
}

function tryParse(text: string): { readonly value: unknown } | { readonly reason: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { reason: messageOf(error) };
  }
}
