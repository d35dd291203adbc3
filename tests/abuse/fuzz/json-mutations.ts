import { placesIn, toText, toTree, type JsonTree } from './json-tree.ts';
import { below, pick, type Seeded } from './choice.ts';

/** Values that break programs, as JSON texts: other types, limits of numbers, texts that mean something elsewhere. */
const ODD_TEXTS: readonly string[] = [
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '0',
  '-0',
  '-1',
  '0.1',
  '1e308',
  '1e999',
  '-1e999',
  '1e-400',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '18446744073709551616',
  '1795462349123',
  '253402300800000',
  ...[
    '',
    ' ',
    'NaN',
    'Infinity',
    '12',
    '1e3',
    '0x10',
    'true',
    'null',
    '__proto__',
    'constructor',
    'toString',
    'central',
    'gw-good-1',
    '../../etc/passwd',
    '#',
    '+/up',
    '$SYS/broker',
    "'; DROP TABLE ping; --",
    '"" OR 1=1',
    'a,b=c d\ne f=1i 1',
    '\\',
    '\u0000',
    '\u001b[2J',
    '\u202egnp.exe',
    '\u{1f4a5}',
    'e\u0301\u0301\u0301',
    '\ufeff',
    '<script>alert(1)</script>',
    '%s%n%00',
    '2026-11-29T00:00:00Z',
  ].map((text) => JSON.stringify(text)),
  // Half of a pair: no Unicode text has it.
  '"\\ud800"',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toJSON":1,"then":1,"length":1e9}',
];

const BROKEN_TEXTS: readonly string[] = [
  '',
  'tru',
  '01',
  '+1',
  '.5',
  '1.',
  '"',
  '"\u0001"',
  '{,}',
  '[1,]',
  'NaN',
  '/**/1',
  "'a'",
  '\u0000',
];
const ODD_KEYS: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  '',
  '\u0000',
  '\u{1f4a5}',
  'v',
  'seq',
  'rows',
  'agent',
];
const DEPTHS: readonly number[] = [10, 1_000, 20_000, 120_000];
const LENGTHS: readonly number[] = [65, 300, 5_000, 20_000];
const MAX_REPEATED_CHARS = 500_000;
const REPEATS: readonly number[] = [2, 20, 1_100];

type Mutation = (tree: JsonTree, random: Seeded) => JsonTree;

const raw = (text: string): JsonTree => ({ kind: 'raw', text });

const MUTATIONS: readonly Mutation[] = [
  (_tree, random) => raw(pick(ODD_TEXTS, random)),
  (_tree, random) => raw(pick(ODD_TEXTS, random)),
  (tree, random) =>
    isNumber(tree) ? raw(otherNumber(Number(tree.text), random)) : raw(pick(ODD_TEXTS, random)),
  (tree) => (isNumber(tree) ? raw(JSON.stringify(tree.text)) : raw('1')),
  (_tree, random) => raw(pick(BROKEN_TEXTS, random)),
  (_tree, random) => nested(pick(DEPTHS, random), random),
  (_tree, random) =>
    raw(JSON.stringify(pick(['x', '\u{1f4a5}', '"', '\\', ','], random).repeat(pick(LENGTHS, random)))),
  (_tree, random) => raw('9'.repeat(pick(LENGTHS, random))),
  (tree) => ({ kind: 'array', items: [tree] }),
  (tree, random) => ({ kind: 'object', entries: [[pick(ODD_KEYS, random), tree]] }),
  (tree, random) => without(tree, random),
  (tree, random) => repeated(tree, random),
  (tree, random) => renamed(tree, random),
  (tree, random) => swapped(tree, random),
  (tree, random) =>
    isText(tree) ? raw(JSON.stringify(spliced(JSON.parse(tree.text) as string, random))) : tree,
];

/** Changes one to three places of a valid message; the text may no longer be JSON. */
export function mutateJson(message: unknown, random: Seeded): string {
  const root = toTree(message);
  for (let left = 1 + below(3, random); left > 0; left--) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const place = pick(places, random);
    place.replace(pick(MUTATIONS, random)(place.tree, random));
  }
  return toText(root);
}

function isNumber(tree: JsonTree): tree is JsonTree & { readonly kind: 'raw' } {
  return tree.kind === 'raw' && /^-?\d/.test(tree.text);
}

function isText(tree: JsonTree): tree is JsonTree & { readonly kind: 'raw' } {
  return tree.kind === 'raw' && /^"[^"\\]*"$/.test(tree.text) && !BROKEN_TEXTS.includes(tree.text);
}

function otherNumber(value: number, random: Seeded): string {
  const changed = pick(
    [value + 1, value - 1, -value, value * 1e10, value / 3, value + 2 ** 32, value + 2 ** 53],
    random,
  );
  return JSON.stringify(changed);
}

function nested(depth: number, random: Seeded): JsonTree {
  const [open, close] = pick(
    [
      ['[', ']'],
      ['{"a":', '}'],
      ['[', ''],
    ] as const,
    random,
  );
  return raw(`${open.repeat(depth)}1${close.repeat(depth)}`);
}

function without(tree: JsonTree, random: Seeded): JsonTree {
  if (tree.kind === 'array') tree.items.splice(below(tree.items.length, random), 1);
  else if (tree.kind === 'object') tree.entries.splice(below(tree.entries.length, random), 1);
  return tree;
}

function repeated(tree: JsonTree, random: Seeded): JsonTree {
  const times = pick(REPEATS, random);
  if (tree.kind === 'array' && tree.items.length > 0) {
    const text = toText(pick(tree.items, random));
    const fitting = Math.min(times, Math.floor(MAX_REPEATED_CHARS / text.length));
    // As texts: what is changed in one of them later must not be changed in all.
    tree.items.push(...Array.from({ length: fitting }, () => raw(text)));
  } else if (tree.kind === 'object' && tree.entries.length > 0) {
    const [key] = pick(tree.entries, random);
    for (let left = times; left > 0; left--) tree.entries.push([key, raw(pick(ODD_TEXTS, random))]);
  }
  return tree;
}

function renamed(tree: JsonTree, random: Seeded): JsonTree {
  if (tree.kind === 'object' && tree.entries.length > 0)
    pick(tree.entries, random)[0] = pick(ODD_KEYS, random);
  return tree;
}

function swapped(tree: JsonTree, random: Seeded): JsonTree {
  const places = placesIn(tree);
  if (places.length < 2) return tree;
  const [one, other] = [pick(places, random), pick(places, random)];
  // A tree inside the other would become part of itself.
  if (toText(one.tree).includes(toText(other.tree)) || toText(other.tree).includes(toText(one.tree)))
    return tree;
  const kept = one.tree;
  one.replace(other.tree);
  other.replace(kept);
  return tree;
}

function spliced(text: string, random: Seeded): string {
  const at = below(text.length + 1, random);
  return `${text.slice(0, at)}${pick(['\n', ',', ' ', '=', '"', '\\', '\u0000', '\u{1f4a5}', '/', '#', '+'], random)}${text.slice(at)}`;
}
