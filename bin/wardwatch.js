#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/wardwatch.js', import.meta.url);
if (!existsSync(program)) {
  process.stderr.write('wardwatch is not built yet: run "npm run build" once.\n');
  process.exit(1);
}
await import(program.href);
