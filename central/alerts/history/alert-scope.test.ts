import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openStateDatabase } from '../../state/database.ts';
import { isInScope, scopeCondition, type AlertScope } from './alert-scope.ts';

const ids = fc.constantFrom('a', 'b', "c' OR 1=1 --", '__proto__', '"', 'é');
const list = fc.uniqueArray(ids, { maxLength: 3 });
const tags = fc.record(
  { device: ids, host: ids, agent: ids, link: ids, service: ids, other: ids },
  { requiredKeys: [] },
);
const alert = fc.record({
  unit: fc.option(ids, { nil: undefined }),
  site: fc.option(ids, { nil: undefined }),
  entity: tags,
});

it('what the database finds in a part of the city is what is in it', () => {
  const database = openStateDatabase(':memory:');
  database.migrate('test', ['CREATE TABLE alert (unit TEXT, site TEXT, entity TEXT NOT NULL)']);
  const lists = fc.record({
    units: list,
    sites: list,
    devices: list,
    agents: list,
    links: list,
    services: list,
  });
  fc.assert(
    fc.property(lists, fc.array(alert, { maxLength: 5 }), (named, alerts) => {
      const scope = Object.fromEntries(
        Object.entries(named).map(([kind, members]) => [kind, new Set(members)]),
      ) as unknown as AlertScope;
      database.prepare('DELETE FROM alert').run();
      const insert = database.prepare('INSERT INTO alert (unit, site, entity) VALUES (?, ?, ?)');
      for (const { unit, site, entity } of alerts)
        insert.run(unit ?? null, site ?? null, JSON.stringify(entity));
      const { sql, values } = scopeCondition(scope);
      const found = database
        .prepare(`SELECT rowid AS row FROM alert WHERE ${sql} ORDER BY rowid`)
        .all(...values);
      const expected = alerts.filter((each) =>
        isInScope({ ...each, unit: each.unit, site: each.site }, scope),
      );
      expect(found).toHaveLength(expected.length);
    }),
    { numRuns: 300 },
  );
  database.close();
});
