import type { PushedConfig } from '../agent-config.ts';
import { declarationSchema, type Declaration } from './declaration.ts';

/**
 * What a config that central pushes declares: `custom` of its collectors and of the profiles in them. Of what is no declaration nothing is
 * told: the edge's own schema checks the config. Pure.
 */
export function declaredIn({ collectors }: PushedConfig): readonly Declaration[] {
  return collectors.flatMap((collector) => [
    ...declarationsIn(collector),
    ...listOf(collector['profiles']).flatMap(declarationsIn),
  ]);
}

function declarationsIn(holder: unknown): readonly Declaration[] {
  if (typeof holder !== 'object' || holder === null || !('custom' in holder)) return [];
  return listOf(holder.custom).flatMap((each) => declarationSchema.safeParse(each).data ?? []);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
