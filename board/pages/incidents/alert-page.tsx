import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { AlertDetail } from './alert-detail.tsx';

export function AlertPage({ id }: { readonly id: string }) {
  const explained = useAnswer('/api/v1/alerts/{id}/explain', { params: { id } }, { on: ['alert'] });
  const { texts } = useApp();
  return (
    <section class="panel">
      <p class="crumbs">{texts.alerts.title}</p>
      <AnswerView shown={explained}>
        {(value) => <AlertDetail explained={value} onDone={explained.refresh} level={1} />}
      </AnswerView>
    </section>
  );
}
