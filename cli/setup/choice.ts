import type { SetupHost } from './hosts.ts';

/** What the files are for: services of this machine, or the containers of docker-compose.yml. */
export const USES = ['systemd', 'compose'] as const;
export type SetupUse = (typeof USES)[number];

/** What whoever runs setup decides. */
export interface SetupChoice {
  readonly use: SetupUse;
  /** Under which agents, browsers and operators reach the city, the first of them first. Never empty. */
  readonly hosts: readonly SetupHost[];
  /** Ids of agents that get a folder of their own. */
  readonly agents: readonly string[];
  /** How many units of the simulated city have passwords and an inventory; 0: none. */
  readonly demoUnits: number;
}

/** Where the services find what setup made, and each other. */
export interface Surroundings {
  /** Of `central.yaml` and what lies beside it, below the folder: empty, or with a slash at its end. */
  readonly configFolder: string;
  /** The same as central sees it. */
  readonly configPath: string;
  /** Of the folder `secrets`, as the services see it. */
  readonly secretsPath: string;
  readonly brokerHost: string;
  readonly storeHost: string;
  readonly alertmanagerUrl: string;
  /** Addresses at which notify may find Alertmanager. */
  readonly alertmanagerAddresses: string;
}

/** Of the network that docker-compose.yml makes. */
export const COMPOSE_SUBNET = '10.207.26.0/24';
/** The agent of the machine itself in docker-compose.yml. */
export const COMPOSE_AGENT = 'host-1';
/** The user of the broker's health check; a dot, so that no agent can have its name. */
export const HEALTH_USER = 'wardwatch.health';
/** What the server certificate is good for beside the hosts that were given. */
export const OWN_HOSTS = ['localhost', '127.0.0.1', '::1', 'mosquitto', 'central', 'grafana', 'influxdb'];

/** Pure. `directory` is absolute. */
export function surroundingsOf(use: SetupUse, directory: string): Surroundings {
  switch (use) {
    case 'systemd':
      return {
        ...{ configFolder: '', configPath: directory, secretsPath: `${directory}/secrets` },
        ...{ brokerHost: 'localhost', storeHost: 'localhost' },
        ...{ alertmanagerUrl: 'http://127.0.0.1:9093', alertmanagerAddresses: '127.0.0.1' },
      };
    case 'compose':
      return {
        ...{ configFolder: 'central/', configPath: '/etc/wardwatch', secretsPath: '/run/secrets' },
        ...{ brokerHost: 'mosquitto', storeHost: 'influxdb' },
        ...{ alertmanagerUrl: 'http://alertmanager:9093', alertmanagerAddresses: COMPOSE_SUBNET },
      };
  }
}
