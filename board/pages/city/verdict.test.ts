import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../api/problem.ts';
import { verdictOf, type Evidence } from './verdict.ts';

const NOW_MS = 1_800_000_000_000;
const unit = (state: 'up' | 'unknown' | 'down' | 'alert') => ({ code: '25747', state });
const service = (id: string, state: 'up' | 'degraded' | 'unknown' | 'down') => ({ id, name: id, state });
const check = (name: string, ok: boolean) => ({ name, ok, detail: '' });
const failed = (status: number) => ({ problem: new ApiProblem(status, '', 'failed') });

interface Given {
  readonly units?: readonly object[];
  readonly incidents?: readonly object[];
  readonly isMore?: boolean;
  readonly services?: readonly object[];
  readonly checks?: readonly object[];
  readonly ready?: boolean;
  readonly isLive?: boolean;
}

function evidence(given: Given): Evidence {
  const {
    units = [unit('up')],
    incidents = [],
    services = [service('permits', 'up')],
    isMore = false,
  } = given;
  const { checks = [check('store', true)], ready = true, isLive = true } = given;
  return {
    city: {
      value: { units, incidents: { items: incidents, isMore }, services, readiness: { ready, checks } },
      problem: undefined,
      loadedAtMs: NOW_MS,
    },
    isLive,
    nowMs: NOW_MS,
  } as unknown as Evidence;
}

const NO_DOUBT = { checks: [], isUnread: false };
const UNSURE = { is: 'notSure', unknownUnits: 0, services: [], ...NO_DOUBT };

describe('the verdict', () => {
  it('is well only when everything is known to be', () => {
    expect(verdictOf(evidence({ units: [unit('up'), unit('alert')] }))).toEqual({ is: 'well' });
  });

  it.each([
    ['the state of a unit is unknown', { units: [unit('up'), unit('unknown')] }, { unknownUnits: 1 }],
    ['central cannot store', { ready: false, checks: [check('store', false)] }, { checks: ['store'] }],
    [
      'no canary got through: a fault may not be told',
      { checks: [check('store', true), check('canary', false)] },
      { checks: ['canary'] },
    ],
    ['nothing arrives', { checks: [check('agents', false)] }, { checks: ['agents'] }],
    [
      'central is not ready for another reason',
      { ready: false, checks: [check('x', false)] },
      { checks: ['x'] },
    ],
    ['the page does not hear central', { isLive: false }, {}],
  ])('is not sure when %s', (_why, given: Given, expected) => {
    expect(verdictOf(evidence(given))).toEqual({ ...UNSURE, ...expected });
  });

  it.each(['degraded', 'unknown', 'down'] as const)('names a service that is %s', (state) => {
    const given = evidence({ services: [service('permits', 'up'), service('cameras', state)] });
    expect(verdictOf(given)).toEqual({ ...UNSURE, services: [service('cameras', state)] });
  });

  it('does not wait for a late backup', () => {
    expect(verdictOf(evidence({ checks: [check('store', true), check('backup', false)] }))).toEqual({
      is: 'well',
    });
  });

  const never = { value: undefined, problem: undefined, loadedAtMs: undefined };

  it('waits while the city is read for the first time', () => {
    expect(verdictOf({ ...evidence({}), city: never })).toEqual({ is: 'waiting' });
  });

  it('does not take the last good answer when the city cannot be read', () => {
    const given = evidence({});
    expect(verdictOf({ ...given, city: { ...given.city, ...failed(503) } })).toEqual({
      ...UNSURE,
      isUnread: true,
    });
    expect(verdictOf({ ...given, city: { ...never, ...failed(0) } })).toEqual({ ...UNSURE, isUnread: true });
  });

  it('is not sure of what is older than two periods', () => {
    const given = evidence({});
    const aged = (ageMs: number) => ({ ...given, city: { ...given.city, loadedAtMs: NOW_MS - ageMs } });
    expect(verdictOf(aged(30_000))).toEqual({ is: 'well' });
    expect(verdictOf(aged(41_000))).toEqual({ ...UNSURE, isUnread: true });
    // The clock of the screen was set back since.
    expect(verdictOf(aged(-3_600_000))).toEqual({ ...UNSURE, isUnread: true });
  });

  it('tells of an incident at once, with what it cuts off and since when', () => {
    const incidents = [{ beganAtMs: 500, counts: { devices: 39, sites: 10, units: 2, services: 1 } }];
    expect(verdictOf(evidence({ incidents }))).toEqual({
      ...{ is: 'incidents', count: 1, isMore: false, sinceMs: 500, ...NO_DOUBT },
      reach: { sites: 10, units: 2 },
    });
  });

  it('does not add what several incidents cut off, and says that there are more than were read', () => {
    const counts = { devices: 39, sites: 10, units: 2, services: 1 };
    const incidents = [
      { beganAtMs: 500, counts },
      { beganAtMs: 400, counts },
    ];
    expect(verdictOf(evidence({ incidents, isMore: true }))).toEqual({
      ...{ is: 'incidents', count: 2, isMore: true, sinceMs: 400, ...NO_DOUBT },
    });
  });

  it('keeps saying incidents that cannot be read anew, and what is in doubt beside them', () => {
    const given = evidence({
      incidents: [{ beganAtMs: 400 }],
      ready: false,
      checks: [check('store', false)],
    });
    expect(verdictOf({ ...given, city: { ...given.city, ...failed(0) } })).toMatchObject({
      ...{ is: 'incidents', checks: ['store'], isUnread: true },
    });
  });
});
