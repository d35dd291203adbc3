import type { SetupUse, Surroundings } from './choice.ts';

/** `central.yaml`: Mosquitto and InfluxDB beside central. Pure. */
export function centralYaml(use: SetupUse, surroundings: Surroundings, hasInventory: boolean): string {
  const { configPath, secretsPath, brokerHost, storeHost } = surroundings;
  return `# Wardwatch central, made by wardwatch setup. Every setting: examples/central.yaml; guide: docs/central.md.
${use === 'systemd' ? `# After a change: wardwatch central --config ${configPath}/central.yaml --check\n` : ''}dataDirectory: /var/lib/wardwatch

api:
  host: 0.0.0.0
  port: 8443
  tls:
    certFile: ${secretsPath}/server.crt
    keyFile: ${secretsPath}/server.key

broker:
  kind: external
  url: mqtts://${brokerHost}:8883
  username: central
  password: { file: ${secretsPath}/central-mqtt-password }
  tls:
    caFile: ${secretsPath}/ca.crt
${use === 'systemd' ? embeddedBroker(secretsPath) : ''}
store:
  kind: influx
  url: http://${storeHost}:8086
  database: wardwatch
  username: central
  password: { file: ${secretsPath}/influx-central-password }
${use === 'systemd' ? EMBEDDED_STORE : ''}${hasInventory ? `\ninventoryFile: ${configPath}/inventory.yaml\n` : ''}
# Where days begin.
timeZone: Asia/Ho_Chi_Minh

# Central takes it as an administrator's token as long as it has no token at all. Once you have made one of your own, delete this line and
# the file, and revoke it (wardwatch tokens).
firstTokenFile: ${secretsPath}/first-token

${notifySection(use, surroundings)}`;
}

const embeddedBroker = (
  secretsPath: string,
): string => `# Without Mosquitto: a broker inside central, whose passwords are made with wardwatch agents add.
# broker:
#   kind: embedded
#   host: 0.0.0.0
#   port: 8883
#   tls:
#     certFile: ${secretsPath}/server.crt
#     keyFile: ${secretsPath}/server.key
`;

const EMBEDDED_STORE = `# Without InfluxDB, and so without Grafana: a store inside central.
# store:
#   kind: duckdb
`;

/** On a machine nobody can be told before somebody says who; the containers have an Alertmanager. */
function notifySection(use: SetupUse, { configPath, alertmanagerAddresses }: Surroundings): string {
  const title = '# Who is told of alerts, here a Prometheus Alertmanager; other ways: docs/notify.md.\n';
  const section = `notify:\n  directory: ${configPath}/notify\n  allowTargets: [${alertmanagerAddresses}]\n`;
  if (use === 'compose') return title + section;
  return `${title}# Until such a section is in force, nobody is told.\n${section.replace(/^(?=.)/gm, '# ')}`;
}

export function alertmanagerChannel({ alertmanagerUrl }: Surroundings): string {
  return `# Prometheus Alertmanager (docs/notify.md). Its own configuration: alertmanager/alertmanager.yml.
kind: alertmanager
url: ${alertmanagerUrl}
canary: true
`;
}

export const ROUTES_YAML = `# Who is told of what (docs/notify.md; more in examples/notify/routes.yaml).
routes:
  - name: everything
    channels: [alertmanager]
`;
