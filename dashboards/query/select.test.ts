import { describe, expect, it } from 'vitest';
import { last, max, mean, perSecond, sum, tagValue, value } from './column.ts';
import { field, tag } from './condition.ts';
import { select } from './select.ts';

const UNIT = { name: 'unit' };

describe('a query', () => {
  it('over time has a step of the panel and gaps where nothing came', () => {
    const query = select('unit_state', max('devices_down')).where(tag('unit').isIn(UNIT)).by('unit').series();
    expect(query.text).toBe(
      'SELECT max("devices_down") AS "devices_down" FROM /^unit_state${level:raw}$/ WHERE "unit" =~ /^${unit:regex}$/ AND $timeFilter ' +
        'GROUP BY time($__interval), "unit" fill(null) SLIMIT 100',
    );
    expect(query).toMatchObject({
      format: 'time_series',
      measurement: 'unit_state',
      tags: ['unit'],
      variables: ['unit'],
    });
  });

  it('over time or of the chosen time is asked of minutes and hours as well: the variable says of which', () => {
    const query = select('unit_state', mean('completeness_pct'));
    expect(query.series().older).toEqual([
      'SELECT sum("completeness_pct#sum") / sum("completeness_pct#count") AS "completeness_pct" ' +
        'FROM "wardwatch_minute"./^unit_state${level:raw}$/ WHERE $timeFilter GROUP BY time($__interval) fill(null)',
      'SELECT sum("completeness_pct#sum") / sum("completeness_pct#count") AS "completeness_pct" ' +
        'FROM "wardwatch_hour"./^unit_state${level:raw}$/ WHERE $timeFilter GROUP BY time(${step:raw}) fill(null)',
    ]);
    expect(query.table().older).toHaveLength(2);
    const none = [
      query.now(),
      select('unit_state', value('completeness_pct')).rows(5),
      query.where(field('state').is('up')).series(),
      select('unit_state', mean('completeness_pct'), last('state')).table(),
    ];
    expect(none.map(({ older }) => older)).toEqual([[], [], [], []]);
    expect(none[2]?.text).toContain('FROM "unit_state" ');
  });

  it('of now asks for the end of the chosen time alone, so that nothing dead looks alive', () => {
    expect(
      select('unit_state', last('state_code', { as: 'state' }))
        .by('unit')
        .now().text,
    ).toBe(
      'SELECT last("state_code") AS "state" FROM "unit_state" WHERE $timeFilter AND time > ${__to}ms - 5m GROUP BY "unit"',
    );
  });

  it('of rows has the newest first, and no more than asked', () => {
    const query = select('alert_event', value('event'), tagValue('rule')).where(field('event').is('fired'));
    expect(query.rows(50).text).toBe(
      `SELECT "event", "rule" FROM "alert_event" WHERE "event" = 'fired' AND $timeFilter ORDER BY time DESC LIMIT 50`,
    );
  });

  it('quotes what a condition compares with', () => {
    const conditions = [tag('host').is("o'x"), tag('host').isOneOf(['a', 'b']), tag('collector').isAbsent()];
    expect(conditions.map(({ text }) => text)).toEqual([
      String.raw`"host" = 'o\'x'`,
      `("host" = 'a' OR "host" = 'b')`,
      `"collector" = ''`,
    ]);
  });

  it('does not change when another one is made of it', () => {
    const all = select('cpu', mean('usage_active'));
    all.where(tag('cpu').is('cpu-total'));
    expect(all.table().text).not.toContain('cpu-total');
  });
});

/** Never run: the compiler checks it. */
export function whatDoesNotCompile(): void {
  // @ts-expect-error no such measurement
  select('unit_states', max('devices_down'));
  // @ts-expect-error no such field
  select('unit_state', max('devices_dwn'));
  // @ts-expect-error a field of another measurement
  select('unit_state', max('usage_active'));
  // @ts-expect-error there is no mean of a text
  select('unit_state', mean('state'));
  // @ts-expect-error there is no sum of a flag
  select('device', sum('up'));
  // @ts-expect-error no such tag
  select('unit_state', max('devices_down')).by('ward');
  // @ts-expect-error a field is not grouped by
  select('unit_state', max('devices_down')).by('state');
  // @ts-expect-error no such tag
  select('unit_state', max('devices_down')).where(tag('ward').is('x'));
  // @ts-expect-error no such field
  select('unit_state', max('devices_down')).where(field('ward').is('x'));
  // @ts-expect-error fields are no tags
  select('unit_state', tagValue('state'));
  // @ts-expect-error a rate needs a unit or a label of its own
  perSecond('bytes_recv');
  select('unit_state', last('state'), max('devices_down'))
    .where(tag('unit').is('26734'), field('state').is('down'))
    .by('unit');
  select('sensors', last('fan_input'));
}
