import { describe, expect, it } from 'vitest';
import { centralConfigSchema } from '../../central/config/config.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { panelsOf, type Board } from '../../dashboards/board.ts';
import { BOARDS } from '../../dashboards/boards/index.ts';
import type { Link } from '../../dashboards/panel/link.ts';
import { queriesOf, type Panel } from '../../dashboards/panel/panel.ts';
import type { Query } from '../../dashboards/query/query.ts';
import { description, RAW_DAYS } from '../../dashboards/render/describe.ts';
import { readRuleFiles } from '../rules/rule-files.ts';
import { ruleBook } from './rule-book.ts';

/** What central sums up, what has few series, and what is measured a few times a day: a page of the whole city may ask for it. */
const SUMMED_UP = new Set(
  `city_state unit_state unit_traffic site_state link_state pool_state coverage alert_event alert_active alarm_quality incident
   incident_active maintenance capacity capacity_forecast pipeline canary canary_hop internet_speed`.split(
    /\s+/,
  ),
);
/** Of Grafana's own: everything else is a variable of the dashboard. */
const MACROS = new Set(['timeFilter', '__interval', '__to', 'level', 'step']);
/** Ends of the way: lists of what happened. */
const LEAVES = new Set(['Told by itself']);

interface Seen {
  readonly board: Board;
  readonly panel: Panel;
}

const rules = ruleBook(readRuleFiles({}));
const seen: readonly Seen[] = BOARDS.flatMap((board) => panelsOf(board).map((panel) => ({ board, panel })));
const queries = seen.flatMap(({ board, panel }) =>
  queriesOf(panel)
    .flatMap((query) => [query, ...query.older.map((text) => ({ ...query, text }))])
    .map((query) => ({ board, panel, query })),
);

function where({ board, panel }: Seen): string {
  return `${board.uid}: ${panel.title.en}`;
}

function offenders<Each extends Seen>(all: readonly Each[], isBad: (each: Each) => boolean): string[] {
  return all.filter(isBad).map(where);
}

function linksOf(panel: Panel): { readonly link: Link; readonly query?: Query }[] {
  if (panel.draws === 'note') return [];
  const ofPanel =
    panel.link === undefined ? [] : panel.queries.map((query) => ({ link: panel.link as Link, query }));
  const ofColumns = panel.queries.flatMap((query) =>
    query.columns.flatMap(({ look }) => (look.link === undefined ? [] : [{ link: look.link, query }])),
  );
  return [...ofPanel, ...ofColumns];
}

describe('dashboards', () => {
  it('have names and addresses of their own', () => {
    const uids = BOARDS.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
    expect(uids.filter((uid) => !/^[a-z][a-z0-9-]{1,39}$/.test(uid))).toEqual([]);
    for (const language of ['en', 'vi'] as const) {
      const titles = BOARDS.map(({ folder, title }) => `${folder}/${title[language]}`);
      expect(new Set(titles).size).toBe(titles.length);
    }
  });

  it('ask for little before anything is opened', () => {
    const asked = BOARDS.map(({ uid, rows }) => {
      const first = rows[0]?.panels ?? [];
      return { uid, targets: first.flatMap(queriesOf).length };
    });
    expect(asked.filter(({ targets }) => targets > 25)).toEqual([]);
    expect(BOARDS[0]?.rows[0]?.panels.length).toBeLessThanOrEqual(12);
  });

  it('of the whole city read what central sums up', () => {
    const raw = queries.filter(
      ({ board, query }) => board.scope === 'city' && !SUMMED_UP.has(query.measurement),
    );
    expect(raw.map((each) => `${where(each)}: ${each.query.measurement}`)).toEqual([]);
  });

  it('of one thing read that thing alone', () => {
    const raw = queries.filter(
      ({ board, query }) => board.scope === 'detail' && !SUMMED_UP.has(query.measurement),
    );
    const wide = raw.filter(
      ({ query }) => query.variables.length === 0 && !/"(server|common_name)" != ''/.test(query.text),
    );
    expect(wide.map((each) => `${where(each)}: ${each.query.text}`)).toEqual([]);
    expect(raw.length).toBeGreaterThan(50);
  });
});

describe('panels', () => {
  it('have a title of their own on their dashboard, and say what they show', () => {
    for (const language of ['en', 'vi'] as const) {
      const titles = seen.map(({ board, panel }) => `${board.uid}/${panel.draws}/${panel.title[language]}`);
      expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([]);
      expect(offenders(seen, ({ panel }) => panel.about[language].length < 5)).toEqual([]);
    }
  });

  it('ask for something, unless they are notes', () => {
    expect(offenders(seen, ({ panel }) => panel.draws !== 'note' && panel.queries.length === 0)).toEqual([]);
  });

  it('lead on: every number, curve, state and marker has a link', () => {
    const dead = seen.filter(({ panel }) => {
      if (panel.draws === 'note' || panel.draws === 'graph') return false;
      if (panel.draws === 'stat') {
        const columns = panel.queries.flatMap((query) => query.columns);
        return columns.some(({ look }) => look.link === undefined && panel.link === undefined);
      }
      return linksOf(panel).length === 0 && !LEAVES.has(panel.title.en);
    });
    expect(dead.map(where)).toEqual([]);
  });
});

