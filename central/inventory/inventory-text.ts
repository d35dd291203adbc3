import type { InventoryFile } from '../../contract/inventory.ts';
import { parseConfigText } from '../../runtime/config.ts';
import { givenFrom, type Given } from './given.ts';
import { KIND_NAMES } from './kinds.ts';

/** Of a file or an import. */
export const MAX_INVENTORY_BYTES = 16 * 1024 * 1024;

/** What a text in YAML or JSON gives; `source` names it in problems. Throws a UserError (exit 2) where it has no lists at all. */
export function givenText(source: string, text: string, maxYamlBytes: number): Given {
  return givenFrom(source, parseInventoryText(source, text, maxYamlBytes));
}

/** Not checked. Throws a UserError (exit 2) when it is neither YAML nor JSON, or YAML of another form than an export's above `maxYamlBytes`. */
export function parseInventoryText(source: string, text: string, maxYamlBytes: number): unknown {
  const plain = withoutMark(text);
  return readQuickly(plain) ?? parseConfigText(source, plain, maxYamlBytes);
}

/** The forms that are read at once, an export and JSON; undefined: neither. Pure. */
export function readQuickly(text: string): unknown {
  const plain = withoutMark(text);
  return readEntryLines(plain) ?? readJson(plain);
}

/** Of the order of bytes, as some editors write it. Pure. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function readJson(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // YAML, too, can begin so, and its reader says where the mistake is.
    return undefined;
  }
}

const LIST = /^([A-Za-z]+):( \[\])?$/;
const ENTRY = '  - ';

/**
 * The form of an export: the name of a list, then an entry a line, in JSON. That is YAML as well, but is read fifty times
 * faster: 50,000 entries in other YAML keep the program busy for seconds. Undefined: the text has another form. Pure.
 */
function readEntryLines(text: string): Readonly<Record<string, readonly unknown[]>> | undefined {
  const lists = new Map<string, unknown[]>();
  let entries: unknown[] | undefined;
  let isBegun = true;
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, isEmpty] = LIST.exec(line) ?? [];
    if (name !== undefined) {
      if (!isBegun || lists.has(name)) return undefined;
      isBegun = isEmpty !== undefined;
      entries = isBegun ? undefined : [];
      lists.set(name, entries ?? []);
      continue;
    }
    const entry = line.startsWith(ENTRY) ? parsedEntry(line.slice(ENTRY.length)) : undefined;
    if (entry === undefined || entries === undefined) return undefined;
    entries.push(entry);
    isBegun = true;
  }
  return isBegun && lists.size > 0 ? Object.fromEntries(lists) : undefined;
}

function parsedEntry(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** YAML that reads as the same lists, an entry a line, so that two exports can be compared line by line. Pure. */
export function writeInventoryText(lists: InventoryFile, heading: string): string {
  const parts = [`# ${heading}\n`];
  for (const kind of KIND_NAMES) {
    const entries = lists[kind];
    parts.push(entries.length === 0 ? `${kind}: []\n` : `${kind}:\n`);
    for (const entry of entries)
      parts.push(`${ENTRY}${JSON.stringify(entry, null, 1).replace(/\n */g, ' ')}\n`);
  }
  return parts.join('');
}
