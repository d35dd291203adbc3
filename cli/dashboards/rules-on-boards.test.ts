import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { panelsOf } from '../../dashboards/board.ts';
import { BOARDS } from '../../dashboards/boards/index.ts';
import { buildDashboards } from '../../dashboards/build.ts';
import { queriesOf, rulesOf } from '../../dashboards/panel/panel.ts';
import { readRuleFiles } from '../rules/rule-files.ts';
import { ruleBook } from './rule-book.ts';

const rules = ruleBook(readRuleFiles({}));
const panels = BOARDS.flatMap((board) => panelsOf(board).map((panel) => ({ board: board.uid, panel })));

describe('shipped rules and panels', () => {
  it('belong together: each rule has a panel that shows what it judges', () => {
    const onPanels = new Set(panels.flatMap(({ panel }) => rulesOf(panel)));
    expect([...rules.keys()].filter((id) => !onPanels.has(id))).toEqual([]);
  });

  it('are named as they are: no panel names a rule that is not shipped', () => {
    const missing = panels.flatMap(({ board, panel }) =>
      rulesOf(panel)
        .filter((id) => !rules.has(id))
        .map((id) => `${board}: ${panel.title.en}: ${id}`),
    );
    expect(missing).toEqual([]);
  });

  it('show the field that a rule judges, on some panel that names it', () => {
    const unseen = [...rules.values()].filter(({ id, measurement, field }) => {
      if (measurement === undefined || field === undefined) return false;
      return !panels.some(
        ({ panel }) =>
          rulesOf(panel).includes(id) &&
          queriesOf(panel).some(
            (query) =>
              query.measurement === measurement && query.columns.some(({ source }) => source === field),
          ),
      );
    });
    expect(
      unseen.map(({ id, measurement, field }) => `${id}: ${String(measurement)}.${String(field)}`),
    ).toEqual([]);
  });

  it.each(['en', 'vi'] as const)('tell in %s what to do', (language) => {
    const text = buildDashboards({ language, rules }, 'classic')
      .map((file) => file.text)
      .join('');
    const untold = [...rules.values()].filter(
      ({ action }) => !text.includes(JSON.stringify(action[language]).slice(1, -1)),
    );
    expect(untold.map(({ id }) => id)).toEqual([]);
  });
});

describe('a large number that is coloured', () => {
  const numbers = panels.flatMap(({ board, panel }) =>
    panel.draws === 'stat'
      ? panel.queries.flatMap(({ measurement, columns }) =>
          columns.map(({ source, look }) => {
            const thresholds = look.thresholds ?? panel.thresholds;
            const where = `${board}: ${panel.title.en}: ${measurement}.${source}`;
            return { panel, measurement, source, thresholds, where };
          }),
        )
      : [],
  );

  it('is no counter since a start where the growth is stored: it stays bad for months after one loss, and is good after a restart', () => {
    const counters = numbers.filter(({ measurement, source, thresholds }) => {
      const fields = CATALOGUE.get(measurement)?.fields ?? {};
      return thresholds !== 'none' && `new_${source}` in fields;
    });
    expect(counters.map(({ where }) => where)).toEqual([]);
  });

  it('by the limits of a rule is what a rule of the panel judges, if it is of the same measurement', () => {
    const others = numbers.filter(({ panel, measurement, source, thresholds }) => {
      if (thresholds === 'none' || 'steps' in thresholds) return false;
      if (rules.get(thresholds.rule)?.measurement !== measurement) return false;
      return !rulesOf(panel).some((id) => rules.get(id)?.field === source);
    });
    expect(others.map(({ where }) => where)).toEqual([]);
  });
});
