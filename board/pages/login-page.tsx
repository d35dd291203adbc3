import { useState } from 'preact/hooks';
import { ApiProblem } from '../api/problem.ts';
import type { Me } from '../api/session.ts';
import { useApp, useWatched } from '../parts/app-context.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { pathOfRoute } from '../route/route.ts';

/** By token, or by the city's own login where central has one. */
export function LoginPage() {
  const { texts, session, client, router } = useApp();
  const { is } = useWatched(session.state);
  const { route, filters } = useWatched(router.place);
  const { value: login } = useAnswer('/api/v1/login');
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const enter = async (): Promise<void> => {
    setProblem(undefined);
    try {
      session.enter((await client.write('POST /api/v1/login', { token })) as Me);
      if (route.page === 'login') router.go({ page: 'city' });
    } catch (error) {
      setProblem(wordsOfRefusal(error));
    }
  };
  const wordsOfRefusal = (error: unknown): string => {
    const status = error instanceof ApiProblem ? error.status : 0;
    if (status === 0 || status >= 500) return texts.problem.notReached;
    return status === 429 ? texts.login.wait : texts.login.refused;
  };
  const said =
    problem ?? (filters['problem'] === undefined ? undefined : texts.login.problems[filters['problem']]);
  const to = encodeURIComponent(route.page === 'login' ? '/' : pathOfRoute(route));
  const oidc = login?.oidc;
  return (
    <main class="login" id="content">
      <h1>Wardwatch</h1>
      <p>{texts.appSubtitle}</p>
      {is === 'over' && <p class="note">{texts.login.over}</p>}
      <div role="alert">{said !== undefined && <p class="problem">{said}</p>}</div>
      {oidc?.isAvailable === true && (
        <p>
          <a class="button" href={`${oidc.startPath}?to=${to}`}>
            {texts.login.oidc(oidc.name)}
          </a>
        </p>
      )}
      {oidc?.isAvailable === false && <p class="note">{texts.login.oidcDown(oidc.name)}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter();
        }}
      >
        <label>
          {texts.login.token}
          <input
            type="password"
            autocomplete="current-password"
            required
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>
        <button type="submit">{texts.login.submit}</button>
      </form>
      <p class="dim">
        <small>{texts.login.tokenHelp}</small>
      </p>
    </main>
  );
}
