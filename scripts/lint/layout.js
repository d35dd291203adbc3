/**
 * The one list of the project's folders: eslint, the check for circles and vitest read it; a test compares it with
 * tsconfig.json and docs/architecture.md. A folder may not exist yet: its place waits.
 */
import { dirname, join, posix, relative } from 'node:path';

/** Top folders, and what each may import beyond itself (a folder, or one within it). */
export const FOLDERS = {
  contract: [],
  runtime: [],
  edge: ['contract', 'runtime'],
  central: ['contract', 'runtime'],
  simulators: ['contract', 'runtime', 'edge/queue', 'edge/publisher'],
  board: ['contract'],
  dashboards: ['contract'],
  rehearsal: [
    'contract',
    'runtime',
    'central/parts.ts',
    'central/alerts',
    'central/inventory',
    'central/mqtt',
    'central/notify',
    'central/state',
    'central/store',
    'simulators',
  ],
  cli: ['contract', 'runtime', 'edge', 'central', 'simulators', 'dashboards', 'rehearsal'],
  tests: ['contract', 'runtime', 'edge', 'central', 'simulators', 'dashboards', 'rehearsal', 'cli'],
};

/** Folders with a tsconfig.json of their own: they run in a browser. */
export const OWN_TSCONFIG = ['board'];

/**
 * Floors within a folder, lowest first: a folder imports floors below its own, never its neighbours. Files directly
 * in the folder are above all floors.
 */
export const FLOORS = {
  edge: [
    ['protocols', 'queue'],
    ['publisher', 'collectors'],
    ['config'],
    ['scheduler'],
    ['remote-config', 'health', 'discover'],
    ['doctor'],
  ],
  central: [
    ['state', 'samples', 'mqtt', 'jobs'],
    ['store', 'ledger', 'inventory', 'access', 'agent-config', 'catalogue'],
    ['ingest', 'liveness', 'live', 'capacity', 'coverage'],
    ['sparkplug', 'network-survey', 'health'],
    ['alerts'],
    ['notify', 'reports', 'rollups'],
    ['api', 'config'],
    ['status-page', 'board'],
  ],
  'central/alerts': [
    ['lifecycle'],
    ['rules'],
    ['history'],
    ['engine', 'suppression'],
    ['backlog', 'life', 'incidents', 'reload', 'replay'],
  ],
  board: [['store'], ['api', 'language', 'route'], ['theme'], ['parts'], ['map', 'chart'], ['pages']],
  'central/ingest': [['stats', 'validate', 'quarantine', 'flow'], ['commit'], ['receive'], ['adapters']],
};

/** Folders whose subfolders never import each other, so that one can be read, added or removed alone. */
export const SEPARATE = ['edge/collectors'];

/** Libraries that are spoken to from one place only (and from tests). */
export const ONE_PLACE = {
  'net-snmp': ['edge/protocols/snmp', 'simulators/devices'],
  'modbus-serial': ['edge/protocols/modbus'],
  serialport: ['edge/collectors/cellular'],
  mqtt: ['edge/publisher', 'edge/protocols/mqtt', 'central/mqtt'],
  aedes: ['central/mqtt/broker'],
  'mqtt-packet': ['central/mqtt/broker', 'simulators/fleet'],
  '@duckdb/node-api': ['central/store/duckdb'],
  '@duckdb/node-bindings': ['central/store/duckdb'],
  libsql: ['central/state'],
  nodemailer: ['central/notify/channels/email'],
  'smtp-server': ['central/notify/testing'],
  '@peculiar/x509': ['cli/setup'],
  fastify: ['central/api', 'central/board', 'central/status-page'],
  'openid-client': ['central/access/oidc'],
  uplot: ['board/chart'],
};

export const root = join(import.meta.dirname, '../..');

/** A file's path as the lists above name it. */
export function pathOf(filename) {
  return relative(root, filename).replaceAll('\\', '/');
}

/** What `specifier` in `file` leads to: a path of ours, or undefined for a library. */
export function targetOf(file, specifier) {
  return specifier.startsWith('.') ? posix.join(dirname(file), specifier) : undefined;
}

/** Why `file` may not import `specifier`; undefined if it may. Pure. */
export function importProblem(file, specifier) {
  const target = targetOf(file, specifier);
  return target === undefined
    ? libraryProblem(file, specifier)
    : (folderProblem(file, target) ?? neighbourProblem(file, target) ?? floorProblem(file, target));
}

function libraryProblem(file, specifier) {
  const library = Object.keys(ONE_PLACE).find((name) => isWithin(specifier, name));
  const places = ONE_PLACE[library];
  if (places === undefined || [...places, 'tests'].some((place) => isWithin(file, place))) return undefined;
  return `'${specifier}' is imported in ${places.join(', ')} only`;
}

function folderProblem(file, target) {
  const [from] = file.split('/');
  const [to] = target.split('/');
  const allowed = FOLDERS[from];
  if (allowed === undefined || from === to || !(to in FOLDERS)) return undefined;
  if (allowed.some((folder) => isWithin(target, folder))) return undefined;
  return `${from}/ may import ${allowed.join(', ') || 'nothing of ours'}, not ${target}`;
}

function neighbourProblem(file, target) {
  for (const folder of SEPARATE) {
    if (!isWithin(file, folder) || !isWithin(target, folder)) continue;
    const [from, to] = [roomOf(folder, file), roomOf(folder, target)];
    if (from !== undefined && to !== undefined && from !== to)
      return `${folder}/${from} must not import ${folder}/${to}`;
  }
  return undefined;
}

/** Tests and their tools may reach up: they set the scene with whatever there is. */
function floorProblem(file, target) {
  if (/\.test\.ts$|\/testing\//.test(file)) return undefined;
  for (const [folder, floors] of Object.entries(FLOORS)) {
    if (!isWithin(file, folder) || !isWithin(target, folder)) continue;
    const from = roomOf(folder, file);
    const to = roomOf(folder, target);
    if (from === to || from === undefined) continue;
    if (to === undefined)
      return `${file} must not import ${target}: it stands above all floors of ${folder}/`;
    const [fromFloor, toFloor] = [from, to].map((room) => floors.findIndex((floor) => floor.includes(room)));
    const unlisted = [from, to].find((room, at) => [fromFloor, toFloor][at] === -1);
    if (unlisted !== undefined) return `${folder}/${unlisted} has no floor in scripts/lint/layout.js`;
    if (toFloor >= fromFloor)
      return `${folder}/${from} (floor ${fromFloor + 1}) must not import ${folder}/${to} (floor ${toFloor + 1})`;
  }
  return undefined;
}

/** The folder below `folder` that a file stands in; undefined for a file of `folder` itself. */
function roomOf(folder, file) {
  const rest = file.slice(folder.length + 1).split('/');
  return rest.length > 1 ? rest[0] : undefined;
}

function isWithin(path, folder) {
  return `${path}/`.startsWith(`${folder}/`);
}
