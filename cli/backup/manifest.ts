import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { replaceFileSync } from '../../runtime/record-file.ts';

export const STATE_FILE = 'state.db';
export const STORE_FILE = 'wardwatch.duckdb';
export const QUARANTINE = 'quarantine';
const MANIFEST_FILE = 'manifest.json';
const MAX_MANIFEST_BYTES = 1024 * 1024;

/** Only what a backup makes: a name can never lead out of the directory. */
const FILE_NAME = /^(?:state\.db|wardwatch\.duckdb(?:\.wal)?|quarantine\/[\w-][\w.-]*)$/;

const manifestSchema = z.strictObject({
  format: z.literal(1, { error: 'expected 1, the format that this version reads' }),
  program: z.string().max(100),
  createdAt: z.iso.datetime(),
  files: z
    .array(
      z.strictObject({
        name: z.string().regex(FILE_NAME, 'not the name of a file in a backup'),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(10_000)
    .refine((files) => files.some(({ name }) => name === STATE_FILE), { error: `${STATE_FILE} is missing` }),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Written last: a directory without it is no complete backup. */
export async function writeManifest(
  directory: string,
  program: string,
  createdAtMs: number,
): Promise<Manifest> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
  const files = [];
  for (const name of names) files.push({ name, ...(await measure(join(directory, name))) });
  const manifest: Manifest = { format: 1, program, createdAt: new Date(createdAtMs).toISOString(), files };
  replaceFileSync(join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Checks every file against its size and SHA-256. Throws a UserError (exit 4) that lists all problems. */
export async function checkBackup(directory: string): Promise<Manifest> {
  const manifest = readManifest(join(directory, MANIFEST_FILE));
  const problems: string[] = [];
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = join(directory, name);
    try {
      const found = await measure(file);
      if (found.bytes !== bytes) problems.push(`${file}: expected ${bytes} bytes, got ${found.bytes}`);
      else if (found.sha256 !== sha256)
        problems.push(`${file}: expected SHA-256 ${sha256}, got ${found.sha256}`);
    } catch (error) {
      problems.push(`${file}: cannot be read: ${messageOf(error)}`);
    }
  }
  if (problems.length > 0) throw new UserError(EXIT.dataDirectory, problems);
  return manifest;
}

function readManifest(file: string): Manifest {
  try {
    if (statSync(file).size > MAX_MANIFEST_BYTES) throw new Error(`more than ${MAX_MANIFEST_BYTES} bytes`);
    const result = manifestSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (result.success) return result.data;
    const problems = result.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`);
    throw new UserError(EXIT.dataDirectory, problems, result.error);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const problem = `${file}: no manifest of a complete backup: ${messageOf(error)}`;
    throw new UserError(EXIT.dataDirectory, [problem], error);
  }
}

async function measure(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}
