import { COMPOSE_AGENT } from './choice.ts';
import { hostInUrl, type SetupHost } from './hosts.ts';

interface EdgeSettings {
  readonly agent: string;
  readonly brokerHost: string;
  readonly passwordFile: string;
  readonly caFile: string;
  /** More lines of the collector of the machine itself. */
  readonly server?: string;
}

/** `edge.yaml` of an agent that has its password and the authority beside it in /etc/wardwatch. Pure. */
export function edgeYaml(agent: string, brokerHost: SetupHost): string {
  return edgeConfig({
    ...{ agent, brokerHost: hostInUrl(brokerHost) },
    ...{ passwordFile: '/etc/wardwatch/password', caFile: '/etc/wardwatch/ca.crt' },
  });
}

/** That of the machine on which the containers run, in a container that sees the machine's own /proc, /sys and disks. Pure. */
export function composeEdgeYaml(): string {
  return edgeConfig({
    ...{ agent: COMPOSE_AGENT, brokerHost: 'localhost' },
    ...{ passwordFile: '/run/secrets/edge-password', caFile: '/run/secrets/ca.crt' },
    server: '    procPath: /host/proc\n    sysPath: /host/sys\n    rootPath: /host/root\n',
  });
}

function edgeConfig({ agent, brokerHost, passwordFile, caFile, server = '' }: EdgeSettings): string {
  return `# Wardwatch edge agent, made by wardwatch setup. More settings: examples/edge.yaml; guide: docs/edge.md.
agent: ${agent}
# Where it stands, by the inventory:
# site: site-26737-01
# unit: '26737'
dataDirectory: /var/lib/wardwatch-edge

broker:
  url: mqtts://${brokerHost}:8883
  username: ${agent}
  passwordFile: ${passwordFile}
  tls:
    caFile: ${caFile}

collectors:
  - kind: server
    intervalMs: 10000
${server}`;
}
