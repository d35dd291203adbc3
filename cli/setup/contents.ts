import type { Identity } from './certificates.ts';
import { alertmanagerChannel, centralYaml, ROUTES_YAML } from './central-yaml.ts';
import { ALERTMANAGER_YML } from './alertmanager-yml.ts';
import { COMPOSE_AGENT, COMPOSE_SUBNET, HEALTH_USER, surroundingsOf, type SetupChoice } from './choice.ts';
import { composeEdgeYaml, edgeYaml } from './edge-yaml.ts';
import type { SetupHost } from './hosts.ts';
import { influxUsers } from './influx-users.ts';
import { agentFolder, CA_CERT, CA_KEY, SERVER_CERT, SERVER_KEY } from './layout.ts';
import { MOSQUITTO_ACL, mosquittoConf } from './mosquitto-files.ts';

/** Random texts of letters, digits, `_` and `-`. */
export interface SetupSecrets {
  readonly centralMqtt: string;
  readonly health: string;
  readonly influxCentral: string;
  readonly influxGrafana: string;
  readonly grafanaAdmin: string;
  readonly firstToken: string;
  readonly edge: string;
}

/** Path below the folder → text. */
export type Contents = Readonly<Record<string, string>>;

export interface FolderParts {
  /** Absolute. */
  readonly directory: string;
  readonly choice: SetupChoice;
  readonly authority: Identity;
  readonly server: Identity;
  readonly secrets: SetupSecrets;
  /** Numeric group that containers read as. */
  readonly gid: number;
}

/** What a new folder holds, but for the broker's passwords, agents and the simulated city. Pure. */
export function folderContents(parts: FolderParts): Contents {
  const { directory, choice, authority, server, secrets } = parts;
  const surroundings = surroundingsOf(choice.use, directory);
  const { configFolder } = surroundings;
  return {
    [CA_KEY]: authority.key,
    [CA_CERT]: authority.cert,
    [SERVER_CERT]: server.cert,
    [SERVER_KEY]: server.key,
    'secrets/central-mqtt-password': `${secrets.centralMqtt}\n`,
    'secrets/influx-central-password': `${secrets.influxCentral}\n`,
    'secrets/influx-grafana-password': `${secrets.influxGrafana}\n`,
    'secrets/grafana-admin-password': `${secrets.grafanaAdmin}\n`,
    'secrets/first-token': `${secrets.firstToken}\n`,
    [`${configFolder}central.yaml`]: centralYaml(choice.use, surroundings, choice.demoUnits > 0),
    [`${configFolder}notify/alertmanager.yaml`]: alertmanagerChannel(surroundings),
    [`${configFolder}notify/routes.yaml`]: ROUTES_YAML,
    'alertmanager/alertmanager.yml': ALERTMANAGER_YML,
    ...(choice.use === 'compose' ? composeContents(parts) : systemdContents(directory, secrets)),
  };
}

function composeContents({ directory, secrets, gid }: FolderParts): Contents {
  return {
    '.env': `# For docker compose --env-file; made by wardwatch setup.
WARDWATCH_DIR=${directory}
WARDWATCH_GID=${gid}
WARDWATCH_SUBNET=${COMPOSE_SUBNET}
`,
    'secrets/mosquitto-health': `-u ${HEALTH_USER}\n-P ${secrets.health}\n`,
    'secrets/edge-password': `${secrets.edge}\n`,
    'edge/edge.yaml': composeEdgeYaml(),
  };
}

function systemdContents(directory: string, { influxCentral, influxGrafana }: SetupSecrets): Contents {
  return {
    'mosquitto/mosquitto.conf': mosquittoConf(directory),
    'mosquitto/acl': MOSQUITTO_ACL,
    'influxdb/users.iql': influxUsers({ central: influxCentral, grafana: influxGrafana }),
  };
}

/** Who may log in at a new broker, with which password. Pure. */
export function brokerUsers(
  { use }: SetupChoice,
  secrets: SetupSecrets,
): readonly (readonly [user: string, password: string])[] {
  return [
    ['central', secrets.centralMqtt],
    ...(use === 'compose'
      ? ([
          [HEALTH_USER, secrets.health],
          [COMPOSE_AGENT, secrets.edge],
        ] as const)
      : []),
  ];
}

/** What one agent's folder holds. Pure. */
export function agentContents(agent: string, password: string, caCert: string, host: SetupHost): Contents {
  const folder = agentFolder(agent);
  return {
    [`${folder}edge.yaml`]: edgeYaml(agent, host),
    [`${folder}password`]: `${password}\n`,
    [`${folder}ca.crt`]: caCert,
  };
}
