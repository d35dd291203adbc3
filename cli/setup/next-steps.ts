import type { SetupChoice } from './choice.ts';
import { hostInUrl } from './hosts.ts';

/** A step and the command for it, or what to do without one. */
export interface NextStep {
  readonly text: string;
  readonly command?: string;
}

/** After a new folder. Pure. */
export function nextSteps(
  directory: string,
  choice: SetupChoice,
  missing: readonly string[],
): readonly NextStep[] {
  const [host] = choice.hosts;
  const url = `https://${host === undefined ? 'localhost' : hostInUrl(host)}:8443`;
  return [
    ...(choice.use === 'compose' ? composeSteps(directory, choice) : systemdSteps(directory, missing)),
    {
      text: 'A link to the board, once central runs',
      command: `NODE_EXTRA_CA_CERTS=${directory}/secrets/ca.crt wardwatch page-link --url ${url} --token-file ${directory}/secrets/first-token`,
    },
    ...(choice.agents.length === 0 ? [] : [agentStep(directory)]),
    {
      text: `Keep ${directory}/authority/ca.key elsewhere: whoever has it can pose as any server here. Only --renew needs it`,
    },
  ];
}

function systemdSteps(directory: string, missing: readonly string[]): readonly NextStep[] {
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            text: `This machine has no user for ${missing.join(', ')}: once it has, see what to change with`,
            command: `wardwatch setup ${directory} --check`,
          },
        ]),
    {
      text: 'Mosquitto',
      command: `install -m 0644 ${directory}/mosquitto/mosquitto.conf /etc/mosquitto/mosquitto.conf && systemctl restart mosquitto`,
    },
    { text: 'InfluxDB, once', command: `influx < ${directory}/influxdb/users.iql` },
    {
      text: 'Whether central can start',
      command: `wardwatch central --config ${directory}/central.yaml --check`,
    },
    { text: 'Central, once its unit is installed', command: 'systemctl enable --now wardwatch-central' },
  ];
}

function composeSteps(directory: string, { demoUnits }: SetupChoice): readonly NextStep[] {
  const compose = `docker compose --env-file ${directory}/.env${demoUnits > 0 ? ' --profile demo' : ''}`;
  return [
    { text: 'Everything', command: `${compose} up --detach --build` },
    // Not `up --wait`: compose 1.29 does not know it.
    { text: 'Whether all are healthy, a minute later', command: `${compose} ps` },
  ];
}

const agentStep = (directory: string): NextStep => ({
  text: `Copy each folder in ${directory}/agents to /etc/wardwatch of its agent, then delete it here (docs/edge.md)`,
});

/** After agents were added or the certificate was renewed. Pure. */
export function changeSteps(
  directory: string,
  { use }: SetupChoice,
  change: { readonly agents: boolean; readonly renewed: boolean },
): readonly NextStep[] {
  const compose = `docker compose --env-file ${directory}/.env`;
  return [
    ...(change.renewed
      ? [
          {
            text: 'The new certificate is used after',
            command:
              use === 'compose' ? `${compose} restart` : 'systemctl restart mosquitto wardwatch-central',
          },
        ]
      : change.agents
        ? [
            {
              text: 'The broker knows the new passwords after',
              command:
                // A container goes on seeing the file that was replaced until it starts anew.
                use === 'compose' ? `${compose} restart mosquitto` : 'systemctl reload mosquitto',
            },
          ]
        : []),
    ...(change.agents ? [agentStep(directory)] : []),
  ];
}
