import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CentralProgram, type CentralOptions } from './central-program.ts';
import { GOOD_AGENT_RULE, GOOD_AGENT_RULE_ID, GoodAgent } from './good-agent.ts';
import { RawAgent, type ConnectFrom } from './raw-agent.ts';
import { temporaryDirectory } from './server-process.ts';

export interface CityOptions extends Omit<CentralOptions, 'directory' | 'agents'> {
  /** Agents with a password that the attack may use. */
  readonly attackers?: readonly string[];
  /** Rules besides the shipped ones and that of the good agents: id and YAML. */
  readonly rules?: Readonly<Record<string, string>>;
  /** What `central.yaml` names as `inventoryFile`. */
  readonly inventory?: object;
  /** What agents trust at the broker, PEM; only where `broker` has TLS. */
  readonly ca?: string;
}

/**
 * A real central as a process, with good agents that notice what an attack does to them:
 *
 *     const city = await startCity('flood', { attackers: ['gw-26740-01'] });
 *     const witness = await city.goodAgent();
 *     // the attack
 *     await witness.expectUnharmed();
 *     await city.stop();
 */
export interface City {
  readonly central: CentralProgram;
  readonly directory: string;
  /** Connects the next good agent, each from an address of its own (127.0.1.x). */
  goodAgent(): Promise<GoodAgent>;
  /** Connects one of the attackers. */
  attacker(name: string, from?: ConnectFrom): Promise<RawAgent>;
  /** Ends central and all agents, and removes the files. */
  stop(): Promise<void>;
}

const GOOD_AGENTS = Array.from({ length: 20 }, (_, index) => `gw-good-${index + 1}`);

export async function startCity(name: string, options: CityOptions = {}): Promise<City> {
  const { attackers = [], rules = {}, inventory, ca, settings = {}, ...rest } = options;
  const scratch = temporaryDirectory(`abuse-${name}`);
  const rulesDirectory = join(scratch.path, 'rules');
  mkdirSync(rulesDirectory);
  for (const [id, yaml] of Object.entries({ [GOOD_AGENT_RULE_ID]: GOOD_AGENT_RULE, ...rules })) {
    writeFileSync(join(rulesDirectory, `${id}.yaml`), yaml);
  }
  const inventoryFile = join(scratch.path, 'inventory.json');
  if (inventory !== undefined) writeFileSync(inventoryFile, JSON.stringify(inventory));
  const central = await CentralProgram.start({
    ...rest,
    directory: scratch.path,
    agents: [...GOOD_AGENTS, ...attackers],
    settings: { rulesDirectory, ...(inventory !== undefined && { inventoryFile }), ...settings },
  });
  const trust = ca === undefined ? {} : { ca };
  const ends: (() => Promise<void> | void)[] = [];
  let goodAgents = 0;
  return {
    central,
    directory: scratch.path,
    goodAgent: async () => {
      const localAddress = `127.0.1.${goodAgents + 1}`;
      const agent = await GoodAgent.connect(central, GOOD_AGENTS[goodAgents++] ?? 'none left', {
        localAddress,
        ...trust,
      });
      ends.push(() => agent.end());
      return agent;
    },
    attacker: async (attacker, from = {}) => {
      const agent = await RawAgent.connect(central.brokerUrl, attacker, undefined, { ...trust, ...from });
      ends.push(() => agent.end());
      return agent;
    },
    stop: async () => {
      for (const end of ends) await end();
      await central.end('SIGKILL');
      scratch.remove();
    },
  };
}
