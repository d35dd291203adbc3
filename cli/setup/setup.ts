import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { VERSION } from '../version.ts';
import { addAgents, renewServer, type MadeCity } from './change-city.ts';
import { folderProblems } from './check-folder.ts';
import type { SetupChoice } from './choice.ts';
import { accountsFor, accountsOfMaker, beginFolder, makeFolder, readFolder, whileLocked } from './folder.ts';
import { distinctHosts, type SetupHost } from './hosts.ts';
import { BEGUN, layoutOf, MANIFEST } from './layout.ts';
import { newCityContents, refuseSimulatedIds } from './make-city.ts';
import { choiceOf, type Manifest } from './manifest.ts';
import { changeSteps, nextSteps, type NextStep } from './next-steps.ts';
import { missingAccounts, rightsOf, type Rights } from './owners.ts';
import { checkOptions, type CheckedOptions, type SetupOptions } from './setup-options.ts';
import { unfinishedAgents, unfinishedProblems } from './unfinished-agents.ts';
import { makeEntries, replaceFile } from './write-files.ts';

/** What a run of setup found and did; it holds no secret. */
export interface SetupResult {
  readonly event: 'made' | 'changed' | 'unchanged';
  readonly directory: string;
  readonly for: SetupChoice['use'];
  readonly hosts: readonly string[];
  readonly agents: readonly string[];
  /** Below the directory, those of directories with a slash at the end. */
  readonly files: readonly string[];
  /** What differs from what setup made: nothing was changed then. */
  readonly problems: readonly string[];
  readonly next: readonly NextStep[];
}

/**
 * Makes the folder of a first city, adds agents, or renews the certificate of its servers. What is there already is never overwritten; the
 * same call again changes nothing. Throws a UserError: exit 2 for options that do not fit, 4 for a directory that cannot be used.
 */
export async function setUp(
  directoryOption: string,
  options: SetupOptions,
  nowMs: number,
): Promise<SetupResult> {
  const checked = checkOptions(directoryOption, options);
  const manifest = readFolder(checked.directory);
  if (manifest === undefined) return makeCity(checked, options, nowMs);
  const mayChange = checked.agents.length > 0 || options.renew === true;
  if (options.check === true || !mayChange) return changeCity(checked, manifest, options, nowMs);
  return whileLocked(checked.directory, () => {
    // What another setup changed until now counts.
    const current = readFolder(checked.directory);
    if (current === undefined)
      throw new UserError(EXIT.dataDirectory, [`${checked.directory}: is empty now`]);
    return changeCity(checked, current, options, nowMs);
  });
}

async function makeCity(
  { directory, hosts, agents }: CheckedOptions,
  options: SetupOptions,
  nowMs: number,
): Promise<SetupResult> {
  if (options.check === true || options.renew === true)
    throw new UserError(EXIT.differs, [`${directory}: setup has made nothing here yet`]);
  if (hosts.length === 0) {
    const why =
      'the name or address of this machine, as agents and browsers reach it, such as wardwatch.example.vn';
    throw new UserError(EXIT.badConfig, [`--host: expected ${why}`]);
  }
  const choice = { use: options.for ?? 'systemd', hosts, agents, demoUnits: options.demoUnits ?? 0 };
  await refuseSimulatedIds(choice);
  makeFolder(directory, choice.use);
  return whileLocked(directory, () => fillFolder(directory, choice, nowMs));
}

async function fillFolder(directory: string, choice: SetupChoice, nowMs: number): Promise<SetupResult> {
  if (readFolder(directory) !== undefined)
    throw new UserError(EXIT.dataDirectory, [
      `${directory}: another setup made it meanwhile: run setup again`,
    ]);
  beginFolder(directory);
  const accounts = accountsFor(choice.use, directory);
  const contents = await newCityContents(directory, choice, accounts.gid, nowMs);
  const files = makeEntries(directory, layoutOf(choice), contents, (entry) =>
    rightsOf(entry, choice.use, accounts),
  );
  writeManifest(directory, { ...manifestOf(choice), madeAt: new Date(nowMs).toISOString() }, accounts);
  const missing = choice.use === 'systemd' ? missingAccounts(accounts) : [];
  return { ...resultOf('made', directory, choice), files, next: nextSteps(directory, choice, missing) };
}

async function changeCity(
  { directory, hosts, agents }: CheckedOptions,
  manifest: Manifest,
  options: SetupOptions,
  nowMs: number,
): Promise<SetupResult> {
  const before = choiceOf(manifest);
  refuseOtherCity(directory, before, hosts, options);
  const accounts = accountsOfMaker(directory);
  const problems = folderProblems(directory, before, accounts, nowMs);
  const unfinished = unfinishedAgents(directory, before);
  const added = agents.filter((agent) => !before.agents.includes(agent) || unfinished.includes(agent));
  const isChange = (added.length > 0 || options.renew === true) && options.check !== true;
  // A certificate that ends is what --renew is for.
  if (!isChange || (problems.length > 0 && options.renew !== true))
    return {
      ...resultOf('unchanged', directory, before),
      problems: [...problems, ...unfinishedProblems(directory, unfinished)],
    };

  const choice = {
    ...before,
    agents: [...new Set([...before.agents, ...added])],
    ...(options.renew === true && { hosts: distinctHosts([...before.hosts, ...hosts]) }),
  };
  const city: MadeCity = { directory, choice: before, accounts };
  const files = [
    ...addAgents(city, added),
    ...(options.renew === true ? await renewServer(city, choice.hosts, nowMs) : []),
  ];
  writeManifest(directory, { ...manifestOf(choice), madeAt: manifest.madeAt }, accounts);
  const change = { agents: added.length > 0, renewed: options.renew === true };
  return { ...resultOf('changed', directory, choice), files, next: changeSteps(directory, choice, change) };
}

/** What is there is never made into something else. */
function refuseOtherCity(
  directory: string,
  made: SetupChoice,
  hosts: readonly SetupHost[],
  { for: use, demoUnits, renew }: SetupOptions,
): void {
  const problems: string[] = [];
  if (use !== undefined && use !== made.use)
    problems.push(`--for: ${directory} was made for ${made.use}; choose another directory for ${use}`);
  if (demoUnits !== undefined && demoUnits !== made.demoUnits)
    problems.push(
      `--demo-units: ${directory} was made with ${made.demoUnits} of the simulated city; choose another directory`,
    );
  const known = made.hosts.map(({ value }) => value);
  const others = hosts.filter(({ value }) => !known.includes(value)).map(({ value }) => value);
  if (others.length > 0 && renew !== true)
    problems.push(
      `--host: the certificate is for ${known.join(', ')}; for ${others.join(', ')} as well, add --renew`,
    );
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
}

function manifestOf(choice: SetupChoice): Omit<Manifest, 'madeAt'> {
  return {
    wardwatch: VERSION,
    for: choice.use,
    hosts: [...choice.hosts],
    agents: [...choice.agents],
    demoUnits: choice.demoUnits,
  };
}

function writeManifest(
  directory: string,
  manifest: Manifest,
  { uid, gid }: Pick<Rights, 'uid' | 'gid'>,
): void {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  replaceFile(join(directory, MANIFEST), text, { mode: 0o644, uid, gid });
  rmSync(join(directory, BEGUN), { force: true });
}

function resultOf(event: SetupResult['event'], directory: string, choice: SetupChoice): SetupResult {
  return {
    ...{ event, directory, for: choice.use, hosts: choice.hosts.map(({ value }) => value) },
    ...{ agents: choice.agents, files: [], problems: [], next: [] },
  };
}
