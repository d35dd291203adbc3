import type { FastifyReply } from 'fastify';
import { html, type Html } from './html.ts';
import { STYLE } from './style.ts';

/** What every page shares. Vietnamese, with English marked where it stands. */
export function pageFrame(head: Html | string, body: Html): Html {
  return html`<!doctype html>
    <html lang="vi">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${head}
        <title>Wardwatch</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}

/** Nothing is loaded from anywhere and no script runs, whatever a tag or a name may hold. */
export function sendPage(reply: FastifyReply, page: Html): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    )
    .header('cache-control', 'no-store')
    .serializer((text: string) => text)
    .send(page.text);
}
