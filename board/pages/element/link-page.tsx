import { formatQuantity } from '../../language/format.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { useScope } from '../../parts/use-scope.ts';
import { Ref } from '../../parts/where.tsx';
import { Charts } from './charts.tsx';
import { BlastRadius, ElementHead, History } from './element-parts.tsx';
import { MissingElement } from './missing-element.tsx';
import type { ChartChoice } from './which-charts.ts';

const TRAFFIC: readonly ChartChoice[] = [{ measurement: 'interface', fields: ['in_bps', 'out_bps'] }];

export function LinkPage({ id }: { readonly id: string }) {
  const { texts, locale } = useApp();
  const scope = useScope();
  const links = useAnswer('/api/v1/links', { query: { id } }, { on: ['state'] });
  return (
    <AnswerView shown={links}>
      {({ items: [link] }) => {
        if (link === undefined) return <MissingElement />;
        // An end whose port is named has its traffic measured there.
        const measured = link.ends.find((end) => end.device !== undefined && end.interface !== undefined);
        return (
          <div class="stack">
            <ElementHead {...link} name={id} kind={texts.kinds.link}>
              <dt>{texts.element.neighbours}</dt>
              <dd>
                {link.ends.map((end) => (
                  <span key={`${end.site} ${end.device ?? ''}`} class="block">
                    <Ref of={`site:${end.site}`} />{' '}
                    {end.device !== undefined && (
                      <>
                        · <Ref of={`device:${end.device}`} />{' '}
                        {end.interface !== undefined && (
                          <Link to={{ page: 'port', device: end.device, name: end.interface }}>
                            {end.interface}
                          </Link>
                        )}
                      </>
                    )}
                  </span>
                ))}
              </dd>
              {link.operator !== undefined && (
                <>
                  <dt>{texts.coverage.operator}</dt>
                  <dd>{link.operator}</dd>
                </>
              )}
              {link.capacityBps !== undefined && (
                <>
                  <dt>{texts.capacity.title}</dt>
                  <dd>{formatQuantity(locale, link.capacityBps, 'bit/s')}</dd>
                </>
              )}
            </ElementHead>
            <div class="columns">
              <History of="link" id={id} />
              <BlastRadius of={`link:${id}`} />
            </div>
            {measured?.device !== undefined && measured.interface !== undefined && (
              <Charts
                choices={TRAFFIC}
                tagsOf={() => ({
                  ...{ device: measured.device ?? '', interface: measured.interface ?? '' },
                  ...scope(measured.site),
                })}
              />
            )}
          </div>
        );
      }}
    </AnswerView>
  );
}
