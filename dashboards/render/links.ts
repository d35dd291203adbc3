import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type DashboardLink,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { linkUrl, type Link } from '../panel/link.ts';
import { say, type Context } from './context.ts';

/** A link of a value. */
export function dataLink(link: Link, context: Context): DashboardLink {
  const title = say(context, link.title);
  return shown(new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(linkUrl(link)).build());
}

/** A link to all dashboards, at the top of each, that keeps the time and what is chosen. */
export function boardLinks(tag: string, title: string): DashboardLink {
  return shown(
    new DashboardLinkBuilder(title)
      .type(DashboardLinkType.Dashboards)
      .tags([tag])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true)
      .build(),
  );
}

/** The SDK places each link in a menu that a reader has to open; without a place it is shown. */
export function shown<Placed extends { placement?: unknown }>(placed: Placed): Placed {
  const { placement: _, ...rest } = placed;
  return rest as Placed;
}
