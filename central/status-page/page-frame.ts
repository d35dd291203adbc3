import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { policyOfPage } from '../api/security-headers.ts';
import { html, Html } from './html.ts';

/** What every page shares. Vietnamese, with English marked where it stands. */
export function pageFrame(head: Html | string, body: Html): Html {
  return html`<!doctype html>
    <html lang="vi">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${head}
        <title>Wardwatch</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}

/** The policy lets nothing load and no script run, whatever a tag or a name may hold. */
export function sendPage(reply: FastifyReply, page: Html): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .serializer((text: string) => text)
    .send(page.text);
}

/** Okabe–Ito colours, which colour-blind people can distinguish; each state has a mark of its own as well. */
const STYLE = `
:root { --bg:#f6f7f9; --card:#fff; --ink:#1b1f24; --soft:#5c6670; --line:#d9dee3;
  --good:#007a5a; --warn:#8a5a00; --bad:#b3400a; --blue:#0072b2; --violet:#8b4a76; }
@media (prefers-color-scheme: dark) { :root { --bg:#12161b; --card:#1c2229; --ink:#e8ebee; --soft:#9aa5b0; --line:#323b45;
  --good:#3cc9a0; --warn:#e69f00; --bad:#ff8a4f; --blue:#56b4e9; --violet:#d79bc2; } }
* { box-sizing:border-box } body { margin:0; background:var(--bg); color:var(--ink); font:15px/1.4 system-ui, "Noto Sans", sans-serif }
header { display:flex; flex-wrap:wrap; gap:.25rem 1rem; align-items:baseline; padding:1rem 1.25rem .25rem }
h1 { font-size:1.4rem; margin:0 } h2 { font-size:1.05rem; margin:1.25rem 0 .5rem } header p { margin:0; color:var(--soft) } .time { margin-left:auto !important }
a { color:var(--blue) } :focus-visible { outline:3px solid var(--blue); outline-offset:2px } [lang=en] { color:var(--soft) } main { padding:0 1.25rem 2rem }
.tiles { display:grid; grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr)); gap:.75rem; padding:.75rem 1.25rem 0 }
.tile { background:var(--card); border:1px solid var(--line); border-radius:.5rem; padding:.75rem; display:flex; flex-direction:column; border-top:4px solid var(--line) }
.tile b { font-size:1.7rem; line-height:1.2; font-variant-numeric:tabular-nums } .tile small { color:var(--soft); min-height:1.2em }
.tile.good { border-top-color:var(--good) } .tile.warn { border-top-color:var(--warn) } .tile.bad { border-top-color:var(--bad) } .tile.unknown { border-top-color:var(--blue) }
.notices { margin:.75rem 1.25rem 0; padding:.25rem 1rem; background:var(--card); border:2px solid var(--bad); border-radius:.5rem; color:var(--bad); font-weight:600 }
.notices p { margin:.5rem 0 } .notices [lang=en] { color:inherit; font-weight:400 }
li { overflow-wrap:anywhere } table { border-collapse:collapse; width:100%; background:var(--card); border:1px solid var(--line) } th,td { text-align:left; padding:.35rem .6rem; border-bottom:1px solid var(--line) }
th { color:var(--soft); font-weight:600; font-size:.85rem } td:last-child { font-variant-numeric:tabular-nums } td,code { overflow-wrap:anywhere }
@media (max-width:40rem) { thead { display:none } table,tbody,tr,td { display:block } tr { padding:.35rem 0; border-bottom:1px solid var(--line) } td { border:0; padding:.1rem .6rem }
  td:nth-child(4)::before { content:"giá trị / value: "; color:var(--soft) } td:last-child::before { content:"từ / since: "; color:var(--soft) } }
tr.critical td:first-child, tr.major td:first-child { color:var(--bad); font-weight:700 } tr.minor td:first-child { color:var(--warn); font-weight:600 }
tr.own { outline:2px solid var(--bad); outline-offset:-2px }
.calm { color:var(--good) } .legend { color:var(--soft); font-size:.85rem; margin:.25rem 0 .5rem } .mark { margin-right:.8rem; white-space:nowrap } .mark [lang=en] { color:inherit }
.units { display:grid; grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr)); gap:.4rem }
.unit { background:var(--card); border:1px solid var(--line); border-left:5px solid var(--good); border-radius:.3rem; padding:.3rem .5rem; display:flex; flex-direction:column }
.unit b { font-weight:600; overflow-wrap:anywhere } .unit span { font-size:.85rem; color:var(--soft); font-variant-numeric:tabular-nums }
.unit.alert { border-left-color:var(--warn) } .unit.down { border-left-color:var(--bad) } .unit.unreachable { border-left-color:var(--violet) } .unit.unknown { border-left-color:var(--blue) }
.mark.up { color:var(--good) } .mark.alert { color:var(--warn) } .mark.down { color:var(--bad) } .mark.unreachable { color:var(--violet) } .mark.unknown { color:var(--blue) }
`;

const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const POLICY = policyOfPage(`sha256-${createHash('sha256').update(STYLE).digest('base64')}`);
