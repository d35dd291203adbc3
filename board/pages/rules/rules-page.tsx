import type { Answers } from '../../api/answers.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { useRows } from '../../parts/use-rows.ts';
import { StackingTable } from '../../parts/stacking-table.tsx';
import { NEW_DRAFT } from './rule-page.tsx';
import { firedByRule } from './fired-by-rule.ts';

type Rule = Answers['/api/v1/rules']['items'][number];

const ORIGINS = ['shipped', 'own', 'replacement'] as const;
const ORDERS = ['noisiest', 'name'] as const;
/** As many as an answer may have. */
const MOST_RULES = 1_000;
const SLOW_MS = 300_000;

/** The rules that run: what each says, and how often it has fired lately. */
export function RulesPage() {
  const { texts, router } = useApp();
  usePageTitle(texts.rules.title);
  const { filters } = useWatched(router.place);
  const q = filters['q'] === '' ? undefined : filters['q'];
  const origin = ORIGINS.find((each) => each === filters['origin']);
  const rules = useAnswer('/api/v1/rules', { query: { q, origin } }, { everyMs: SLOW_MS });
  const set = (name: string, value: string): void => router.filter({ ...filters, [name]: value });
  const order = ORDERS.find((each) => each === filters['order']) ?? 'noisiest';
  return (
    <section class="panel">
      <h1>{texts.rules.title}</h1>
      <div class="filters" role="search">
        <label>
          {texts.rules.origin}
          <select value={origin ?? ''} onChange={({ currentTarget }) => set('origin', currentTarget.value)}>
            <option value="">{texts.all}</option>
            {ORIGINS.map((each) => (
              <option key={each} value={each}>
                {texts.rules.origins[each]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {texts.incidents.order}
          <select value={order} onChange={({ currentTarget }) => set('order', currentTarget.value)}>
            {ORDERS.map((each) => (
              <option key={each} value={each}>
                {texts.rules.orders[each]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {texts.tools.search}
          <input
            type="search"
            maxLength={100}
            value={filters['q'] ?? ''}
            placeholder={texts.rules.find}
            onInput={({ currentTarget }) => set('q', currentTarget.value)}
          />
        </label>
        <Link to={{ page: 'rule', id: NEW_DRAFT }} class="button">
          {texts.rules.draftNew}
        </Link>
      </div>
      <AnswerView shown={rules}>
        {({ items, refused }) => (
          <>
            {refused !== undefined && (
              <div class="problem" role="alert">
                <b>{texts.rules.refused}</b>
                <ul class="lines">
                  {refused.problems.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </div>
            )}
            {items.length === 0 ? (
              <p class="dim">{texts.rules.none}</p>
            ) : (
              <Table items={items} isByName={order === 'name'} />
            )}
          </>
        )}
      </AnswerView>
    </section>
  );
}

function Table({ items, isByName }: { readonly items: readonly Rule[]; readonly isByName: boolean }) {
  const { texts, locale, router } = useApp();
  const week = useAnswer(
    '/api/v1/alerts/stats',
    { query: { from: '-7d', limit: MOST_RULES } },
    { everyMs: SLOW_MS },
  );
  const month = useAnswer(
    '/api/v1/alerts/stats',
    { query: { from: '-30d', limit: MOST_RULES } },
    { everyMs: SLOW_MS },
  );
  const of7Days = firedByRule(week.value);
  const of30Days = firedByRule(month.value);
  const sorted = isByName
    ? [...items].sort((a, b) =>
        a.name[locale.language].localeCompare(b.name[locale.language], locale.language),
      )
    : [...items].sort(
        (a, b) =>
          (of7Days(b.id) ?? 0) - (of7Days(a.id) ?? 0) || (of30Days(b.id) ?? 0) - (of30Days(a.id) ?? 0),
      );
  const rows = useRows(
    sorted.map(({ id }) => id),
    (id) => router.go({ page: 'rule', id }),
  );
  return (
    <>
      <p role="status">{texts.incidents.count(items.length, false)}</p>
      <div class="table-frame">
        <StackingTable label={texts.rules.title}>
          <thead>
            <tr>
              <th scope="col">{texts.alerts.rule}</th>
              <th scope="col">{texts.incidents.severity}</th>
              <th scope="col">{texts.rules.kind}</th>
              <th scope="col" class="number">
                {texts.rules.fired7}
              </th>
              <th scope="col" class="number">
                {texts.rules.fired30}
              </th>
              <th scope="col" class="number">
                {texts.rules.active}
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((rule, at) => (
              <tr key={rule.id} class={at === rows.at ? 'chosen' : ''}>
                <td>
                  <Link to={{ page: 'rule', id: rule.id }}>{rule.name[locale.language]}</Link>
                  <span class="dim small block">
                    {rule.id}
                    {rule.origin !== 'shipped' && ` · ${texts.rules.origins[rule.origin]}`}
                  </span>
                </td>
                <td>
                  {rule.levels.map(({ severity }) => (
                    <span key={severity} class="block">
                      <SeverityMark severity={severity} />
                    </span>
                  ))}
                </td>
                <td>
                  <code>{rule.kind}</code>
                </td>
                <td class="number">{of7Days(rule.id) ?? '–'}</td>
                <td class="number">{of30Days(rule.id) ?? '–'}</td>
                <td class="number">{rule.activeAlerts}</td>
              </tr>
            ))}
          </tbody>
        </StackingTable>
      </div>
    </>
  );
}
