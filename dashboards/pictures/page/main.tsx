import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import { createTheme, ThemeContext } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { GlobalStyles } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { readAnswers } from './answers.ts';
import { BoardView } from './board-view.tsx';
import { boardOf } from './boards.ts';
import { registerGrafana } from './registries.ts';

declare global {
  interface Window {
    /** All panels have their data and are on the page: a picture can be taken. */
    isDrawn?: boolean;
  }
}

const asked = new URLSearchParams(location.search);
const language = asked.get('language') === 'vi' ? 'vi' : 'en';
const board = boardOf(asked.get('uid') ?? '', language);
const theme = createTheme({ colors: { mode: 'dark' } });

registerGrafana();
await initPluginTranslations('wardwatch');
const answers = await readAnswers({
  board,
  theme,
  width: document.documentElement.clientWidth,
  influxUrl: asked.get('influx') ?? '',
  toMs: Number(asked.get('toMs')),
  chosen: Object.fromEntries(asked),
});

createRoot(document.getElementById('root') as HTMLElement).render(
  <ThemeContext.Provider value={theme}>
    <GlobalStyles />
    <BoardView board={board} answers={answers} />
  </ThemeContext.Provider>,
);
// Plots are drawn by the browser's next frames; a picture of a still page is the same every time.
await settled();
window.isDrawn = true;

async function settled(): Promise<void> {
  let before = '';
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const now = document.body.innerHTML;
    if (now === before && document.querySelector('canvas, table, [role=grid], svg') !== null) return;
    before = now;
  }
}