describe('the worst of a number that may lie below zero', () => {
  it('is its largest and its least: a clock that is behind is as wrong as one that is ahead', () => {
    const halves = queries.filter(({ panel, query: { measurement, columns } }) => {
      const expressions = columns.map(({ expression }) => expression);
      return (
        panel.draws === 'stat' &&
        columns.some(
          ({ source, expression }) =>
            expression === `max("${source}")` &&
            (CATALOGUE.get(measurement)?.fields[source]?.min ?? -1) < 0 &&
            !expressions.includes(`min("${source}")`),
        )
      );
    });
    expect(halves.map(where)).toEqual([]);
  });
});

describe('links', () => {
  const links = seen.flatMap((each) => linksOf(each.panel).map((linked) => ({ ...each, ...linked })));
  const boards = new Map(BOARDS.map((board) => [board.uid, board]));

  it('lead to dashboards that exist, with variables that these have', () => {
    const broken = links.filter(({ link }) => {
      const variables = boards.get(link.to)?.variables.map(({ name }) => name);
      return (
        Object.keys(link.values).some((name) => variables?.includes(name) !== true) || variables === undefined
      );
    });
    expect(broken.map((each) => `${where(each)} → ${each.link.to}`)).toEqual([]);
  });

  it('take their values from what the panel asks for, or from what is chosen', () => {
    const broken = links.filter(({ board, link, query }) =>
      Object.values(link.values).some((value) => {
        if ('chosen' in value) return !board.variables.some(({ name }) => name === value.chosen);
        if ('label' in value) return query?.tags.includes(value.label) !== true;
        if ('row' in value) {
          const columns = query?.columns.map(({ name }) => name) ?? [];
          return ![...columns, ...(query?.tags ?? [])].includes(value.row);
        }
        return false;
      }),
    );
    expect(broken.map((each) => `${where(each)} → ${each.link.to}`)).toEqual([]);
  });
});

describe('queries', () => {
  it('are one statement, bounded in time, without a star', () => {
    const bad = queries.filter(
      ({ query: { text } }) => !text.includes('$timeFilter') || /;|SELECT \*/.test(text),
    );
    expect(bad.map(({ query }) => query.text)).toEqual([]);
  });

  it('use variables of their dashboard, as an expression that is escaped', () => {
    const bad = queries.filter(({ board, query: { text } }) => {
      const known = new Set(board.variables.map(({ name }) => name));
      const used = [...text.matchAll(/\$\{?(\w+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !MACROS.has(name));
      const rest = text.replace(/=~ \/\^\$\{\w+:regex\}\$\//g, '');
      return used.some((name) => !known.has(name)) || used.some((name) => rest.includes(`\${${name}`));
    });
    expect(bad.map(({ query }) => query.text)).toEqual([]);
  });

  it('of rows have a limit', () => {
    const rows = queries.filter(({ query: { text } }) => text.includes('ORDER BY'));
    expect(rows.filter(({ query: { text } }) => !/ LIMIT \d{1,3}$/.test(text))).toEqual([]);
  });

  it('of variables are chained to variables before them', () => {
    const bad = BOARDS.flatMap(({ uid, variables }) =>
      variables.flatMap(({ name, query }, at) => {
        const before = variables.slice(0, at).map((variable) => variable.name);
        const used = [...query.matchAll(/\$\{(\w+)/g)].map(([, each = '']) => each);
        return used.every((each) => before.includes(each)) ? [] : [`${uid}: ${name}`];
      }),
    );
    expect(bad).toEqual([]);
  });
});

describe('what is asked of the chosen time', () => {
  it('goes as far back as minutes and hours do, wherever these have it', () => {
    const ofSamples = queries.filter(
      ({ query: { text, older } }) => older.length === 0 && !text.includes('${__to}'),
    );
    const wrong = ofSamples.filter(({ query: { columns, text } }) => {
      const hasOnlyKept = columns.every(({ older }) => older !== undefined);
      return hasOnlyKept && !/ WHERE .*"(event|success|severity|open)" /.test(text);
    });
    expect(wrong.map(where)).toEqual([]);
    expect(queries.length - ofSamples.length).toBeGreaterThan(300);
  });

  it('of samples alone says how far back these go, as central is set up without a word about it', () => {
    expect(centralConfigSchema.shape.retention.parse(undefined).rawDays).toBe(RAW_DAYS);
    const untold = queries.filter(({ panel, query: { text, older } }) => {
      if (panel.draws === 'note' || text.includes('${__to}') || older.length > 0) return false;
      return !description({ language: 'en', rules }, panel).includes(`the last ${RAW_DAYS} days`);
    });
    expect(untold.map(where)).toEqual([]);
  });
});

describe('a list of what is open', () => {
  it('asks for the newest minutes, not for what began in the chosen time', () => {
    const open = queries.filter(({ panel }) => /^Open /.test(panel.title.en));
    expect(open.length).toBeGreaterThan(3);
    expect(open.filter(({ query }) => !query.text.includes('${__to}')).map(where)).toEqual([]);
    expect(open.map(({ query }) => query.measurement)).toContain('incident_active');
  });
});
