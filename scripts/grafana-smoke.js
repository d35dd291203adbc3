#!/usr/bin/env node
// Asks a running Grafana what a browser would: is it well, does it have every dashboard that is built here, does every query of them work.
// One line for each; exit 1 if one failed.
//   NODE_EXTRA_CA_CERTS=DIR/secrets/ca.crt node scripts/grafana-smoke.js https://localhost:3000 DIR/secrets/grafana-admin-password [DASHBOARDS]
// DASHBOARDS is the folder that Grafana was given (default dashboards/built/vi). Only reads. It has met a fake server so far, no real Grafana.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from './grafana-smoke/client.js';
import { smoke } from './grafana-smoke/smoke.js';

const DEFAULT_FOLDER = fileURLToPath(new URL('../dashboards/built/vi', import.meta.url));
const [url, passwordFile, folder = DEFAULT_FOLDER] = process.argv.slice(2);

try {
  if (url === undefined || passwordFile === undefined)
    throw new Error('usage: grafana-smoke.js URL ADMIN_PASSWORD_FILE [DASHBOARDS]');
  const client = createClient(url, { user: 'admin', password: readFileSync(passwordFile, 'utf8').trim() });
  const { failed } = await smoke(client, readDashboards(folder), (line) => console.log(line));
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  console.error(`grafana-smoke: ${error.message}`);
  process.exitCode = 2;
}

function readDashboards(directory) {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.json'),
  );
  if (files.length === 0)
    throw new Error(`${directory} has no dashboards: wardwatch dashboards build makes them`);
  return files.sort().map((file) => {
    try {
      return { file, dashboard: JSON.parse(readFileSync(join(directory, file), 'utf8')) };
    } catch (error) {
      throw new Error(`${join(directory, file)}: ${error.message}`);
    }
  });
}
