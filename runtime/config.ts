import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { EXIT, messageOf, UserError } from './errors.ts';
import { SECRET_NAME } from './secret-source.ts';
import { withoutUserInfo } from './url-schema.ts';
import { composeYaml } from './yaml-document.ts';

const MAX_CONFIG_BYTES = 1024 * 1024;
const MAX_ALIASES = 100;
/** One broken line can lead to hundreds of errors in those after it. */
const MAX_YAML_ERRORS = 20;

/**
 * Reads a YAML (or JSON) file and checks it. Throws a UserError (exit 2) that lists every problem as
 * `file: path: what was expected, got value`.
 */
export function loadConfig<T>(file: string, schema: z.ZodType<T>): T {
  return checkConfig(file, readConfigFile(file), schema);
}

/** The content of a YAML (or JSON) file, not checked. Throws a UserError (exit 2) when it cannot be read as such. */
export function readConfigFile(file: string): unknown {
  return parseConfigText(file, readConfigText(file));
}

/** The text of a file. Throws a UserError (exit 2) when it cannot be read, is no regular file, or is larger than `maxBytes`. */
export function readConfigText(file: string, maxBytes = MAX_CONFIG_BYTES): string {
  try {
    return readRegularFile(file, maxBytes).toString('utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(EXIT.badConfig, [`${file}: cannot be read: ${messageOf(error)}`], error);
  }
}

/** Running services read files, too: a pipe would hold one up until somebody writes, and a huge file would take its memory. */
function readRegularFile(file: string, maxBytes: number): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(descriptor);
    // To read a directory fails by itself.
    if (!found.isFile() && !found.isDirectory()) throw new Error('expected a regular file');
    if (found.size > maxBytes)
      throw new UserError(EXIT.badConfig, [`${file}: larger than ${maxBytes} bytes`]);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The value of a text in YAML (or JSON), not checked; `source` names it in problems. Throws a UserError (exit 2). */
export function parseConfigText(source: string, text: string, maxBytes = MAX_CONFIG_BYTES): unknown {
  if (Buffer.byteLength(text) > maxBytes)
    throw new UserError(EXIT.badConfig, [`${source}: larger than ${maxBytes} bytes`]);
  const { document, problems } = composeYaml(text);
  if (document !== undefined && problems.length === 0) return toValue(source, document);
  throw new UserError(
    EXIT.badConfig,
    problems.slice(0, MAX_YAML_ERRORS).map((problem) => `${source}: not valid YAML: ${problem}`),
  );
}

/** Aliases can make a small file huge, and nesting can exhaust the stack. */
function toValue(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${file}: not usable YAML: ${messageOf(error)}`], error);
  }
}

/** Checks a value that is not from a file; `source` names its origin in problems. */
export function checkConfig<T>(source: string, value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue));
  throw new UserError(
    EXIT.badConfig,
    problems.map((problem) => `${source}: ${problem}`),
  );
}

/** Runs all checks, also after a failure; throws one UserError (exit 2) with all problems. */
export function checkAll<Parts extends readonly unknown[]>(
  ...checks: { readonly [index in keyof Parts]: () => Parts[index] }
): Parts {
  const problems: string[] = [];
  const parts = checks.map((check) => {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  });
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return parts as unknown as Parts;
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const path = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${path === '' ? '' : `${path}.`}${key}: unknown setting`);
  }
  const input = offendingInput(issue);
  const got = isSecret(issue.path) || input === undefined ? '' : `, got ${shorten(input)}`;
  return [`${path === '' ? 'the file' : path}: ${lowerFirst(issue.message)}${got}`];
}

/** For an invalid discriminator (`kind: …`) zod reports the whole object as input, but the path of the discriminator. */
function offendingInput(issue: z.core.$ZodIssue): unknown {
  const { input } = issue;
  if (issue.code !== 'invalid_union' || issue.discriminator === undefined) return input;
  if (typeof input !== 'object' || input === null) return input;
  return (input as Record<string, unknown>)[issue.discriminator];
}

/** A parent object may hold a secret, so its name is checked, too. */
function isSecret(path: readonly PropertyKey[]): boolean {
  return path.some((part) => SECRET_NAME.test(String(part)));
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function shorten(value: unknown): string {
  const text = jsonOf(value);
  const shown = withoutUserInfo(text);
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value, (key, part: unknown) => {
      if (SECRET_NAME.test(key)) return '[secret]';
      return typeof part === 'bigint' ? String(part) : part;
    });
  } catch (error) {
    // Brackets within brackets, thousands of times: they exhaust the stack.
    if (error instanceof RangeError) return 'a value nested too deeply';
    // By an alias of YAML within its own anchor.
    if (error instanceof TypeError) return 'a value that contains itself';
    throw error;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
