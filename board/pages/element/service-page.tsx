import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { Ref } from '../../parts/where.tsx';
import { Charts } from './charts.tsx';
import { BlastRadius, ElementHead, History } from './element-parts.tsx';
import { MissingElement } from './missing-element.tsx';
import { chartsOfService } from './which-charts.ts';

/** A service of the city, with what it needs to work. */
export function ServicePage({ id }: { readonly id: string }) {
  const { texts } = useApp();
  const services = useAnswer('/api/v1/services', { query: { limit: 1_000 } }, { on: ['state'] });
  return (
    <AnswerView shown={services}>
      {({ items }) => {
        const service = items.find((each) => each.id === id);
        if (service === undefined) return <MissingElement />;
        return (
          <div class="stack">
            <ElementHead {...service} kind={texts.kinds.service}>
              <dt>{texts.element.parents}</dt>
              <dd>
                {service.needs.map((need) => (
                  <span key={JSON.stringify(need)} class="block">
                    {(typeof need === 'string' ? [need] : need.anyOf).map((ref, at) => (
                      <span key={ref}>
                        {at > 0 && ` ${texts.login.or} `}
                        <Ref of={ref} name={items.find((each) => `service:${each.id}` === ref)?.name} />
                      </span>
                    ))}
                  </span>
                ))}
              </dd>
            </ElementHead>
            <div class="columns">
              <History of="service" id={id} />
              <BlastRadius of={`service:${id}`} />
            </div>
            <ServiceCharts id={id} />
          </div>
        );
      }}
    </AnswerView>
  );
}

/** What probes measure of the service itself; its state comes from what it needs. */
function ServiceCharts({ id }: { readonly id: string }) {
  const { texts } = useApp();
  const latest = useAnswer(
    '/api/v1/latest',
    { query: { measurement: 'service', 'tag.service': id } },
    { everyMs: 30_000 },
  );
  return (
    <AnswerView shown={latest}>
      {({ rows }) => {
        const choices = chartsOfService((field) => rows.some(({ fields }) => fields[field] !== undefined));
        if (choices.length > 0) return <Charts choices={choices} tagsOf={() => ({ service: id })} />;
        return (
          <section class="panel">
            <h2>{texts.element.measurements}</h2>
            <p class="dim">{texts.element.notProbed}</p>
          </section>
        );
      }}
    </AnswerView>
  );
}
