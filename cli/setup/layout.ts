import type { SetupChoice } from './choice.ts';

/** Which service may read an entry; root: nobody but root; all: it is no secret. */
export type Reader = 'root' | 'central' | 'mosquitto' | 'servers' | 'influxdb' | 'grafana' | 'edge' | 'all';

export interface LayoutEntry {
  /** Below the folder; of a directory with a slash at its end. */
  readonly path: string;
  readonly reader: Reader;
  /** Meant to be taken away once it is used, so that it may be missing. */
  readonly isPassing?: true;
}

export const MANIFEST = 'setup.json';
/** Written before everything else and gone once the manifest is there: what lies beside it was made by setup. */
export const BEGUN = 'setup.json.begun';
export const CA_KEY = 'authority/ca.key';
export const CA_CERT = 'secrets/ca.crt';
export const SERVER_CERT = 'secrets/server.crt';
export const SERVER_KEY = 'secrets/server.key';
export const BROKER_PASSWORDS = 'secrets/mosquitto.passwords';

const entries = (reader: Reader, ...paths: readonly string[]): readonly LayoutEntry[] =>
  paths.map((path) => ({ path, reader }));

const passing = (reader: Reader, ...paths: readonly string[]): readonly LayoutEntry[] =>
  paths.map((path) => ({ path, reader, isPassing: true }));

/** Everything that setup makes but its manifest, each directory before what is in it. Pure. */
export function layoutOf(choice: Pick<SetupChoice, 'use' | 'agents' | 'demoUnits'>): readonly LayoutEntry[] {
  const { use, agents, demoUnits } = choice;
  const config = use === 'compose' ? 'central/' : '';
  return [
    ...passing('root', 'authority/', CA_KEY),
    // Its files are closed each by itself: several services look for theirs here.
    ...entries('all', 'secrets/', CA_CERT, SERVER_CERT),
    ...entries('servers', SERVER_KEY),
    ...entries('mosquitto', BROKER_PASSWORDS),
    ...entries('central', 'secrets/central-mqtt-password', 'secrets/influx-central-password'),
    ...passing('central', 'secrets/first-token'),
    ...entries('grafana', 'secrets/influx-grafana-password', 'secrets/grafana-admin-password'),
    ...entries('central', ...(config === '' ? [] : [config]), `${config}central.yaml`),
    ...entries('central', `${config}notify/`),
    ...entries('central', `${config}notify/alertmanager.yaml`, `${config}notify/routes.yaml`),
    ...entries('all', 'alertmanager/', 'alertmanager/alertmanager.yml'),
    ...(use === 'compose' ? COMPOSE_ONLY : SYSTEMD_ONLY),
    ...entries('root', 'agents/'),
    ...agents.flatMap(agentLayout),
    ...(demoUnits > 0 ? demoLayout(config) : []),
  ];
}

const COMPOSE_ONLY: readonly LayoutEntry[] = [
  ...entries('all', '.env'),
  ...entries('mosquitto', 'secrets/mosquitto-health'),
  ...entries('edge', 'secrets/edge-password', 'edge/', 'edge/edge.yaml'),
];

const SYSTEMD_ONLY: readonly LayoutEntry[] = [
  ...entries('mosquitto', 'mosquitto/', 'mosquitto/mosquitto.conf', 'mosquitto/acl'),
  ...entries('influxdb', 'influxdb/', 'influxdb/users.iql'),
];

export const agentFolder = (agent: string): string => `agents/${agent}/`;

/** What is copied to an agent's machine. Pure. */
export function agentLayout(agent: string): readonly LayoutEntry[] {
  const folder = agentFolder(agent);
  return passing('root', folder, `${folder}edge.yaml`, `${folder}password`, `${folder}ca.crt`);
}

function demoLayout(config: string): readonly LayoutEntry[] {
  return entries('central', 'secrets/fleet-secret', `${config}inventory.yaml`);
}
