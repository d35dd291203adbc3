import type { CollectorKind } from './collector.ts';
import { pingKind } from './ping/ping.ts';
import { serverKind } from './server/server.ts';

/** The only list of collector kinds. */
export const collectorKinds: readonly CollectorKind<unknown>[] = [serverKind, pingKind];
