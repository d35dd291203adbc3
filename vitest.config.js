import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import { FOLDERS } from './scripts/lint/layout.js';
import { yamlForTests } from './scripts/yaml-import.js';

const folders = `{${Object.keys(FOLDERS)
  .filter((folder) => folder !== 'tests')
  .join(',')}}`;

/** They wait for minutes, at next to no work for the machine, but hold something to a bound of time: beside each other only. */
const WAITING = abuse([
  'agent-clock-steps',
  'central-clock-steps',
  'central-paused',
  'confirmed-loss',
  'hostile-speed-server',
  'influx-own-limits',
  'malformed-modem-answers',
  'store-away',
  'two-agents-with-one-id',
]);

/** They load the machine on purpose, or hold something to a bound that a busy machine would break: nothing runs beside them. */
const ALONE = [
  // Its queues have to be empty within a time.
  'tests/chaos/chaos.test.ts',
  ...abuse([
    'api-flood',
    'api-slowloris',
    'deep-json',
    'few-open-files',
    'foreign-device-claims',
    'fuzz',
    'malformed-snmp-answers',
    'memory-short',
    'one-agent-floods',
    'one-agent-with-made-up-series',
    'password-guessing',
    'silent-connections',
    'slow-tls-handshakes',
    'stolen-agent-password',
  ]),
  ...[
    'board',
    'broker',
    'cellular-mmcli',
    'fleet-cut',
    'internet-speed',
    'internet-speed-line',
    'path',
    'publisher',
    'publisher-mosquitto',
    'slow-line',
    'status-page',
  ].map((name) => `tests/e2e/${name}.test.ts`),
];

/** They take longest: one that began last would go on alone when the others have ended. */
const LONG = [
  ...abuse(['central-clock-steps', 'store-file-damaged', 'store-fails']),
  ...['agent-config', 'city-alerts', 'rehearse', 'start'].map((name) => `tests/e2e/${name}.test.ts`),
];

class LongFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }) => LONG.some((name) => moduleId.endsWith(`/${name}`));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

function abuse(names) {
  return names.map((name) => `tests/abuse/${name}.test.ts`);
}

const e2e = {
  globalSetup: ['tests/support/global-setup.ts'],
  expect: { poll: { timeout: 30_000 } },
  // For a test that hangs, and for a machine that is some times slower.
  testTimeout: 240_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        plugins: [yamlForTests()],
        test: {
          name: 'unit',
          include: [`${folders}/**/*.test.ts`, '{scripts,packaging}/**/*.test.js'],
          // For a test that hangs; on a slow disk one with many transactions takes its time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A process a file takes as long as the tests themselves; nothing here keeps state in modules.
          isolate: false,
          // Vitest leaves one core free, which of two is half of them.
          maxWorkers: '100%',
        },
      },
      {
        plugins: [yamlForTests()],
        test: {
          ...e2e,
          name: 'e2e',
          include: ['tests/**/*.test.ts'],
          exclude: [...WAITING, ...ALONE, 'tests/grafana/node_modules/**'],
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [yamlForTests()],
        test: {
          ...e2e,
          name: 'e2e-waiting',
          include: WAITING,
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
        },
      },
      {
        plugins: [yamlForTests()],
        test: {
          ...e2e,
          name: 'e2e-alone',
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
