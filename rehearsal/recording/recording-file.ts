import { gunzipSync, gzipSync } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Sample } from '../../contract/sample.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { recordingHeadSchema, recordingRowSchema, type Recording } from './recording.ts';

export const RECORDING_ENDING = '.recording.gz';

/** Of what it unpacks to: an hour of a whole city has some hundred MB. */
const MAX_BYTES = 2 ** 30;
const MAX_PROBLEMS = 20;

/** JSON Lines in gzip: a head, then a line a row. New files only: a recording is not written over. */
export function writeRecording(file: string, { samples, ...head }: Recording): void {
  const rows = [...samples].flatMap(([agent, own]) =>
    own.map(({ timeMs, measurement, tags, fields }) =>
      JSON.stringify([agent, timeMs, measurement, tags, fields]),
    ),
  );
  const text = [JSON.stringify({ recording: 1, ...head }), ...rows, ''].join('\n');
  try {
    writeFileSync(file, gzipSync(text), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${file}: cannot be written: ${messageOf(error)}`], error);
  }
}

/** Throws a UserError (exit 2) that names file and line of each problem. */
export function readRecording(file: string): Recording {
  const [first = '', ...lines] = textOf(file).split('\n');
  const head = recordingHeadSchema.safeParse(jsonOf(first));
  if (!head.success)
    throw new UserError(EXIT.badConfig, [
      `${file}: line 1: expected the head of a recording: ${z.prettifyError(head.error)}`,
    ]);
  const { recording: _version, ...rest } = head.data;
  const samples = new Map<string, Sample[]>();
  const problems: string[] = [];
  const agents = new Set(rest.inventory.agents.map(({ id }) => id));
  lines.forEach((line, at) => {
    if (line === '') return;
    const row = recordingRowSchema.safeParse(jsonOf(line));
    const where = `${file}: line ${at + 2}`;
    if (!row.success)
      problems.push(`${where}: expected [agent, time, measurement, tags, fields], got ${line.slice(0, 80)}`);
    else if (!agents.has(row.data[0]))
      problems.push(`${where}: expected an agent of its inventory, got ${JSON.stringify(row.data[0])}`);
    else {
      const [agent, timeMs, measurement, tags, fields] = row.data;
      const own = samples.get(agent) ?? [];
      samples.set(agent, own);
      own.push({ measurement, tags, fields, timeMs });
    }
  });
  if (rest.toMs <= rest.fromMs) problems.push(`${file}: line 1: toMs: expected a time after fromMs`);
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems.slice(0, MAX_PROBLEMS));
  for (const own of samples.values()) own.sort((a, b) => a.timeMs - b.timeMs);
  return { ...rest, samples };
}

function textOf(file: string): string {
  try {
    return gunzipSync(readFileSync(file), { maxOutputLength: MAX_BYTES }).toString('utf8');
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${file}: cannot be read: ${messageOf(error)}`], error);
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
