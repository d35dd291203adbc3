import { useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { mayDo } from '../../api/session.ts';
import { formatTime } from '../../language/format.ts';
import { useApp, useNow, useWatched } from '../../parts/app-context.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useAnswer } from '../../parts/use-answer.ts';

type Demo = Answers['/api/v1/demo'];
type Kind = Demo['kinds'][number]['kind'];

/** The first five minutes: break something in the simulated city, and follow it. Nothing where the city is a real one. */
export function DemoPanel() {
  const { texts } = useApp();
  const demo = useAnswer('/api/v1/demo', {}, { everyMs: 30_000 });
  const [isOpen, setOpen] = useState(false);
  if (demo.value === undefined) return null;
  const { kinds, faults } = demo.value;
  return (
    <section class="panel">
      <h2>{texts.demo.title}</h2>
      <p class="dim small">{texts.demo.text}</p>
      <p>
        <button type="button" class="primary" onClick={() => setOpen(true)}>
          {texts.demo.button}
        </button>
      </p>
      <Faults demo={demo.value} onDone={demo.refresh} />
      {faults.length > 0 && (
        <ol class="small">
          {texts.demo.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      {isOpen && <ChoiceDialog kinds={kinds} onDone={demo.refresh} onClose={() => setOpen(false)} />}
    </section>
  );
}

function Faults({ demo, onDone }: { readonly demo: Demo; readonly onDone: () => void }) {
  const { texts, client, locale } = useApp();
  const nowMs = useNow(1_000);
  const end = (id: string): void => {
    client.write('DELETE /api/v1/demo/faults/{id}', undefined, { params: { id } }).then(onDone, onDone);
  };
  return (
    <ul class="rows">
      {demo.faults
        .filter(({ endsAtMs }) => endsAtMs > nowMs)
        .map(({ id, kind, target, endsAtMs }) => (
          <li key={id}>
            <span>
              <b>{demo.kinds.find((each) => each.kind === kind)?.title[locale.language] ?? kind}</b> {target}
              <span class="dim small block">{texts.demo.ends(formatTime(locale, endsAtMs, nowMs))}</span>
            </span>
            <button type="button" onClick={() => end(id)}>
              {texts.demo.end}
            </button>
          </li>
        ))}
    </ul>
  );
}

interface ChoiceDialogProps {
  readonly kinds: Demo['kinds'];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function ChoiceDialog({ kinds, onDone, onClose }: ChoiceDialogProps) {
  const { texts, client, locale, session } = useApp();
  const mayStart = mayDo(useWatched(session.state), 'engineer');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const start = async (kind: Kind): Promise<void> => {
    try {
      await client.write('POST /api/v1/demo/faults', { kind });
      onDone();
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Dialog title={texts.demo.button} onClose={onClose}>
      <div role="alert">{problem !== undefined && <p class="problem">{problem}</p>}</div>
      <ul class="rows">
        {kinds.map(({ kind, title, explanation }) => (
          <li key={kind}>
            <span>
              <b>{title[locale.language]}</b>
              <span class="dim small block">{explanation[locale.language]}</span>
            </span>
            <button type="button" disabled={!mayStart} onClick={() => void start(kind)}>
              {texts.demo.start}
              <span class="hidden"> {title[locale.language]}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
