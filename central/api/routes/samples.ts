import type { App } from '../fastify-app.ts';
import { catalogueRoute, type CatalogueRouteDeps } from './catalogue.ts';
import { latestRoute, type LatestRouteDeps } from './latest.ts';
import { seriesRoute, type SeriesRouteDeps } from './series.ts';
import { topRoute, type TopRouteDeps } from './top.ts';

export type SampleRouteDeps = LatestRouteDeps & SeriesRouteDeps & TopRouteDeps & CatalogueRouteDeps;

/** Live and stored samples. Integers beyond 2^53 are decimal strings. */
export function sampleRoutes(app: App, deps: SampleRouteDeps): void {
  latestRoute(app, deps);
  seriesRoute(app, deps);
  topRoute(app, deps);
  catalogueRoute(app, deps);
}
