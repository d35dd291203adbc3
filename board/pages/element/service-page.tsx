import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { Ref } from '../../parts/where.tsx';
import { BlastRadius, ElementHead, History } from './element-parts.tsx';
import { MissingElement } from './missing-element.tsx';

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
          </div>
        );
      }}
    </AnswerView>
  );
}
