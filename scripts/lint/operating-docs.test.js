import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './layout.js';

const RULES = join(root, 'central/alerts/rules/shipped');
const PAGE = readFileSync(join(root, 'docs/operating.md'), 'utf8');
/** What central and agents say of themselves. */
const OWN_MEASUREMENTS = ['agent', 'canary', 'canary_hop', 'pipeline'];

it('every alarm about Wardwatch itself has exactly one row that says what to do at 03:00, and no row lacks its rule', () => {
  const own = readdirSync(RULES)
    .map((file) => [file.replace('.yaml', ''), parse(readFileSync(join(RULES, file), 'utf8'))])
    .filter(
      ([id, { kind, measurement }]) =>
        /^(agent|central)_/.test(id) || kind === 'agent_problem' || OWN_MEASUREMENTS.includes(measurement),
    )
    .map(([id]) => id);
  const section = PAGE.slice(PAGE.indexOf('\n## At 03:00\n'));
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.map((row) => row.split('`')[1]).toSorted()).toEqual(own.toSorted());
  for (const row of rows) expect(row).toMatch(/^\| `\w+` \| .{10,} \| .{5,} \|$/);
});

it('behind a reverse proxy the nightly backup and every command of the guide find central where it then listens', () => {
  const unit = readFileSync(join(root, 'packaging/systemd/wardwatch-backup.service'), 'utf8');
  const section = PAGE.slice(PAGE.indexOf('\n## Reverse proxy\n'), PAGE.indexOf('\n## Certificates\n'));
  const { api } = parse(/```yaml\n([\s\S]*?)```/.exec(section)[1]);
  const url = `http://${api.host}:${api.port}`;
  expect(section).toContain(`proxy_pass ${url};`);
  expect(section).toContain(
    `'Environment=WARDWATCH_URL=${url}' > /etc/systemd/system/wardwatch-backup.service.d/`,
  );
  expect(section).toContain(`\nexport WARDWATCH_URL=${url}\n`);
  // Nothing has the address fixed.
  expect(unit).toMatch(/^Environment=WARDWATCH_URL=https:\/\/localhost:8443$/m);
  expect(/^ExecStart=.*$/m.exec(unit)[0]).toMatch(/ --url "\$\$WARDWATCH_URL" /);
  expect(PAGE.match(/https:\/\/localhost:8443/g)).toHaveLength(1);
  expect(PAGE).not.toMatch(/--url (?!"\$WARDWATCH_URL"|https:\/\/wardwatch\.example\.vn)/);
});
