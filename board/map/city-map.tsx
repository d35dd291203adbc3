import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { useApp } from '../parts/app-context.ts';
import { STATE_SHAPES, WORST_FIRST, type ShownState } from '../parts/marks.tsx';
import { drawCells, type Cell, type Point } from './cells.ts';
import { clusterMarks, type Cluster } from './clusters.ts';
import { outlinedCells } from './outlines.ts';
import {
  boxAround,
  middleOf,
  pathOfCell,
  projectionAround,
  seedsOf,
  splitIslands,
  type Box,
  type Position,
  type Projection,
} from './project.ts';
import { Patterns } from './patterns.tsx';
import { useMapView } from './use-map-view.ts';

export interface MapUnit extends Position {
  readonly code: string;
  readonly name: string;
  readonly areaKm2: number;
  readonly state: ShownState;
  /** Of a layer that colours units otherwise: the class of its fill. */
  readonly fill?: string | undefined;
}

export interface MapSite extends Position {
  readonly id: string;
  readonly state: ShownState;
}

export interface MapLink {
  readonly id: string;
  readonly state: ShownState;
  readonly from: Position;
  readonly to: Position;
}

interface CityMapProps {
  readonly label: string;
  readonly units: readonly MapUnit[];
  readonly sites?: readonly MapSite[];
  readonly links?: readonly MapLink[];
  /** Outlined: what an incident or a page is about. */
  readonly outlined?: ReadonlySet<string>;
  readonly onOpenUnit: (code: string) => void;
  readonly onOpenSite: (id: string) => void;
  /** What is told of the unit under the pointer. */
  readonly tell: (code: string) => ComponentChildren;
}

/** Of the shown width; so marks keep their size on the screen however near the map is. */
const MARK_SHARE = 0.018;
const CLUSTER_SHARE = 0.028;
const MARGIN_KM = 3;
/** Of an archipelago what is around its middle: rocks far off would make it small. */
const ISLAND_REACH_KM = 20;
/** A radius in the inset of an island. */
const ISLAND_SIZE = 100;

interface Drawing {
  readonly project: Projection;
  readonly cells: readonly Cell[];
  readonly box: Box;
}

/** The city's units with their worst state; sites and links over them. Pointers only: what it shows is in lists beside it as well. */
export function CityMap(props: CityMapProps) {
  const { units, sites = [], links = [], label } = props;
  const { texts } = useApp();
  const places = units.map(({ code, longitude, latitude }) => `${code} ${longitude} ${latitude}`).join();
  const { mainland, islands, drawing } = useMemo(() => {
    const split = splitIslands(units);
    return {
      mainland: new Set(split.mainland.map(({ code }) => code)),
      islands: split.islands.map((unit) => ({ code: unit.code, drawing: draw([unit], ISLAND_REACH_KM) })),
      drawing: draw(split.mainland),
    };
  }, [places]);
  const byCode = new Map(units.map((unit) => [unit.code, unit]));
  const element = useRef<SVGSVGElement>(null);
  const view = useMapView(element, drawing.box);
  const [hovered, setHovered] = useState<{ readonly code: string; readonly at: Point } | undefined>(
    undefined,
  );
  const { shown } = view;
  const size = shown.width * MARK_SHARE;
  const { project } = drawing;
  const marks = sites
    .filter((site) => isWithin(shown, project(site)))
    .map((site) => ({ id: site.id, state: site.state, ...project(site) }));
  const cellProps = { byCode, outlined: props.outlined, onOpen: props.onOpenUnit, onHover: setHovered };
  return (
    <figure class="city-map" onPointerLeave={() => setHovered(undefined)}>
      <svg
        ref={element}
        viewBox={`${shown.x} ${shown.y} ${shown.width} ${shown.height}`}
        role="img"
        aria-label={label}
        class={view.isNear ? 'near' : ''}
        onPointerDown={view.onPointerDown}
        onPointerMove={view.onPointerMove}
        onPointerUp={view.onPointerUp}
      >
        <Patterns size={size} />
        <Cells cells={drawing.cells} {...cellProps} />
        {links.map(({ id, state, from, to }) => (
          <LinkLine key={id} state={state} from={project(from)} to={project(to)} />
        ))}
        {sites.length === 0 &&
          drawing.cells.map(({ code, centre }) => {
            const unit = byCode.get(code);
            return unit === undefined || unit.state === 'up' || unit.fill !== undefined ? null : (
              <Mark key={code} state={unit.state} at={centre} size={size} />
            );
          })}
        {clusterMarks(marks, shown.width * CLUSTER_SHARE, WORST_FIRST).map((cluster) => (
          <SiteMark
            key={cluster.ids[0]}
            cluster={cluster}
            size={size}
            onOpen={() => {
              const [only] = cluster.ids;
              if (cluster.ids.length === 1 && only !== undefined) props.onOpenSite(only);
              else view.zoomAt(2.5, cluster);
            }}
          />
        ))}
      </svg>
      {islands.map(({ code, drawing: island }) => (
        <figure key={code} class="island">
          <svg
            viewBox={`${island.box.x} ${island.box.y} ${island.box.width} ${island.box.height}`}
            aria-hidden="true"
          >
            <Patterns size={(island.box.width / ISLAND_SIZE) * 12} name="island" />
            <Cells cells={island.cells} {...cellProps} patterns="island" />
            <IslandMark state={byCode.get(code)?.state ?? 'unknown'} box={island.box} />
          </svg>
          <figcaption>{byCode.get(code)?.name}</figcaption>
        </figure>
      ))}
      <div class="map-buttons">
        <button type="button" title={texts.city.zoomIn} onClick={() => view.zoom(1.8)}>
          +<span class="hidden"> {texts.city.zoomIn}</span>
        </button>
        <button type="button" title={texts.city.zoomOut} onClick={() => view.zoom(1 / 1.8)}>
          −<span class="hidden"> {texts.city.zoomOut}</span>
        </button>
        <button type="button" title={texts.city.zoomReset} onClick={view.reset}>
          ⤢<span class="hidden"> {texts.city.zoomReset}</span>
        </button>
      </div>
      {hovered !== undefined && (
        <div class="map-hint" style={{ left: `${hovered.at.x}px`, top: `${hovered.at.y}px` }}>
          {props.tell(hovered.code)}
        </div>
      )}
      {mainland.size === 0 && <p class="loading">{texts.loading}</p>}
    </figure>
  );
}

