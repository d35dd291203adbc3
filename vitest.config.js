import { defineConfig } from 'vitest/config';
import { FOLDERS } from './scripts/lint/layout.js';
import { yamlForTests } from './scripts/yaml-import.js';

const folders = `{${Object.keys(FOLDERS)
  .filter((folder) => folder !== 'tests')
  .join(',')}}`;

/** They wait for minutes, at next to no work for the machine, and hold nothing to a bound of time: side by side. */
const WAITING = [
  'tests/e2e/agent-config.test.ts',
  'tests/e2e/agent-config-mosquitto.test.ts',
  'tests/e2e/notify.test.ts',
  ...[
    'agent-clock-steps',
    'central-paused',
    'confirmed-loss',
    'hostile-speed-server',
    'influx-own-limits',
    'pushed-config-asks-for-secrets-and-local-pages',
    'store-away',
    'store-file-damaged',
    'two-agents-with-one-id',
  ].map((name) => `tests/abuse/${name}.test.ts`),
];

const e2e = {
  globalSetup: ['tests/support/global-setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
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
          exclude: [...WAITING, 'tests/grafana/node_modules/**'],
          fileParallelism: false,
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
    ],
  },
});
