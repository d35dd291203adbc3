import { isScalar } from 'yaml';
import { composeYaml } from '../../runtime/yaml-document.ts';
import type { Setting } from '../mutations/rule-edits.ts';

export interface RuleEdit {
  readonly setting: Pick<Setting, 'path' | 'key'>;
  readonly to: number | string;
}

/** Lines of what stays, on both sides. */
const CONTEXT = 2;

/** The text of a rule file with some of its values in place of what it had: comments and order stay. Pure. */
export function editedText(text: string, edits: readonly RuleEdit[]): string {
  const places = edits.map(({ setting: { path, key }, to }) => {
    const node = composeYaml(text).document?.getIn([...path, key], true);
    if (!isScalar(node) || node.range === undefined || node.range === null)
      throw new Error(`${[...path, key].join('.')} is not written in this file`);
    const [from, end] = node.range;
    return { from, end, to: String(to) };
  });
  return places
    .sort((a, b) => b.from - a.from)
    .reduce((before, { from, end, to }) => before.slice(0, from) + to + before.slice(end), text);
}

/** A unified diff, as `patch -p1` takes it: no line is added or removed, only changed. Empty: nothing differs. Pure. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const [old, now] = [before, after].map((text) => text.replace(/\n$/, '').split('\n'));
  if (old === undefined || now === undefined || before === after) return '';
  const changed = old.flatMap((line, at) => (line === now[at] ? [] : [at]));
  const hunks: { from: number; to: number }[] = [];
  for (const at of changed) {
    const from = Math.max(0, at - CONTEXT);
    const to = Math.min(old.length, at + CONTEXT + 1);
    const last = hunks.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  }
  const lines = hunks.flatMap(({ from, to }) => {
    const span = `${from + 1},${to - from}`;
    return [`@@ -${span} +${span} @@`, ...hunkLines(old.slice(from, to), now.slice(from, to))];
  });
  return [`--- a/${file}`, `+++ b/${file}`, ...lines, ''].join('\n');
}

/** Of neighbours that both changed first all old lines, then all new ones. */
function hunkLines(old: readonly string[], now: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let added: string[] = [];
  old.forEach((line, at) => {
    const other = now[at] ?? '';
    if (line === other) {
      lines.push(...added, ` ${line}`);
      added = [];
    } else {
      lines.push(`-${line}`);
      added.push(`+${other}`);
    }
  });
  return [...lines, ...added];
}
