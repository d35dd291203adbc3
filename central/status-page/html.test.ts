import { expect, it } from 'vitest';
import { html } from './html.ts';

it('escapes what comes from outside and keeps what is HTML already', () => {
  const rows = ['<script>', 'Phường "Sài Gòn"'].map((name) => html`<li>${name}</li>`);
  expect(html`<ul class="${"a'b"}">${rows}</ul>${3}`.text).toBe(
    '<ul class="a&#39;b"><li>&lt;script&gt;</li><li>Phường &quot;Sài Gòn&quot;</li></ul>3',
  );
});
