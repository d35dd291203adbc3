import { temporaryDirectory } from '../../support/server-process.ts';
import { slotsOf } from '../../../edge/scheduler/slots.ts';
import { startEdgeProcess } from '../edge-process.ts';
import { median } from '../in-turns.ts';
import { startCentralWithBroker, type CentralProcess } from '../pipeline/central-process.ts';
import { usageOf } from '../process-usage.ts';
import { atMost } from '../report/bar.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { Section, Table } from '../report/section.ts';
import { sleep, until } from '../sleep.ts';
import type { Round } from '../snmp/device-messages.ts';
import { snmpSwitches } from '../snmp/collector-config.ts';
import { SimulatedDevices } from '../snmp/devices.ts';

const DEVICES = 200;
const DEAD = 50;
const PORTS = 48;
const INTERVAL_S = 60;
/** With dead devices only the time of a cycle is measured, so the cycles may be shorter. */
const FAST_INTERVAL_S = 10;
const START_LIMIT_S = 60;
/** Twelve cycles of each: the time of a cycle varies by a tenth. */
const SHORTEST_FAST_WINDOW_S = 120;
const MIN_ROUNDS = 3;
const CALM_S = 3;

interface Cost {
  readonly windowS: number;
  readonly cpuRatio: number;
  readonly rssMiB: number;
  /** Since its start. */
  readonly peakMiB: number;
  readonly points: number;
}

interface Cycles {
  readonly what: string;
  readonly cycleMs: number;
  readonly deviceMs: number;
  readonly rounds: readonly Round[];
}

interface Stage {
  readonly dist: string;
  readonly directory: string;
  readonly central: CentralProcess;
  readonly brokerPort: number;
  readonly seconds: number;
}

/** The switches run in another process, so that CPU and memory are those of the edge alone. */
export const snmpSection: Section = {
  name: 'snmp',
  about: `an edge agent that polls ${DEVICES} switches of ${PORTS} ports every ${INTERVAL_S} s, and beside dead ones`,
  run: async ({ dist, seconds }) => {
    const scratch = temporaryDirectory('bench-snmp');
    try {
      const { central, brokerPort } = await startCentralWithBroker({
        dist,
        directory: scratch.path,
        agents: [COST_AGENT, ...Object.values(CYCLE_AGENTS)],
      });
      try {
        const stage = { dist, directory: scratch.path, central, brokerPort, seconds };
        const cost = await costOf(stage);
        const cycles = await cyclesOf(stage);
        return resultOf(cost, cycles);
      } finally {
        await central.stop();
      }
    } finally {
      scratch.remove();
    }
  },
};

const COST_AGENT = 'snmp-cost';
/** Their cycles are half an interval apart, so that neither slows the other down. */
const CYCLE_AGENTS = {
  living: agentAt(0, 'living'),
  withDead: agentAt(FAST_INTERVAL_S * 500, 'with-dead'),
};

function agentAt(offsetMs: number, prefix: string): string {
  const intervalMs = FAST_INTERVAL_S * 1_000;
  for (let number = 0; ; number++) {
    const agent = `${prefix}-${number}`;
    const { firstGapMs } = slotsOf(`${agent}/snmp`, intervalMs);
    if (Math.abs((firstGapMs % intervalMs) - offsetMs - intervalMs / 20) < intervalMs / 20) return agent;
  }
}

/** At the real interval: as many devices read their slow tables in the window as in any minute. */
async function costOf({ dist, directory, central, brokerPort, seconds }: Stage): Promise<Cost> {
  const devices = await SimulatedDevices.start(dist, { devices: DEVICES, ports: PORTS, dead: 0 });
  try {
    const edge = await startEdgeProcess({
      dist,
      directory,
      agent: COST_AGENT,
      brokerPort,
      collectors: [collector(devices.ports, INTERVAL_S)],
      isReady: async () => (await central.storedPoints(COST_AGENT)) > 0,
    });
    try {
      await until('the first readings of all ports are stored', START_LIMIT_S, async () => {
        return (await central.storedPoints(COST_AGENT)) >= DEVICES * PORTS;
      });
      await sleep(CALM_S);
      const windowS = Math.ceil(seconds / INTERVAL_S) * INTERVAL_S;
      const pointsBefore = await central.storedPoints(COST_AGENT);
      const before = usageOf(edge.pid);
      const startMs = performance.now();
      await sleep(windowS);
      const elapsedS = (performance.now() - startMs) / 1_000;
      const after = usageOf(edge.pid);
      const points = (await central.storedPoints(COST_AGENT)) - pointsBefore;
      // Devices that fail cost little: without all of their ports the figures would be wrong.
      const expected = (DEVICES * PORTS * windowS) / INTERVAL_S;
      if (points < expected) throw new Error(`${points} points stored of at least ${expected}`);
      const { rssMiB, peakRssMiB: peakMiB } = after;
      return { windowS, cpuRatio: (after.cpuS - before.cpuS) / elapsedS, rssMiB, peakMiB, points };
    } finally {
      await edge.dispose();
    }
  } finally {
    await devices.stop();
  }
}

