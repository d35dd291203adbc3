import { defineConfig } from 'vitest/config';
import { FOLDERS } from './scripts/lint/layout.js';

const folders = `{${Object.keys(FOLDERS)
  .filter((folder) => folder !== 'tests')
  .join(',')}}`;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${folders}/**/*.test.ts`, 'scripts/**/*.test.js'],
          testTimeout: 10_000,
          // A process a file takes as long as the tests themselves; nothing here keeps state in modules.
          isolate: false,
          // Vitest leaves one core free, which of two is half of them.
          maxWorkers: '100%',
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/**/*.test.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
