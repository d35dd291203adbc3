/** The title of a problem says what its HTTP status means. */
export const STATUS_TITLES = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict',
  413: 'Body too large',
  414: 'Path too long',
  415: 'Unsupported media type',
  422: 'Not usable as it is',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Not available now',
} as const;

export type ErrorStatus = keyof typeof STATUS_TITLES;

/** Every code of an error answer. Stable: programs compare them. OpenAPI lists them with their meaning. */
export const ERROR_CODES = {
  INVALID_REQUEST: { status: 400, meaning: 'a parameter or the body does not fit its schema' },
  UNKNOWN_PARAMETER: { status: 400, meaning: 'the route has no such query parameter' },
  UNKNOWN_NAME: {
    status: 400,
    meaning:
      'a filter names a unit, site, device, agent or the like that neither the inventory nor an agent knows, and nothing is found for it',
  },
  BAD_CURSOR: { status: 400, meaning: 'the cursor is not a nextCursor of this list' },
  BAD_TAG: { status: 400, meaning: 'tag.NAME with a NAME that no tag can have' },
  UNKNOWN_MEASUREMENT: { status: 400, meaning: 'the catalogue has no such measurement' },
  UNKNOWN_FIELD: { status: 400, meaning: 'the measurement has no such field' },
  UNKNOWN_TAG: { status: 400, meaning: 'the measurement has no such tag' },
  EMPTY_RANGE: { status: 400, meaning: 'the begin of the range is not before its end, or not before now' },
  BAD_WIDTH: { status: 400, meaning: 'every is not above zero, or too wide' },
  BAD_TIME_ZONE: {
    status: 400,
    meaning: 'tz is no time zone, or its clocks change where days are asked for',
  },
  QUERY_REFUSED: {
    status: 400,
    meaning: 'the store cannot compute this, such as the mean of texts, or keeps nothing of that time',
  },
  AGENT_ID_RESERVED: {
    status: 400,
    meaning: 'the id belongs to a Sparkplug edge node, or begins as those of phones and is none',
  },
  INVALID_JSON: { status: 400, meaning: 'the body is not JSON' },
  BAD_PATH: { status: 400, meaning: 'the path cannot be decoded' },
  BAD_REQUEST: { status: 400, meaning: 'the request cannot be read as HTTP' },
  NOT_AUTHENTICATED: { status: 401, meaning: 'there is no valid token' },
  ROLE_TOO_LOW: { status: 403, meaning: "the token's role does not allow this" },
  OUTSIDE_LIMITS: {
    status: 403,
    meaning: 'the token is limited to units or agencies, and this is, names or would change something else',
  },
  COOKIE_READS_ONLY: {
    status: 403,
    meaning: 'the session was opened with a link for a screen, and may only read',
  },
  CROSS_SITE_WRITE: {
    status: 403,
    meaning: 'a write with a cookie, or a login, that is not from a page of this server',
  },
  TOKEN_NEEDED: { status: 403, meaning: 'this needs a token, with which what is made here ends' },
  DEMO_NOT_RUNNING: { status: 404, meaning: 'this is no simulated city: nothing is broken here on purpose' },
  DEMO_FAULT_NOT_FOUND: { status: 404, meaning: 'no such fault of the simulated city is under way' },
  ROUTE_NOT_FOUND: { status: 404, meaning: 'there is no such path' },
  QUARANTINE_ENTRY_NOT_FOUND: {
    status: 404,
    meaning: 'the quarantine has no such entry, or no longer',
  },
  ROLLOUT_NOT_FOUND: { status: 404, meaning: 'there is no such roll-out' },
  AGENT_NOT_FOUND: { status: 404, meaning: 'there is no such agent' },
  ALERT_NOT_FOUND: { status: 404, meaning: 'there is no such alert' },
  RULE_NOT_FOUND: { status: 404, meaning: 'no such alert rule runs' },
  INCIDENT_NOT_FOUND: { status: 404, meaning: 'there is no such incident' },
  DEVICE_NOT_FOUND: { status: 404, meaning: 'no such device reports that the inventory lacks' },
  ENTRY_NOT_FOUND: { status: 404, meaning: 'the inventory has no such entry' },
  POOL_NOT_FOUND: { status: 404, meaning: 'the inventory has no such pool' },
  PROPOSAL_NOT_FOUND: { status: 404, meaning: 'the measured wiring no longer asks for this change' },
  CHANNEL_NOT_FOUND: { status: 404, meaning: 'there is no such channel for notifications' },
  REVISION_NOT_FOUND: { status: 404, meaning: 'the agent has no such config revision' },
  SILENCE_NOT_FOUND: { status: 404, meaning: 'there is no such silence' },
  WINDOW_NOT_FOUND: { status: 404, meaning: 'there is no such maintenance window' },
  SESSION_NOT_FOUND: { status: 404, meaning: 'there is no such session, or it has ended' },
  TOKEN_NOT_FOUND: { status: 404, meaning: 'there is no such token' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'the path does not have this method; the header Allow names those that it has',
  },
  REQUEST_TIMEOUT: { status: 408, meaning: 'the request did not arrive in time' },
  NOT_AN_EDGE_AGENT: { status: 409, meaning: 'a Sparkplug edge node takes no config' },
  STORE_COPY_RUNNING: { status: 409, meaning: 'a copy of the store is being made already' },
  STORE_ELSEWHERE: { status: 409, meaning: 'the samples are not in the embedded store' },
  ROLLOUT_STATE: { status: 409, meaning: 'what the roll-out is in does not allow it' },
  ROLLOUT_OVERLAPS: { status: 409, meaning: 'a roll-out that has not ended has some of these agents' },
  REVISION_MOVED: { status: 409, meaning: 'somebody else has changed it in between' },
  DEMO_FAULT_UNDER_WAY: { status: 409, meaning: 'the target has this fault already, or seven are under way' },
  ALERT_OVER: { status: 409, meaning: 'the alert has ended' },
  TIMELINE_FULL: {
    status: 409,
    meaning: 'people have written as many lines about the alert as there may be',
  },
  WINDOW_ENDED: { status: 409, meaning: 'the maintenance window has ended for good' },
  TOO_MANY_ENTRIES: { status: 409, meaning: 'there are as many of them as there may be; end some first' },
  INVENTORY_IN_FILE: { status: 409, meaning: 'the inventory is that of inventoryFile: change that file' },
  BODY_TOO_LARGE: { status: 413, meaning: 'the body is larger than 64 KiB, or 16 MiB for an import' },
  PATH_TOO_LONG: { status: 414, meaning: 'a part of the path is longer than 200 characters' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    meaning: 'the body is not sent as application/json, nor as another type that the route takes',
  },
  CONFIG_REFUSED: { status: 422, meaning: 'the config has problems; all are listed, nothing was pushed' },
  RULE_REFUSED: { status: 422, meaning: 'the rule has problems; all are listed' },
  NOT_OVER_HISTORY: {
    status: 422,
    meaning:
      'what the rule judges is not in the store: it cannot be tested over history, and the detail says why',
  },
  INVENTORY_REFUSED: {
    status: 422,
    meaning: 'the inventory would have problems; all are listed, nothing was changed',
  },
  TOO_MANY_BACKTESTS: { status: 429, meaning: 'the token, or all together, run backtests already' },
  TOO_MANY_REQUESTS: {
    status: 429,
    meaning:
      'more than 1,200 requests a minute from one address, many large imports or many writes of single entries',
  },
  TOO_MANY_REFUSED_TOKENS: {
    status: 429,
    meaning: 'the address has sent many tokens that are not valid; a valid one is accepted all the same',
  },
  TOO_MANY_QUESTIONS: {
    status: 429,
    meaning: 'many long questions about the history of states wait already; ask later, or for less',
  },
  TOO_MANY_STREAMS: {
    status: 429,
    meaning: 'the token, the address or all together have many event streams',
  },
  HEADERS_TOO_LARGE: { status: 431, meaning: 'path, query and headers together are larger than 16 KiB' },
  INTERNAL: { status: 500, meaning: "an error of central's own; its log has it under the request id" },
  QUERY_TOO_SLOW: { status: 503, meaning: 'the store needs more than 30 s for this; ask for less' },
  STOPPING: { status: 503, meaning: 'central is stopping; ask again once it runs' },
  STORE_UNAVAILABLE: { status: 503, meaning: 'the sample store does not answer' },
} as const satisfies Readonly<Record<string, { status: ErrorStatus; meaning: string }>>;

export type ErrorCode = keyof typeof ERROR_CODES;

export const ERROR_CODE_NAMES = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];
