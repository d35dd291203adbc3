import type { Point } from '../parse-lines.ts';
import type { PluginMapping } from '../plugin-mapping.ts';
import { otherMapping } from './others.ts';
import { windowsMapping } from './windows.ts';

/** How a point of a plugin whose measurement is none of ours becomes one; undefined: it is not known. Pure. */
export function mappingOf(point: Point): PluginMapping | undefined {
  return windowsMapping(point) ?? otherMapping(point);
}
