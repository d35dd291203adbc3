import { useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { CityMap } from '../../map/city-map.tsx';
import { hasOutlines } from '../../map/outlines.ts';
import { coverageClass, COVERAGE_CLASSES } from '../coverage/coverage-class.ts';
import { CoverageLegend } from '../coverage/coverage-legend.tsx';
import { DemoPanel } from './demo-panel.tsx';
import { IncidentCards } from './incident-cards.tsx';
import { CapacityCard, FactsCards, OwnHealthCard, ServicesCard, WorstUnits } from './city-cards.tsx';
import { StateLegend } from './state-legend.tsx';
import { UnitHint } from './unit-hint.tsx';
import { LiveVerdict } from './live-verdict.tsx';
import { useCity, type ShownCity } from './use-city.ts';

type City = Answers['/api/v1/city'];
type Unit = City['units'][number];
type Layer = 'sites' | 'links' | 'coverage';

/** Is anything wrong, where, since when, who has it. */
export function CityPage() {
  const { texts, router } = useApp();
  usePageTitle(texts.city.title);
  const city = useCity();
  const [layers, setLayers] = useState<ReadonlySet<Layer>>(new Set());
  const toggle = (layer: Layer): void =>
    setLayers(
      (before) =>
        new Set(before.has(layer) ? [...before].filter((each) => each !== layer) : [...before, layer]),
    );
  return (
    <div class="city">
      <h1 class="hidden">{texts.city.title}</h1>
      <section class="panel map-panel" aria-label={texts.city.mapLabel}>
        <LiveVerdict city={city} />
        <AnswerView shown={city}>
          {({ units: items }) => (
            <>
              <LayeredMap
                units={items}
                layers={layers}
                onOpenUnit={(id) => router.go({ page: 'element', kind: 'unit', id })}
              />
              <div class="map-foot">
                {layers.has('coverage') ? (
                  <CoverageLegend classes={COVERAGE_CLASSES} />
                ) : (
                  <StateLegend units={items} />
                )}
                <fieldset class="layers">
                  <legend class="hidden">{texts.city.layers}</legend>
                  {(['sites', 'links', 'coverage'] as const).map((layer) => (
                    <label key={layer}>
                      <input type="checkbox" checked={layers.has(layer)} onChange={() => toggle(layer)} />{' '}
                      {
                        {
                          sites: texts.city.layerSites,
                          links: texts.city.layerLinks,
                          coverage: texts.city.layerCoverage,
                        }[layer]
                      }
                    </label>
                  ))}
                </fieldset>
              </div>
              <p class="dim small">
                {hasOutlines(items.map(({ code }) => code)) ? texts.city.simplified : texts.city.schematic}
              </p>
            </>
          )}
        </AnswerView>
      </section>
      {city.value !== undefined && <Side city={city} value={city.value} />}
    </div>
  );
}

function Side({ city, value }: { readonly city: ShownCity; readonly value: City }) {
  const { session } = useApp();
  const { is } = useWatched(session.state);
  return (
    <div class="side">
      <IncidentCards incidents={value.incidents} />
      {value.isSimulated && is === 'in' && <DemoPanel />}
      <FactsCards city={city} value={value} />
      <OwnHealthCard city={city} value={value} />
      {value.services.length > 0 && <ServicesCard services={value.services} />}
      <CapacityCard pools={value.pools} />
      <WorstUnits units={value.units} />
    </div>
  );
}

interface LayeredMapProps {
  readonly units: readonly Unit[];
  readonly layers: ReadonlySet<Layer>;
  readonly onOpenUnit: (code: string) => void;
}

function LayeredMap({ units, layers, onOpenUnit }: LayeredMapProps) {
  const common = { units, onOpenUnit };
  if (layers.has('coverage')) return <CoverageMap {...common} />;
  if (layers.has('sites') || layers.has('links')) return <SitesMap {...common} layers={layers} />;
  return <PlainMap {...common} />;
}

type MapProps = Omit<LayeredMapProps, 'layers'>;

function PlainMap({ units, onOpenUnit }: MapProps) {
  const { texts, router } = useApp();
  return (
    <CityMap
      label={texts.city.mapLabel}
      units={units}
      onOpenUnit={onOpenUnit}
      onOpenSite={(id) => router.go({ page: 'element', kind: 'site', id })}
      tell={(code) => <UnitHint unit={units.find((unit) => unit.code === code)} />}
    />
  );
}

/** Sites, and the lines between them; read only when somebody wants to see them. */
function SitesMap({ units, layers, onOpenUnit }: LayeredMapProps) {
  const { texts, router } = useApp();
  const sites = useAnswer('/api/v1/sites', { query: { limit: 1_000 } }, { on: ['state'] });
  const links = useAnswer('/api/v1/links', { query: { limit: 1_000 } }, { on: ['state'] });
  const places = new Map(sites.value?.items.map((site) => [site.id, site]) ?? []);
  const lines = (links.value?.items ?? []).flatMap(({ id, state, ends: [one, other] }) => {
    const [from, to] = [places.get(one.site), places.get(other.site)];
    return from === undefined || to === undefined ? [] : [{ id, state, from, to }];
  });
  return (
    <>
      <AnswerView shown={sites}>{(answer) => <FirstOnly {...answer} />}</AnswerView>
      {layers.has('links') && <AnswerView shown={links}>{(answer) => <FirstOnly {...answer} />}</AnswerView>}
      <CityMap
        label={texts.city.mapLabel}
        units={units}
        sites={layers.has('sites') ? [...places.values()] : []}
        links={layers.has('links') ? lines : []}
        onOpenUnit={onOpenUnit}
        onOpenSite={(id) => router.go({ page: 'element', kind: 'site', id })}
        tell={(code) => <UnitHint unit={units.find((unit) => unit.code === code)} />}
      />
    </>
  );
}

interface FirstOnlyProps {
  readonly items: readonly unknown[];
  readonly nextCursor?: string | undefined;
}

/** A layer that is cut says so. */
function FirstOnly({ items, nextCursor }: FirstOnlyProps) {
  const { texts } = useApp();
  return nextCursor === undefined ? null : <p class="dim small">{texts.city.firstOnly(items.length)}</p>;
}

function CoverageMap({ units, onOpenUnit }: MapProps) {
  const { texts, router } = useApp();
  const coverage = useAnswer(
    '/api/v1/coverage',
    { query: { from: '-24h', limit: 1_000 } },
    { everyMs: 300_000 },
  );
  return (
    <AnswerView shown={coverage}>
      {({ items }) => {
        const byUnit = new Map(items.map((item) => [item.unit, item]));
        return (
          <CityMap
            label={texts.coverage.title}
            units={units.map((unit) => ({
              ...unit,
              fill: coverageClass(byUnit.get(unit.code)?.coveredPercent, byUnit.get(unit.code)?.completeness),
            }))}
            onOpenUnit={onOpenUnit}
            onOpenSite={(id) => router.go({ page: 'element', kind: 'site', id })}
            tell={(code) => (
              <UnitHint
                unit={units.find((unit) => unit.code === code)}
                coveredPercent={byUnit.get(code)?.coveredPercent}
                completeness={byUnit.get(code)?.completeness}
              />
            )}
          />
        );
      }}
    </AnswerView>
  );
}
