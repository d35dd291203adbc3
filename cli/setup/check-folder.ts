import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import { OWN_HOSTS, type SetupChoice } from './choice.ts';
import { parseHost, type SetupHost } from './hosts.ts';
import { CA_CERT, layoutOf, SERVER_CERT, SERVER_KEY, type LayoutEntry } from './layout.ts';
import { ownerText, rightsOf, type Accounts } from './owners.ts';

const DAY_MS = 86_400_000;
/** As central warns of its certificates. */
const RENEW_BEFORE_DAYS = 30;

/** What differs from what setup made and is not the content of a file that is there to be edited: one line each. */
export function folderProblems(
  directory: string,
  choice: SetupChoice,
  accounts: Accounts,
  nowMs: number,
): readonly string[] {
  const rights = layoutOf(choice).flatMap((entry) => entryProblems(directory, entry, choice, accounts));
  return [...rights, ...certificateProblems(directory, choice, nowMs)];
}

function entryProblems(
  directory: string,
  entry: LayoutEntry,
  { use }: SetupChoice,
  accounts: Accounts,
): readonly string[] {
  const path = join(directory, entry.path);
  try {
    const found = statSync(path);
    const isDirectory = entry.path.endsWith('/');
    if (found.isDirectory() !== isDirectory)
      return [`${path}: expected a ${isDirectory ? 'directory' : 'file'}`];
    const wanted = rightsOf(entry, use, accounts);
    const mode = found.mode & 0o7777;
    const isOwner = found.uid === wanted.uid && found.gid === wanted.gid;
    return [
      ...(isOwner ? [] : [ownerProblem(path, ownerText(found, accounts), ownerText(wanted, accounts))]),
      ...(mode === wanted.mode ? [] : [modeProblem(path, mode, wanted.mode)]),
    ];
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return [`${path}: ${messageOf(error)}`];
    return entry.isPassing === true ? [] : [`${path}: missing`];
  }
}

const ownerProblem = (path: string, found: string, wanted: string): string =>
  `${path}: expected owner ${wanted}, got ${found}: chown ${wanted} ${path}`;

function modeProblem(path: string, found: number, wanted: number): string {
  const [is, should] = [found, wanted].map((mode) => mode.toString(8).padStart(4, '0'));
  return `${path}: expected mode ${should}, got ${is}: chmod ${should} ${path}`;
}

/** Of what is missing or cannot be read the entries tell. */
function certificateProblems(directory: string, { hosts }: SetupChoice, nowMs: number): readonly string[] {
  const caFile = join(directory, CA_CERT);
  const certFile = join(directory, SERVER_CERT);
  const keyFile = join(directory, SERVER_KEY);
  const ca = parsed(caFile, (text) => new X509Certificate(text));
  const cert = parsed(certFile, (text) => new X509Certificate(text));
  const key = parsed(keyFile, createPrivateKey);
  const problems = [ca, cert, key].flatMap((each) => (each.problem === undefined ? [] : [each.problem]));
  if (ca.value !== undefined) problems.push(...expiryProblems(caFile, ca.value, nowMs, NEW_AUTHORITY));
  if (cert.value === undefined) return problems;
  problems.push(...expiryProblems(certFile, cert.value, nowMs, `wardwatch setup ${directory} --renew`));
  if (key.value !== undefined && !cert.value.checkPrivateKey(key.value))
    problems.push(`${keyFile}: expected the key of ${certFile}`);
  if (ca.value !== undefined && !cert.value.verify(ca.value.publicKey))
    problems.push(`${certFile}: not signed by ${caFile}`);
  for (const host of [...hosts, ...OWN_HOSTS.map(parseHost)])
    if (!isFor(cert.value, host)) problems.push(`${certFile}: not good for ${host.value}`);
  return problems;
}

const NEW_AUTHORITY = 'docs/operating.md, "The end of the authority"';

function expiryProblems(
  file: string,
  certificate: X509Certificate,
  nowMs: number,
  remedy: string,
): readonly string[] {
  const leftMs = Date.parse(certificate.validTo) - nowMs;
  const end = new Date(certificate.validTo).toISOString().slice(0, 10);
  if (leftMs <= 0) return [`${file}: expired on ${end}: ${remedy}`];
  return leftMs > RENEW_BEFORE_DAYS * DAY_MS ? [] : [`${file}: expires on ${end}: ${remedy}`];
}

function isFor(certificate: X509Certificate, { type, value }: SetupHost): boolean {
  return (type === 'ip' ? certificate.checkIP(value) : certificate.checkHost(value)) !== undefined;
}

interface Parsed<T> {
  readonly value?: T;
  readonly problem?: string;
}

function parsed<T>(file: string, parse: (text: string) => T): Parsed<T> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return ['ENOENT', 'EISDIR'].includes(codeOf(error) ?? '')
      ? {}
      : { problem: `${file}: ${messageOf(error)}` };
  }
  try {
    return { value: parse(text) };
  } catch (error) {
    return { problem: `${file}: expected PEM: ${messageOf(error)}` };
  }
}
