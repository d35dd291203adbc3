import { useApp } from '../../parts/app-context.ts';
import { Since } from '../../parts/times.tsx';
import type { Doubts, Verdict } from './verdict.ts';

const SERVICES_NAMED = 3;

/** The first thing to read on the page, and read out when it changes. */
export function VerdictLine({ verdict }: { readonly verdict: Verdict }) {
  const { texts } = useApp();
  switch (verdict.is) {
    case 'waiting':
      return <p class="verdict">{texts.loading}</p>;
    case 'well':
      return (
        <p class="verdict well" role="status">
          <b>{texts.city.allWell}</b> {texts.city.allWellText}
        </p>
      );
    case 'notSure': {
      const { unknownUnits, services } = verdict;
      const named = services
        .slice(0, SERVICES_NAMED)
        .map(({ name, state }) => `${name} (${texts.states[state]})`);
      const rest = services.length - named.length;
      return (
        <p class="verdict not-sure" role="status">
          <b>{texts.city.notSure}</b> {unknownUnits > 0 && `${texts.city.notSureText(unknownUnits)} `}
          {services.length > 0 &&
            `${texts.city.notSureServices([...named, ...(rest > 0 ? [texts.more(rest)] : [])].join(', '))} `}
          <DoubtWords {...verdict} />
        </p>
      );
    }
    case 'incidents':
      return (
        <p class="verdict wrong" role="status">
          <b>{texts.city.someIncidents(verdict.count, verdict.isMore)}</b>{' '}
          {verdict.reach !== undefined &&
            verdict.reach.sites > 0 &&
            `${texts.city.cutOff(verdict.reach.sites, verdict.reach.units)} · `}
          <Since atMs={verdict.sinceMs} /> <DoubtWords {...verdict} />
        </p>
      );
  }
}

function DoubtWords({ checks, isUnread }: Doubts) {
  const { texts } = useApp();
  return (
    <>
      {checks.length > 0 &&
        `${texts.city.notSureChecks(checks.map((name) => texts.city.checks[name] ?? name).join(', '))} `}
      {isUnread && texts.city.notSureUnread}
    </>
  );
}
