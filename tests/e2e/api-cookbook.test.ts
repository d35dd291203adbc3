import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiHarness } from '../../central/api/testing/api-harness.ts';
import { openCookbookCity } from '../support/cookbook-city.ts';
import { lasting, readPage, shorten, writePage, type Question } from '../support/cookbook-page.ts';

const PAGE = new URL('../../docs/api-cookbook.md', import.meta.url);

const HUBS = 'tag.device=n-hub-01&tag.device=n-hub-02&tag.interface=uplink';

/** The questions of a shift, in the order in which a night shift asked them. */
const QUESTIONS: readonly Question[] = [
  {
    title: 'Which sites are down now, and since when',
    path: '/sites?state=down,unreachable',
    note: 'What they hang on is in `roots`; who has it is with the alert of that (question 8).',
  },
  {
    title: 'Which connection points were unreachable yesterday from 14 to 15 h',
    path: '/states?of=site&state=down,unreachable&from=yesterdayT14:00&to=yesterdayT15:00',
    note: '`fromMs` and `toMs` are within that hour, `sinceMs` is when it began.',
  },
  {
    title: 'The ten busiest uplinks',
    path: '/top?measurement=interface&field=in_bps&tag.interface=uplink',
    note: 'What they receive; `field=out_bps` what they send. Those that nobody hears of now are left out and counted.',
  },
  {
    title: 'Days until pool X is full',
    path: '/pools/pool-dc1',
    note: 'One in ten is full before `early`, which is what alarms go by; how it is made, and what it says where it cannot say a day, is in [capacity.md](capacity.md). `/pools` has all pools.',
  },
  {
    title: 'Coverage of a ward by operator',
    path: '/coverage?unit=25747&from=-24h',
    note: 'A share of fewer than 30 samples is not told. `completeness` says how much of the time was measured: central was off for most of this day. `/coverage?order=worst` has all wards, the worst first; how it is counted is in [central.md](central.md#coverage-of-mobile-networks).',
  },
  {
    title: 'Availability of 1022 this month',
    path: '/availability?of=service&id=1022&from=this-month',
    note: 'With `by=day`, `week` or `month` each part of the range by itself as well.',
  },
  {
    title: 'What changed in the last hour',
    path: '/changes?since=-1h',
    note: 'Oldest first, page by page; `kind=alert` or `kind=state` gives those alone.',
  },
  {
    title: 'Who has which alert, and which has nobody acknowledged',
    path: '/alerts?state=active&order=severity',
    note: 'The gravest first. `assignee` is who sees to it, `acknowledgement` who answered, when and with what words; `acknowledged=false` gives those that nobody has answered ([alerts.md](alerts.md)).',
  },
  { title: 'What hangs on a hub', path: '/blast-radius?of=site:hub-02' },
  {
    title: 'Agents with an old version',
    path: '/agents?version=%3C0.2.0&order=version',
    note: '`%3C` is `<`. Agents whose version is not known are counted in `withoutVersion`.',
  },
  {
    title: 'Traffic of the city',
    path: `/series?measurement=interface&field=in_bps&from=-2m&every=1m&across=sum&${HUBS}`,
    note: 'Of the uplinks of its hubs, so that nothing counts twice on its way. `across=count` says of how many lines each sum is: a hub that is cut off is missing in it.',
  },
  {
    title: 'Which modems are on LTE now',
    path: '/top?measurement=cellular&field=rsrp_dbm&tag.rat=lte&tag.rat=lte_ca&limit=1000',
    note: 'With their level. What is stale is left out and counted: a modem that changed to another network stands here once.',
  },
  {
    title: 'Whether the data of a ward and an hour is complete',
    path: '/ledger/completeness?unit=25747&from=yesterdayT14:00&to=yesterdayT15:00',
    note: 'It is not: central was off for 57 minutes of it, and nothing of them has come since. Agents that were on send it from their own disks; then it is complete.',
  },
  { title: 'The noisiest rules this week', path: '/alerts/stats?from=this-week' },
  { title: 'The ten fullest disks', path: '/top?measurement=disk&field=used_percent' },
  {
    title: 'What stands for more than a day, time to acknowledge and to recover, alarm rate of each person',
    path: '/alerts/stats?from=-24h&limit=1',
    note: 'Times are medians, and what nine in ten stay below; `severities` has them by severity. `/alerts?state=active&order=oldest` names what stands longest.',
  },
  { title: 'Find "thu dau mot"', path: '/search?q=thu%20dau%20mot' },
];

const REMEDY =
  'if it is right, WARDWATCH_UPDATE_COOKBOOK=1 npx vitest run --project e2e tests/e2e/api-cookbook.test.ts writes the page anew';

const HEAD = `# API cookbook: the questions of a shift

Each is one call, and each answer is real: a test asks every line of this page of a central that watches the simulated city
(ten wards, two hubs, 113 agents, with two faults), and compares. Long lists are cut here after two entries. It is
30 November 2026, 03:03 in the city. Central watched yesterday from 14:00 to 14:03 and again from 03:00 on; what was in between is unknown, and said to be.
Of its pools it has 400 days. Two people are on call, and Lan has answered one alert.
\`CENTRAL\` is such as \`https://wardwatch.example:8080\`, \`TOKEN\` that of a viewer. Where a day begins is decided by \`tz\`, else by
\`timeZone\` of \`central.yaml\`. \`/docs\` has every parameter. Times are Unix time in ms; this after a call shows them as the clock of the city does:

\`\`\`bash
… | TZ=Asia/Ho_Chi_Minh jq 'walk(if type == "number" and . > 1.5e12 and . < 4e12 then . / 1000 | strflocaltime("%F %T") else . end)'
\`\`\``;

let harness: ApiHarness;
const answers = new Map<string, unknown>();

beforeAll(async () => {
  harness = await openCookbookCity();
  for (const { path } of [...QUESTIONS, ...readPage(readFileSync(PAGE, 'utf8'))]) {
    const { status, json } = await harness.call('GET', `/api/v1${path}`, { token: harness.tokens.viewer });
    expect([status, json['detail']], path).toEqual([200, undefined]);
    answers.set(path, json);
  }
  if (process.env['WARDWATCH_UPDATE_COOKBOOK'] !== '1') return;
  const answered = QUESTIONS.map((question) => ({ ...question, answer: answers.get(question.path) }));
  const { format, resolveConfig } = await import('prettier');
  const config = await resolveConfig(PAGE);
  const asJson = (json: string): Promise<string> => format(json, { ...config, parser: 'json' });
  writeFileSync(PAGE, await writePage(HEAD, answered, asJson));
}, 240_000);
afterAll(() => harness.close(), 60_000);

it('the page has all questions with their calls', () => {
  expect(readPage(readFileSync(PAGE, 'utf8')).map(({ path }) => path)).toEqual(
    QUESTIONS.map(({ path }) => path),
  );
});

it.each(QUESTIONS.map(({ title, path }) => [title, path]))(
  '%s: the answer is that of the page',
  (_title, path) => {
    const shown = readPage(readFileSync(PAGE, 'utf8')).find((recipe) => recipe.path === path);
    expect(lasting(shorten(answers.get(path))), REMEDY).toEqual(lasting(shown?.answer));
  },
);