function draw(units: readonly MapUnit[], reachKm = Infinity): Drawing {
  const project = projectionAround(middleOf(units));
  const cells = outlinedCells(units, project) ?? drawCells(seedsOf(units, project));
  return {
    project,
    cells,
    box: boxAround(
      cells.flatMap(({ rings, centre }) =>
        rings.flat().filter(({ x, y }) => Math.hypot(x - centre.x, y - centre.y) <= reachKm),
      ),
      MARGIN_KM,
    ),
  };
}

function isWithin({ x, y, width, height }: Box, point: Point): boolean {
  return point.x >= x && point.y >= y && point.x <= x + width && point.y <= y + height;
}

interface CellsProps {
  readonly cells: readonly Cell[];
  readonly byCode: ReadonlyMap<string, MapUnit>;
  readonly outlined: ReadonlySet<string> | undefined;
  readonly patterns?: string;
  readonly onOpen: (code: string) => void;
  readonly onHover: (hovered: { readonly code: string; readonly at: Point } | undefined) => void;
}

function Cells({ cells, byCode, outlined, patterns = 'city', onOpen, onHover }: CellsProps) {
  const paths = useMemo(() => cells.map((cell) => ({ code: cell.code, d: pathOfCell(cell) })), [cells]);
  const hover = (code: string, event: PointerEvent): void => {
    const frame = (event.currentTarget as Element).closest('.city-map')?.getBoundingClientRect();
    if (frame !== undefined)
      onHover({ code, at: { x: event.clientX - frame.left, y: event.clientY - frame.top } });
  };
  return (
    <g>
      {paths.map(({ code, d }) => {
        const unit = byCode.get(code);
        if (unit === undefined) return null;
        const fill = unit.fill ?? `fill-${unit.state}`;
        const isOutlined = outlined?.has(code) === true;
        const common = {
          d,
          onClick: () => onOpen(code),
          onPointerMove: (event: PointerEvent) => hover(code, event),
        };
        return (
          <g key={code} class={isOutlined ? 'outlined' : ''}>
            <path class={`cell ${fill}`} {...common} data-unit={code} />
            {unit.fill === undefined && unit.state !== 'up' && (
              <path class="pattern" d={d} fill={`url(#${patterns}-${unit.state})`} />
            )}
          </g>
        );
      })}
    </g>
  );
}

function LinkLine({
  state,
  from,
  to,
}: {
  readonly state: ShownState;
  readonly from: Point;
  readonly to: Point;
}) {
  return <line class={`link line-${state}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />;
}

interface MarkProps {
  readonly state: ShownState;
  readonly at: Point;
  /** Width, km. */
  readonly size: number;
}

function Mark({ state, at, size }: MarkProps) {
  return (
    <path
      class={`glyph ink-${state}`}
      d={STATE_SHAPES[state]}
      fill-rule="evenodd"
      transform={`translate(${at.x - size / 2} ${at.y - size / 2}) scale(${size / 16})`}
    />
  );
}

function IslandMark({ state, box }: { readonly state: ShownState; readonly box: Box }) {
  if (state === 'up') return null;
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return <Mark state={state} at={at} size={box.width * 0.2} />;
}

interface SiteMarkProps {
  readonly cluster: Cluster<ShownState>;
  readonly size: number;
  readonly onOpen: () => void;
}

/** One site, or how many stand so near to each other that they would cover each other. */
function SiteMark({ cluster: { ids, state, x, y }, size, onOpen }: SiteMarkProps) {
  const scale = ids.length === 1 ? 0.75 : 0.95;
  return (
    <g class="site" onClick={onOpen}>
      <circle class="halo" cx={x} cy={y} r={size * scale * 0.72} />
      <Mark state={state} at={{ x, y }} size={size * scale} />
      {ids.length > 1 && (
        <text class="count" x={x + size * 0.62} y={y - size * 0.25} font-size={size * 0.62}>
          {ids.length}
        </text>
      )}
    </g>
  );
}
