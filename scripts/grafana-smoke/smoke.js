import { fillIn, targetsOf, timesOf, variablesOf } from './targets.js';

const LEAST_VERSION = [12, 3];
const INTERVAL_MS = 60_000;
const MAX_DATA_POINTS = 500;

/**
 * Runs every check against `client` and prints a line for each: `ok`, `empty` (it works, and there is no data) or `FAIL`. A dashboard
 * whose targets are all empty fails. Resolves to the numbers.
 */
export async function smoke(client, dashboards, print) {
  const counts = { ok: 0, empty: 0, failed: 0 };
  const report = (kind, subject, detail) => {
    counts[kind]++;
    print(`${{ ok: 'ok   ', empty: 'empty', failed: 'FAIL ' }[kind]} ${subject}: ${detail}`);
  };
  if (!(await checkHealth(client, report))) return counts;
  const found = await attempt(() => client.search());
  if (found.error !== undefined) report('failed', 'search', found.error);
  for (const { file, dashboard } of dashboards) {
    checkListed(found.value, { file, dashboard }, report);
    await checkTargets(client, { file, dashboard }, report);
  }
  print(`${counts.ok} ok, ${counts.empty} empty, ${counts.failed} failed`);
  return counts;
}

async function checkHealth(client, report) {
  const { value, error } = await attempt(() => client.health());
  if (error !== undefined) {
    report('failed', 'health', error);
    return false;
  }
  const version = String(value.version ?? 'unknown');
  if (value.database !== 'ok') report('failed', 'health', `Grafana's own database: ${value.database}`);
  else if (isOlder(version))
    report('failed', 'health', `version ${version}; the dashboards need 12.3 or newer`);
  else report('ok', 'health', `Grafana ${version}`);
  return true;
}

function isOlder(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor < LEAST_VERSION[1]);
}

function checkListed(listed, { file, dashboard }, report) {
  if (listed === undefined) return;
  const there = listed.find(({ uid }) => uid === dashboard.uid);
  if (there === undefined)
    report('failed', file, `no dashboard with uid ${dashboard.uid}: was the folder mounted and provisioned?`);
  else report('ok', file, `"${there.title}" in folder "${there.folderTitle ?? 'none'}"`);
}

async function checkTargets(client, { file, dashboard }, report) {
  const { values, problems } = await valuesOf(client, dashboard);
  for (const problem of problems) report('failed', file, problem);
  let rows = 0;
  let failures = problems.length;
  const targets = targetsOf(dashboard);
  for (const { panel, target } of targets) {
    const subject = `${file}, ${panel}, ${target.refId}`;
    const { value, error } = await attempt(() =>
      ask(client, dashboard, { ...target, query: fillIn(target.query, values) }),
    );
    if (error !== undefined) {
      failures++;
      report('failed', subject, error);
    } else {
      rows += value;
      report(value > 0 ? 'ok' : 'empty', subject, value > 0 ? `${value} rows` : 'no data');
    }
  }
  if (targets.length > 0 && rows === 0 && failures === 0)
    report('failed', file, 'none of its queries has data');
}

/** The first value of each variable. */
async function valuesOf(client, dashboard) {
  const values = timesOf(dashboard, Date.now());
  const problems = [];
  for (const { name, query, value, datasource, isHidden } of variablesOf(dashboard)) {
    if (query === undefined) values[name] = value;
    else {
      const target = {
        refId: 'variable',
        query: fillIn(query, values),
        rawQuery: true,
        resultFormat: 'table',
        datasource,
      };
      const { value: frames, error } = await attempt(() => framesOf(client, dashboard, target));
      const first = frames
        ?.flatMap((frame) => frame.data?.values?.at(-1) ?? [])
        .find((each) => typeof each === 'string');
      if (first !== undefined) values[name] = first;
      else if (isHidden && error === undefined) values[name] = '';
      else problems.push(`variable ${name}: ${error ?? 'no values'}`);
    }
  }
  return { values, problems };
}

/** How many rows came. */
async function ask(client, dashboard, target) {
  const frames = await framesOf(client, dashboard, target);
  return frames.reduce((sum, frame) => sum + (frame.data?.values?.[0]?.length ?? 0), 0);
}

async function framesOf(client, dashboard, target) {
  const { from = 'now-3h', to = 'now' } = dashboard.time ?? {};
  const query = { ...target, intervalMs: INTERVAL_MS, maxDataPoints: MAX_DATA_POINTS };
  const { results } = await client.query({ from, to, queries: [query] });
  const result = results?.[target.refId];
  if (result === undefined) throw new Error('Grafana gave no result for it');
  if (result.error !== undefined) throw new Error(`${result.error} (${target.query})`);
  return result.frames ?? [];
}

async function attempt(work) {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: error.message };
  }
}
