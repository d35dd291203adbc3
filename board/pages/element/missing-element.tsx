import { useApp } from '../../parts/app-context.ts';

/** The inventory has nothing of this id, or the caller may not see it. */
export function MissingElement() {
  const { texts } = useApp();
  return (
    <section class="panel">
      <h1>{texts.missing.title}</h1>
      <p>{texts.missing.text}</p>
    </section>
  );
}
