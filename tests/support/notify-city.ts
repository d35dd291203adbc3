import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../../contract/sample.ts';
import { CentralProgram } from './central-program.ts';
import { RawAgent } from './raw-agent.ts';

export const AGENT = 'gw-1';
export const RULE = 'line_loss';

/** Of `line_loss`: at once, and clear at once. */
const RULE_FILE = `kind: threshold
name: { en: Line loses packets, vi: Đường truyền mất gói }
action: { en: Call the carrier., vi: Gọi nhà mạng. }
eventType: quality_of_service
probableCause: degraded_signal
measurement: ping
field: percent_packet_loss
entity: [url]
across: newest
interval: 1s
op: above
for: 0s
clearFor: 0s
levels: [{ severity: minor, raise: 30, clear: 20 }, { severity: critical, raise: 90, clear: 80 }]
`;

/** Central with one channel that is told of one rule, and an agent; central may be killed and started again. */
export class NotifyCity {
  readonly #directory: string;
  readonly #channel: object;
  #central: CentralProgram | undefined;
  #agent: RawAgent | undefined;
  #sentBatches = 0;

  constructor(directory: string, channel: object) {
    this.#directory = directory;
    this.#channel = channel;
  }

  get central(): CentralProgram {
    if (this.#central === undefined) throw new Error('central does not run');
    return this.#central;
  }

  async start(): Promise<void> {
    const [rulesDirectory, notify] = ['rules', 'notify'].map((name) => join(this.#directory, name));
    for (const directory of [rulesDirectory, notify]) mkdirSync(directory ?? '', { recursive: true });
    writeFileSync(join(rulesDirectory ?? '', `${RULE}.yaml`), RULE_FILE);
    writeFileSync(join(notify ?? '', 'noc.yaml'), JSON.stringify(this.#channel));
    const routes = [{ name: 'lines', rules: [RULE], channels: ['noc'] }];
    writeFileSync(join(notify ?? '', 'routes.yaml'), JSON.stringify({ groupWindow: '0s', routes }));
    this.#central = await CentralProgram.start({
      directory: this.#directory,
      agents: [AGENT],
      settings: { rulesDirectory, notify: { directory: notify, allowTargets: ['127.0.0.1'] } },
    });
    this.#agent = await RawAgent.connect(this.#central.brokerUrl, AGENT);
    this.#agent.continueAfter(this.#sentBatches);
  }

  /** Resolves when central has stored it, and so has judged it. */
  async measure(lossPercent: Readonly<Record<string, number>>): Promise<void> {
    const agent = this.#agent;
    if (agent === undefined) throw new Error('there is no agent');
    const timeMs = Date.now();
    const samples = Object.entries(lossPercent).map(([url, loss]): Sample => ({
      measurement: 'ping',
      tags: { url },
      fields: { percent_packet_loss: loss },
      timeMs,
    }));
    const seq = agent.send(samples);
    this.#sentBatches = seq;
    await agent.untilStored(seq);
  }

  async kill(): Promise<void> {
    this.#agent?.end();
    await this.#central?.end('SIGKILL');
    this.#central = undefined;
  }

  async stop(): Promise<void> {
    this.#agent?.end();
    await this.#central?.end('SIGTERM');
    this.#central = undefined;
  }
}