/** The same devices alone and together with dead ones, each set with its own agent, in one window. */
async function cyclesOf(stage: Stage): Promise<Cycles[]> {
  const cases = [
    { what: `${DEVICES - DEAD} living`, agent: CYCLE_AGENTS.living, dead: 0 },
    { what: `${DEVICES - DEAD} living and ${DEAD} silent`, agent: CYCLE_AGENTS.withDead, dead: DEAD },
  ];
  const disposals: (() => Promise<void>)[] = [];
  try {
    const watched: { what: string; devices: SimulatedDevices }[] = [];
    for (const { what, agent, dead } of cases) {
      const options = { devices: DEVICES - DEAD + dead, ports: PORTS, dead };
      const devices = await SimulatedDevices.start(stage.dist, options);
      disposals.push(() => devices.stop());
      watched.push({ what, devices });
      const edge = await startEdgeProcess({
        ...stage,
        agent,
        collectors: [collector(devices.ports, FAST_INTERVAL_S)],
        isReady: () => Promise.resolve(true),
      });
      disposals.push(() => edge.dispose());
    }
    // After two polls without an answer, only sysUpTime of the dead ones is polled.
    const isUnderWay = async (): Promise<boolean> =>
      (await Promise.all(watched.map(({ devices }) => devices.rounds()))).every(
        (rounds) => rounds.length >= MIN_ROUNDS,
      );
    await until('both agents poll', (MIN_ROUNDS + 3) * FAST_INTERVAL_S + START_LIMIT_S, isUnderWay);
    for (const { devices } of watched) devices.reset();
    await sleep(Math.max(SHORTEST_FAST_WINDOW_S, stage.seconds));
    return await Promise.all(
      watched.map(async ({ what, devices }) => {
        const rounds = await devices.rounds();
        return {
          what,
          cycleMs: median(rounds.map(({ durationMs }) => durationMs)),
          deviceMs: median(rounds.map(({ deviceMs }) => deviceMs)),
          rounds,
        };
      }),
    );
  } finally {
    for (const dispose of disposals.reverse()) await dispose();
  }
}

function collector(ports: readonly number[], intervalS: number): object {
  return { kind: 'snmp', intervalMs: intervalS * 1_000, ...snmpSwitches(ports) };
}

function resultOf(cost: Cost, cycles: readonly Cycles[]) {
  const [living, withDead] = cycles;
  const slowerPct =
    living === undefined || withDead === undefined
      ? undefined
      : (withDead.cycleMs / living.cycleMs - 1) * 100;
  return {
    tables: [costTable(cost), cyclesTable(cycles)],
    figures: { cost, cycles },
    bars: [
      atMost('snmp, 200 × 48 ports a minute: CPU', 4.5, '% of one core', cost.cpuRatio * 100),
      atMost('snmp, 200 × 48 ports a minute: memory', 150, 'MiB', cost.peakMiB),
      atMost('snmp, beside dead devices: slower by', 10, '%', slowerPct),
    ],
  };
}

function costTable({ windowS, cpuRatio, rssMiB, peakMiB, points }: Cost): Table {
  return {
    title: `SNMP: ${DEVICES} switches × ${PORTS} ports every ${INTERVAL_S} s, ${windowS} s`,
    head: ['what', '% of one core', 'MiB at the end', 'peak MiB since start', 'points stored a minute'],
    rows: [
      [
        'edge agent',
        percent(cpuRatio),
        quantity(rssMiB),
        quantity(peakMiB),
        quantity((points / windowS) * 60),
      ],
    ],
  };
}

function cyclesTable(cycles: readonly Cycles[]): Table {
  return {
    title: `SNMP: one cycle over ${DEVICES - DEAD} living switches, as they see it, in the same window (every ${FAST_INTERVAL_S} s)`,
    head: ['what', 'cycle ms', 'one device ms', 'requests a cycle', 'cycles'],
    rows: cycles.map(({ what, cycleMs, deviceMs, rounds }) => [
      what,
      quantity(cycleMs),
      quantity(deviceMs),
      quantity(median(rounds.map(({ requests }) => requests))),
      String(rounds.length),
    ]),
  };
}
