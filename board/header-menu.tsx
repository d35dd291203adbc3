import { useEffect, useRef } from 'preact/hooks';
import { useApp, useWatched } from './parts/app-context.ts';
import { Link } from './parts/link.tsx';
import { THEMES, type Theme } from './theme/preferences.ts';

/** What is seldom wanted: the wall, language, theme, keys, who is logged in and the way out. */
export function HeaderMenu({ onKeys }: { readonly onKeys: () => void }) {
  const { texts, router, preferences, session } = useApp();
  const { language, theme } = useWatched(preferences);
  const account = useWatched(session.state);
  const { route } = useWatched(router.place);
  const menu = useRef<HTMLDetailsElement>(null);
  const other = language === 'vi' ? 'en' : 'vi';
  const close = (): void => menu.current?.removeAttribute('open');
  useEffect(close, [route]);
  useEffect(() => {
    const onPress = ({ target }: PointerEvent): void => {
      if (target instanceof Node && menu.current?.contains(target) === false) close();
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, []);
  return (
    <details
      class="more"
      ref={menu}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== 'Escape' || !currentTarget.open) return;
        close();
        currentTarget.querySelector('summary')?.focus();
      }}
    >
      <summary>
        {account.is === 'in' ? <span class="name">{account.me.name}</span> : texts.tools.more}
        <span class="hidden"> {texts.tools.more}</span> <span aria-hidden="true">▾</span>
      </summary>
      <div class="panel">
        {account.is === 'in' && <p class="dim small">{texts.roles[account.me.role]}</p>}
        <Link to={{ page: 'wall' }} class="button">
          {texts.nav.wall}
        </Link>
        <button
          type="button"
          lang={other}
          onClick={() => preferences.update((before) => ({ ...before, language: other }))}
        >
          {other === 'vi' ? 'Tiếng Việt' : 'English'}
        </button>
        <label>
          {texts.tools.theme}
          <select
            value={theme}
            onChange={({ currentTarget: { value } }) =>
              preferences.update((before) => ({ ...before, theme: value as Theme }))
            }
          >
            {THEMES.map((each) => (
              <option key={each} value={each}>
                {texts.tools.themes[each]}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          onClick={() => {
            close();
            onKeys();
          }}
        >
          {texts.tools.keys} <kbd>?</kbd>
        </button>
        {account.is === 'in' && <LogOut />}
      </div>
    </details>
  );
}

function LogOut() {
  const { texts, session, client } = useApp();
  const leave = async (): Promise<void> => {
    const answer = await client.write('POST /api/v1/logout', undefined).catch(() => undefined);
    session.end();
    const url = logoutUrlOf(answer);
    if (url !== undefined) location.assign(url);
  };
  return (
    <button type="button" onClick={() => void leave()}>
      {texts.tools.logout}
    </button>
  );
}

/** Where the provider of the login ends its own session. Pure. */
function logoutUrlOf(answer: unknown): string | undefined {
  const url = (answer as { readonly providerLogoutUrl?: unknown } | undefined)?.providerLogoutUrl;
  return typeof url === 'string' && url.startsWith('https://') ? url : undefined;
}
