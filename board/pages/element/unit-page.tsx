import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { StateMark } from '../../parts/marks.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { MissingElement } from './missing-element.tsx';
import { BlastRadius, ElementHead, ElementList, History, OpenAlerts } from './element-parts.tsx';
import { UnitCoverage } from './unit-coverage.tsx';

export function UnitPage({ id }: { readonly id: string }) {
  const { texts } = useApp();
  const units = useAnswer('/api/v1/units', { query: { unit: id } }, { on: ['state', 'alert'] });
  const sites = useAnswer(
    '/api/v1/sites',
    { query: { unit: id, order: 'state', limit: 1_000 } },
    { on: ['state'] },
  );
  return (
    <AnswerView shown={units}>
      {({ items: [unit] }) =>
        unit === undefined ? (
          <MissingElement />
        ) : (
          <div class="stack">
            <ElementHead {...unit} kind={texts.elementKinds[unit.kind] ?? ''} id={id}>
              <dt>{texts.element.devices}</dt>
              <dd>
                {(['up', 'down', 'unreachable', 'unknown'] as const).map((state) => (
                  <span key={state}>
                    <StateMark state={state} /> {unit.devices[state]}{' '}
                  </span>
                ))}
              </dd>
            </ElementHead>
            <div class="columns">
              <div class="stack">
                <OpenAlerts query={{ unit: id }} />
                <AnswerView shown={sites}>
                  {({ items }) => <ElementList title={texts.element.sites} kind="site" items={items} />}
                </AnswerView>
              </div>
              <div class="stack">
                <History of="unit" id={id} />
                <UnitCoverage unit={id} />
                <BlastRadius of={`unit:${id}`} />
              </div>
            </div>
          </div>
        )
      }
    </AnswerView>
  );
}
