/** What a parameter of this name is, on every route that says nothing else, and a value that it can have. */
export interface NamedParameter {
  readonly description: string;
  /** Not needed where the schema lists the values. */
  readonly example?: unknown;
}

/** By name. A parameter of a route may have its own description and examples; those that many routes share are here. */
export const NAMED_PARAMETERS: Readonly<Record<string, NamedParameter>> = {
  limit: { description: 'most entries of the answer', example: 20 },
  cursor: { description: 'nextCursor of the page before', example: 'bi0yNjczNy0wMQ' },
  unit: { description: 'code of a ward, commune or special zone, five digits', example: '26737' },
  site: { description: 'id of a connection point', example: 'site-26737-01' },
  agent: { description: 'id of an edge agent', example: 'gw-26737-01' },
  device: { description: 'id of a device', example: 'n-26737-01' },
  kind: { description: 'only entries of this kind' },
  parent: { description: 'id of what they are reached over', example: 'hub-03' },
  link: { description: 'id of a link', example: 'link-26737-01' },
  agency: { description: 'id of the agency that owns it', example: 'dost' },
  operator: { description: 'who runs the line', example: 'VNPT' },
  resource: { description: 'what is used up', example: 'storage' },
  channel: { description: 'name of a notification channel', example: 'oncall' },
  q: { description: 'words to look for', example: 'thu dau mot' },
  order: { description: 'order of the entries' },
  stale: { description: 'whether values count that may no longer be so' },
  code: { description: 'a reason for refusal', example: 'out-of-range' },
  id: { description: 'id of the entry', example: 'gw-26737-01' },
  revision: { description: 'number of the revision', example: 2 },
  expectedRevision: { description: 'the desired revision that the caller has seen', example: 2 },
  before: { description: 'id of the last entry of the page before', example: 120 },
  measurement: { description: 'a measurement of `/api/v1/catalogue`', example: 'interface' },
  field: { description: 'a field of the measurement', example: 'in_bps' },
  every: { description: 'width of the time buckets', example: '5m' },
  aggregate: { description: 'of the points of each series' },
  across: { description: 'of several series together' },
  groupBy: { description: 'tags, separated by commas', example: 'unit' },
  group: { description: 'former name of `groupBy`', example: 'unit' },
  fill: { description: 'what stands for a bucket without points' },
  state: { description: 'only entries in this state' },
  severity: { description: 'only entries of this severity' },
  phase: { description: 'only entries in this phase' },
  config: { description: 'only agents whose config is in this state' },
  tz: { description: 'time zone in which days begin', example: 'Asia/Ho_Chi_Minh' },
};
