import { render } from 'preact';
import { App } from './app.tsx';
import { ApiClient } from './api/client.ts';
import { Live } from './api/live.ts';
import { Session } from './api/session.ts';
import { Router } from './route/router.ts';
import { Cell } from './store/cell.ts';
import { browserTime } from './store/time.ts';
import css from './theme/board.css?inline';
import { readPreferences, writePreferences } from './theme/preferences.ts';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];

const session = new Session();
const client = new ApiClient(
  (path, init) => fetch(path, init),
  browserTime,
  () => session.end(),
);
const live = new Live({ client, time: browserTime, random: Math.random });
const preferences = new Cell(readPreferences(localStorage, navigator.languages));
preferences.subscribe(() => writePreferences(localStorage, preferences.get()));

const root = document.getElementById('board');
if (root !== null)
  render(
    <App {...{ client, live, session, preferences }} router={new Router(window)} time={browserTime} />,
    root,
  );
