import { createHash } from 'node:crypto';
import type { NodeName } from './topic.ts';

/** Reserved: no other agent's id may begin with it. */
export const SPARKPLUG_AGENT_PREFIX = 'spb-';
const MAX_ID_CHARS = 64;
const HASH_CHARS = 10;

/**
 * The agent id of an edge node: `spb-{group}--{node}`. Where a name has other characters than a-z 0-9 and single dashes,
 * or the id would be longer than 64, the names are simplified and `--` and ten hex digits of a SHA-256 of both follow, so
 * that two nodes never share an id.
 */
export function agentIdOf({ group, node }: NodeName): string {
  return `${SPARKPLUG_AGENT_PREFIX}${joinNames([group, node], '--', MAX_ID_CHARS - SPARKPLUG_AGENT_PREFIX.length)}`;
}

/** The `device` tag where the mapping names none: `{group}.{node}` or `{group}.{node}.{device}`, simplified likewise. */
export function deviceTagOf({ group, node }: NodeName, device?: string): string {
  const names = device === undefined ? [group, node] : [group, node, device];
  return joinNames(names, '.', MAX_ID_CHARS);
}

function joinNames(names: readonly string[], separator: string, maxChars: number): string {
  const simple = names.map(simplify);
  const plain = simple.join(separator);
  if (plain.length <= maxChars && simple.every((name, at) => name === names[at])) return plain;
  // Names have no slash: this text is the same for these names only.
  const hash = createHash('sha256').update(names.join('/')).digest('hex').slice(0, HASH_CHARS);
  const room = maxChars - HASH_CHARS - '--'.length - separator.length * (names.length - 1);
  const each = Math.floor(room / names.length);
  const short = simple.map((name) => name.slice(0, each).replace(/-$/, '') || 'x');
  return `${short.join(separator)}--${hash}`;
}

function simplify(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\u0111/g, 'd')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
