// Made from the OpenAPI document by scripts/board/answers.test.js; not by hand.


/** What central answers, by path. */
export interface Answers {
  '/api/v1/me': {
    readonly name: string;
    readonly role: "viewer" | "operator" | "engineer" | "admin";
    readonly limits?: {
      readonly units?: readonly (string)[] | undefined;
      readonly agencies?: readonly (string)[] | undefined;
    } | undefined;
    readonly language: "vi" | "en";
    readonly mayWrite: boolean;
    readonly session?: {
      readonly kind: "link" | "token" | "oidc";
      readonly expiresAtMs: number;
      readonly idleAfterMs?: number | undefined;
    } | undefined;
  };
  '/api/v1/login': {
    readonly ways: readonly ("token" | "oidc")[];
    readonly oidc?: {
      readonly name: string;
      readonly isAvailable: boolean;
      readonly startPath: string;
    } | undefined;
  };
  '/api/v1/city': {
    readonly madeAtMs: number;
    readonly isSimulated: boolean;
    readonly units: readonly ({
      readonly code: string;
      readonly name: string;
      readonly kind: "ward" | "commune" | "special_zone";
      readonly longitude: number;
      readonly latitude: number;
      readonly areaKm2: number;
      readonly state: "down" | "unreachable" | "unknown" | "alert" | "up";
      readonly sinceMs: number;
      readonly sites: number;
      readonly agents: Readonly<Record<"live" | "silent" | "stopped" | "never_seen", number>>;
      readonly devices: Readonly<Record<"up" | "down" | "unreachable" | "unknown", number>>;
      readonly activeAlerts: number;
    })[];
    readonly incidents: {
      readonly items: readonly ({
        readonly id: string;
        readonly root?: string | undefined;
        readonly rootName?: string | undefined;
        readonly headAlert?: string | undefined;
        readonly title: {
          readonly en: string;
          readonly vi: string;
        };
        readonly severity: "warning" | "minor" | "major" | "critical";
        readonly beganAtMs: number;
        readonly endedAtMs?: number | undefined;
        readonly mergedInto?: string | undefined;
        readonly unit?: string | undefined;
        readonly site?: string | undefined;
        readonly alerts: number;
        readonly openAlerts: number;
        readonly suppressedAlerts: number;
        readonly counts?: {
          readonly devices: number;
          readonly sites: number;
          readonly units: number;
          readonly services: number;
        } | undefined;
        readonly handling?: {
          readonly assignee?: string | undefined;
          readonly acknowledgedBy?: string | undefined;
        } | undefined;
      })[];
      readonly isMore: boolean;
    };
    readonly services: readonly ({
      readonly id: string;
      readonly name: string;
      readonly state: "up" | "degraded" | "unknown" | "down";
      readonly sinceMs: number;
    })[];
    readonly readiness: {
      readonly ready: boolean;
      readonly checks: readonly ({
        readonly name: string;
        readonly ok: boolean;
        readonly detail: string;
        readonly reasons: readonly ({
          readonly code: "deaf" | "measured" | "reported" | "disputed_measured" | "disputed_reported" | "agent_silent" | "agent_stopped" | "agent_never_seen" | "agent_without_values" | "nothing_arrived" | "evidence_old" | "down" | "cut_off" | "all_devices_down" | "none_of_devices_up" | "agent_reports" | "devices_up" | "nothing_measurable" | "nothing_fresh_of_devices" | "no_fresh_port" | "devices_by_state" | "sites_up" | "not_installed" | "not_in_service" | "more" | "all_needs_up" | "enough_up" | "need" | "need_because" | "need_because_of_many" | "pool_unmeasured" | "pool_full" | "too_few_left" | "down_itself" | "connected" | "not_connected" | "store_accepts" | "store_refuses" | "store_is_late" | "judged_on_arrival" | "nothing_received" | "agents_held" | "agents_heard" | "nothing_arrives" | "nearly_all_silent" | "clock_agrees" | "clock_alone" | "clock_differs" | "clock_ahead" | "clock_behind" | "certificates_valid" | "certificate_ends" | "certificate_ended" | "disk_used" | "disk_not_known" | "inventory_in_force" | "inventory_file_unusable" | "rules_run" | "rule_files_unusable" | "measurement_files_unusable" | "backup_age" | "canary_hop_broken" | "canary_channel_broken" | "canary_alarm_open" | "canary_never_through" | "canary_through_before" | "canary_overdue" | "canary_through" | "canary_through_in" | "no_own_alarm" | "own_alarm";
          readonly parameters: Readonly<Record<string, string>>;
        })[];
      })[];
    };
    readonly pools: {
      readonly soonest: readonly ({
        readonly id: string;
        readonly resource: string;
        readonly days: number;
        readonly madeAtMs: number;
      })[];
      readonly unknown: number;
    };
    readonly figures: {
      readonly completenessPercent?: number | undefined;
      readonly samplesPerS?: number | undefined;
      readonly lagMs?: number | undefined;
    };
  };
  '/api/v1/units': {
    readonly items: readonly ({
      readonly code: string;
      readonly name: string;
      readonly nameEn: string;
      readonly kind: "ward" | "commune" | "special_zone";
      readonly longitude: number;
      readonly latitude: number;
      readonly areaKm2: number;
      readonly state: "down" | "unreachable" | "unknown" | "alert" | "up";
      readonly sinceMs: number;
      readonly reason: string;
      readonly reasons: readonly ({
        readonly code: "deaf" | "measured" | "reported" | "disputed_measured" | "disputed_reported" | "agent_silent" | "agent_stopped" | "agent_never_seen" | "agent_without_values" | "nothing_arrived" | "evidence_old" | "down" | "cut_off" | "all_devices_down" | "none_of_devices_up" | "agent_reports" | "devices_up" | "nothing_measurable" | "nothing_fresh_of_devices" | "no_fresh_port" | "devices_by_state" | "sites_up" | "not_installed" | "not_in_service" | "more" | "all_needs_up" | "enough_up" | "need" | "need_because" | "need_because_of_many" | "pool_unmeasured" | "pool_full" | "too_few_left" | "down_itself" | "connected" | "not_connected" | "store_accepts" | "store_refuses" | "store_is_late" | "judged_on_arrival" | "nothing_received" | "agents_held" | "agents_heard" | "nothing_arrives" | "nearly_all_silent" | "clock_agrees" | "clock_alone" | "clock_differs" | "clock_ahead" | "clock_behind" | "certificates_valid" | "certificate_ends" | "certificate_ended" | "disk_used" | "disk_not_known" | "inventory_in_force" | "inventory_file_unusable" | "rules_run" | "rule_files_unusable" | "measurement_files_unusable" | "backup_age" | "canary_hop_broken" | "canary_channel_broken" | "canary_alarm_open" | "canary_never_through" | "canary_through_before" | "canary_overdue" | "canary_through" | "canary_through_in" | "no_own_alarm" | "own_alarm";
        readonly parameters: Readonly<Record<string, string>>;
      })[];
      readonly roots: readonly (string)[];
      readonly sites: number;
      readonly siteStates: Readonly<Record<"up" | "down" | "unreachable" | "unknown", number>>;
      readonly agents: Readonly<Record<"live" | "silent" | "stopped" | "never_seen", number>>;
      readonly devices: Readonly<Record<"up" | "down" | "unreachable" | "unknown", number>>;
      readonly activeAlerts: number;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/sites': {
    readonly items: readonly ({
      readonly id: string;
      readonly unit: string;
      readonly formerUnits?: readonly ({
        readonly unit: string;
        readonly until: string;
      })[] | undefined;
      readonly name: string;
      readonly kind: "city" | "hub" | "site" | "datacentre";
      readonly parents?: readonly (string)[] | undefined;
      readonly longitude: number;
      readonly latitude: number;
      readonly agency?: string | undefined;
      readonly installedOn?: string | undefined;
      readonly retiredOn?: string | undefined;
      readonly contact?: string | undefined;
      readonly notes?: string | undefined;
      readonly state: "up" | "down" | "unreachable" | "unknown";
      readonly sinceMs: number;
      readonly reason: string;
      readonly reasons: readonly ({
        readonly code: "deaf" | "measured" | "reported" | "disputed_measured" | "disputed_reported" | "agent_silent" | "agent_stopped" | "agent_never_seen" | "agent_without_values" | "nothing_arrived" | "evidence_old" | "down" | "cut_off" | "all_devices_down" | "none_of_devices_up" | "agent_reports" | "devices_up" | "nothing_measurable" | "nothing_fresh_of_devices" | "no_fresh_port" | "devices_by_state" | "sites_up" | "not_installed" | "not_in_service" | "more" | "all_needs_up" | "enough_up" | "need" | "need_because" | "need_because_of_many" | "pool_unmeasured" | "pool_full" | "too_few_left" | "down_itself" | "connected" | "not_connected" | "store_accepts" | "store_refuses" | "store_is_late" | "judged_on_arrival" | "nothing_received" | "agents_held" | "agents_heard" | "nothing_arrives" | "nearly_all_silent" | "clock_agrees" | "clock_alone" | "clock_differs" | "clock_ahead" | "clock_behind" | "certificates_valid" | "certificate_ends" | "certificate_ended" | "disk_used" | "disk_not_known" | "inventory_in_force" | "inventory_file_unusable" | "rules_run" | "rule_files_unusable" | "measurement_files_unusable" | "backup_age" | "canary_hop_broken" | "canary_channel_broken" | "canary_alarm_open" | "canary_never_through" | "canary_through_before" | "canary_overdue" | "canary_through" | "canary_through_in" | "no_own_alarm" | "own_alarm";
        readonly parameters: Readonly<Record<string, string>>;
      })[];
      readonly roots: readonly (string)[];
      readonly evidence: readonly ({
        readonly agent: string;
        readonly measurement: string;
        readonly field?: string | undefined;
        readonly value?: number | string | boolean | undefined;
        readonly verdict: "well" | "bad";
        readonly atMs: number;
      })[];
      readonly isDisputed: boolean;
      readonly disputedBy: readonly (string)[];
      readonly nextReviewMs?: number | undefined;
      readonly inService: boolean;
      readonly devices: Readonly<Record<"up" | "down" | "unreachable" | "unknown", number>>;
      readonly unitName?: string | undefined;
      readonly maintenance?: {
        readonly id: string;
        readonly untilMs: number;
      } | undefined;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/devices': {
    readonly items: readonly ({
      readonly id: string;
      readonly kind: "node" | "server" | "probe" | "modem" | "ups" | "line" | "radio" | "storage" | "pdu" | "endpoint" | "sensor" | "other";
      readonly name?: string | undefined;
      readonly site: string;
      readonly unit: string;
      readonly agent: string;
      readonly otherAgents?: readonly (string)[] | undefined;
      readonly parents?: readonly (string)[] | undefined;
      readonly expects?: readonly ({
        readonly measurement: string;
        readonly intervalMs: number;
      })[] | undefined;
      readonly agency?: string | undefined;
      readonly installedOn?: string | undefined;
      readonly retiredOn?: string | undefined;
      readonly contact?: string | undefined;
      readonly notes?: string | undefined;
      readonly state: "up" | "down" | "unreachable" | "unknown";
      readonly sinceMs: number;
      readonly reason: string;
      readonly reasons: readonly ({
        readonly code: "deaf" | "measured" | "reported" | "disputed_measured" | "disputed_reported" | "agent_silent" | "agent_stopped" | "agent_never_seen" | "agent_without_values" | "nothing_arrived" | "evidence_old" | "down" | "cut_off" | "all_devices_down" | "none_of_devices_up" | "agent_reports" | "devices_up" | "nothing_measurable" | "nothing_fresh_of_devices" | "no_fresh_port" | "devices_by_state" | "sites_up" | "not_installed" | "not_in_service" | "more" | "all_needs_up" | "enough_up" | "need" | "need_because" | "need_because_of_many" | "pool_unmeasured" | "pool_full" | "too_few_left" | "down_itself" | "connected" | "not_connected" | "store_accepts" | "store_refuses" | "store_is_late" | "judged_on_arrival" | "nothing_received" | "agents_held" | "agents_heard" | "nothing_arrives" | "nearly_all_silent" | "clock_agrees" | "clock_alone" | "clock_differs" | "clock_ahead" | "clock_behind" | "certificates_valid" | "certificate_ends" | "certificate_ended" | "disk_used" | "disk_not_known" | "inventory_in_force" | "inventory_file_unusable" | "rules_run" | "rule_files_unusable" | "measurement_files_unusable" | "backup_age" | "canary_hop_broken" | "canary_channel_broken" | "canary_alarm_open" | "canary_never_through" | "canary_through_before" | "canary_overdue" | "canary_through" | "canary_through_in" | "no_own_alarm" | "own_alarm";
        readonly parameters: Readonly<Record<string, string>>;
      })[];
      readonly roots: readonly (string)[];
      readonly evidence: readonly ({
        readonly agent: string;
        readonly measurement: string;
        readonly field?: string | undefined;
        readonly value?: number | string | boolean | undefined;
        readonly verdict: "well" | "bad";
        readonly atMs: number;
      })[];
      readonly isDisputed: boolean;
      readonly disputedBy: readonly (string)[];
      readonly nextReviewMs?: number | undefined;
      readonly inService: boolean;
      readonly unitName?: string | undefined;
      readonly siteName?: string | undefined;
      readonly maintenance?: {
        readonly id: string;
        readonly untilMs: number;
      } | undefined;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/interfaces': {
    readonly items: readonly ({
      readonly device: string;
      readonly name: string;
      readonly description?: string | undefined;
      readonly capacityBps?: number | undefined;
      readonly link?: string | undefined;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/links': {
    readonly items: readonly ({
      readonly id: string;
      readonly kind: "fibre" | "copper" | "microwave" | "5g" | "leased" | "vpn" | "other";
      readonly ends: readonly [{
        readonly site: string;
        readonly device?: string | undefined;
        readonly interface?: string | undefined;
      }, {
        readonly site: string;
        readonly device?: string | undefined;
        readonly interface?: string | undefined;
      }];
      readonly operator?: string | undefined;
      readonly capacityBps?: number | undefined;
      readonly agency?: string | undefined;
      readonly installedOn?: string | undefined;
      readonly retiredOn?: string | undefined;
      readonly contact?: string | undefined;
      readonly notes?: string | undefined;
      readonly state: "up" | "down" | "unreachable" | "unknown";
      readonly sinceMs: number;
      readonly reason: string;
      readonly reasons: readonly ({
        readonly code: "deaf" | "measured" | "reported" | "disputed_measured" | "disputed_reported" | "agent_silent" | "agent_stopped" | "agent_never_seen" | "agent_without_values" | "nothing_arrived" | "evidence_old" | "down" | "cut_off" | "all_devices_down" | "none_of_devices_up" | "agent_reports" | "devices_up" | "nothing_measurable" | "nothing_fresh_of_devices" | "no_fresh_port" | "devices_by_state" | "sites_up" | "not_installed" | "not_in_service" | "more" | "all_needs_up" | "enough_up" | "need" | "need_because" | "need_because_of_many" | "pool_unmeasured" | "pool_full" | "too_few_left" | "down_itself" | "connected" | "not_connected" | "store_accepts" | "store_refuses" | "store_is_late" | "judged_on_arrival" | "nothing_received" | "agents_held" | "agents_heard" | "nothing_arrives" | "nearly_all_silent" | "clock_agrees" | "clock_alone" | "clock_differs" | "clock_ahead" | "clock_behind" | "certificates_valid" | "certificate_ends" | "certificate_ended" | "disk_used" | "disk_not_known" | "inventory_in_force" | "inventory_file_unusable" | "rules_run" | "rule_files_unusable" | "measurement_files_unusable" | "backup_age" | "canary_hop_broken" | "canary_channel_broken" | "canary_alarm_open" | "canary_never_through" | "canary_through_before" | "canary_overdue" | "canary_through" | "canary_through_in" | "no_own_alarm" | "own_alarm";
        readonly parameters: Readonly<Record<string, string>>;
      })[];
      readonly roots: readonly (string)[];
      readonly evidence: readonly ({
        readonly agent: string;
        readonly measurement: string;
        readonly field?: string | undefined;
        readonly value?: number | string | boolean | undefined;
        readonly verdict: "well" | "bad";
        readonly atMs: number;
      })[];
      readonly isDisputed: boolean;
      readonly disputedBy: readonly (string)[];
      readonly nextReviewMs?: number | undefined;
      readonly inService: boolean;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/pools': {
    readonly items: readonly ({
      readonly id: string;
      readonly site: string;
      readonly resource: string;
      readonly agents?: readonly (string)[] | undefined;
      readonly agency?: string | undefined;
      readonly installedOn?: string | undefined;
      readonly retiredOn?: string | undefined;
      readonly contact?: string | undefined;
      readonly notes?: string | undefined;
      readonly state: "down" | "unreachable" | "unknown" | "degraded" | "up";
      readonly sinceMs: number;
      readonly reason: string;
      readonly roots: readonly (string)[];
      readonly measuredAtMs?: number | undefined;
      readonly forecast?: {
        readonly outcome: "dated" | "distant" | "no_trend" | "unproven" | "too_little_history";
        readonly daysToFull?: {
          readonly early?: number | undefined;
          readonly middle: number;
          readonly late?: number | undefined;
        } | undefined;
        readonly usedPercent: number;
        readonly growthPerDay?: number | undefined;
        readonly historyDays: number;
        readonly comparedWith?: number | undefined;
        readonly method: string;
        readonly madeAtMs: number;
      } | undefined;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/pools/{id}': {
    readonly items: readonly ({
      readonly id: string;
      readonly site: string;
      readonly resource: string;
      readonly agents?: readonly (string)[] | undefined;
      readonly agency?: string | undefined;
      readonly installedOn?: string | undefined;
      readonly retiredOn?: string | undefined;
      readonly contact?: string | undefined;
      readonly notes?: string | undefined;
      readonly state: "down" | "unreachable" | "unknown" | "degraded" | "up";
      readonly sinceMs: number;
      readonly reason: string;
      readonly roots: readonly (string)[];
      readonly measuredAtMs?: number | undefined;
      readonly forecast?: {
        readonly outcome: "dated" | "distant" | "no_trend" | "unproven" | "too_little_history";
        readonly daysToFull?: {
          readonly early?: number | undefined;
          readonly middle: number;
          readonly late?: number | undefined;
        } | undefined;
        readonly usedPercent: number;
        readonly growthPerDay?: number | undefined;
        readonly historyDays: number;
        readonly comparedWith?: number | undefined;
        readonly method: string;
        readonly madeAtMs: number;
      } | undefined;
    })[];
  };
  '/api/v1/services': {
    readonly items: readonly ({
      readonly id: string;
      readonly name: string;
      readonly availabilityTargetPercent?: number | undefined;
      readonly needs: readonly (string | {
        readonly anyOf: readonly (string)[];
        readonly atLeast?: number | undefined;
      })[];
      readonly agency?: string | undefined;
      readonly installedOn?: string | undefined;
      readonly retiredOn?: string | undefined;
      readonly contact?: string | undefined;
      readonly notes?: string | undefined;
      readonly state: "up" | "degraded" | "unknown" | "down";
      readonly reason: string;
      readonly reasons: readonly ({
        readonly code: "deaf" | "measured" | "reported" | "disputed_measured" | "disputed_reported" | "agent_silent" | "agent_stopped" | "agent_never_seen" | "agent_without_values" | "nothing_arrived" | "evidence_old" | "down" | "cut_off" | "all_devices_down" | "none_of_devices_up" | "agent_reports" | "devices_up" | "nothing_measurable" | "nothing_fresh_of_devices" | "no_fresh_port" | "devices_by_state" | "sites_up" | "not_installed" | "not_in_service" | "more" | "all_needs_up" | "enough_up" | "need" | "need_because" | "need_because_of_many" | "pool_unmeasured" | "pool_full" | "too_few_left" | "down_itself" | "connected" | "not_connected" | "store_accepts" | "store_refuses" | "store_is_late" | "judged_on_arrival" | "nothing_received" | "agents_held" | "agents_heard" | "nothing_arrives" | "nearly_all_silent" | "clock_agrees" | "clock_alone" | "clock_differs" | "clock_ahead" | "clock_behind" | "certificates_valid" | "certificate_ends" | "certificate_ended" | "disk_used" | "disk_not_known" | "inventory_in_force" | "inventory_file_unusable" | "rules_run" | "rule_files_unusable" | "measurement_files_unusable" | "backup_age" | "canary_hop_broken" | "canary_channel_broken" | "canary_alarm_open" | "canary_never_through" | "canary_through_before" | "canary_overdue" | "canary_through" | "canary_through_in" | "no_own_alarm" | "own_alarm";
        readonly parameters: Readonly<Record<string, string>>;
      })[];
      readonly roots: readonly (string)[];
      readonly sinceMs: number;
      readonly circle?: readonly (string)[] | undefined;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/agencies': {
    readonly items: readonly ({
      readonly id: string;
      readonly name: string;
      readonly contact?: string | undefined;
      readonly notes?: string | undefined;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/agents': {
    readonly items: readonly ({
      readonly id: string;
      readonly phase: "live" | "silent" | "stopped" | "never_seen";
      readonly expected: boolean;
      readonly kind?: "gateway" | "server" | undefined;
      readonly site?: string | undefined;
      readonly unit?: string | undefined;
      readonly software?: string | undefined;
      readonly intervalMs: number;
      readonly firstSeenAtMs?: number | undefined;
      readonly lastSeenAtMs?: number | undefined;
      readonly clockOffsetMs?: number | undefined;
      readonly queueBytes?: number | undefined;
      readonly lostBatches?: number | undefined;
      readonly unitName?: string | undefined;
      readonly siteName?: string | undefined;
      readonly sparkplug?: {
        readonly group: string;
        readonly node: string;
        readonly session: "unborn" | "born" | "dead";
        readonly bdSeq?: number | undefined;
        readonly devices: readonly (string)[];
        readonly metrics: number;
        readonly lostMessages: number;
        readonly rebirthRequests: number;
      } | undefined;
      readonly config: {
        readonly state: "own_file" | "pending" | "trial" | "running" | "failed" | "ahead";
        readonly desired: number;
        readonly running: number;
        readonly problem?: {
          readonly revision: number;
          readonly reason: string;
        } | undefined;
      };
      readonly problems: readonly ({
        readonly problem: "twins" | "too_many_alerts" | "too_many_series" | "too_many_refused" | "implausible_losses";
        readonly sinceMs: number;
        readonly lastAtMs: number;
        readonly count: number;
        readonly detail: string;
      })[];
    })[];
    readonly nextCursor?: string | undefined;
    readonly withoutVersion?: number | undefined;
  };
  '/api/v1/quarantine': {
    readonly items: readonly ({
      readonly id: number;
      readonly atMs: number;
      readonly agent: string;
      readonly epoch?: string | undefined;
      readonly seq?: number | undefined;
      readonly row?: number | undefined;
      readonly measurement?: string | undefined;
      readonly code: string;
      readonly reason: string;
      readonly raw?: unknown;
      readonly payloadBase64?: string | undefined;
      readonly payloadBytes?: number | undefined;
      readonly state: "waiting" | "storing" | "replayed" | "discarded";
      readonly replayable: boolean;
      readonly decision?: {
        readonly atMs: number;
        readonly actor: string;
        readonly tries: number;
        readonly code?: string | undefined;
        readonly reason?: string | undefined;
      } | undefined;
    })[];
    readonly nextCursor?: string | undefined;
    readonly counts: Readonly<Record<string, number>>;
    readonly notKept: number;
  };
  '/api/v1/quarantine/groups': {
    readonly groups: readonly ({
      readonly agent: string;
      readonly code: string;
      readonly measurement?: string | undefined;
      readonly count: number;
      readonly replayable: number;
      readonly firstAtMs: number;
      readonly lastAtMs: number;
      readonly newestId: number;
      readonly reason: string;
    })[];
    readonly total: number;
    readonly entries: number;
    readonly codes: readonly (string)[];
    readonly measurements: readonly (string)[];
  };
  '/api/v1/rollouts': {
    readonly items: readonly ({
      readonly id: number;
      readonly state: "running" | "paused" | "stopped" | "rolling_back" | "done" | "cancelled" | "rolled_back";
      readonly reason: string;
      readonly actor: string;
      readonly createdAtMs: number;
      readonly change: {
        readonly config: Readonly<Record<string, unknown>>;
      } | {
        readonly patch: {
          readonly collectors?: readonly ({
            readonly kind: string;
            readonly name?: string | undefined;
          })[] | undefined;
          readonly remove?: readonly ({
            readonly kind: string;
            readonly name?: string | undefined;
          })[] | undefined;
          readonly log?: {
            readonly level: "trace" | "debug" | "info" | "warn" | "error" | "silent";
          } | undefined;
        };
      };
      readonly settings: {
        readonly watchMs: number;
        readonly applyWithinMs: number;
        readonly leastShare: number;
        readonly onStop: "hold" | "roll_back";
      };
      readonly stages: readonly (number)[];
      readonly stage: number;
      readonly watchSinceMs?: number | undefined;
      readonly stopReasons: readonly (string)[];
      readonly history: readonly ({
        readonly atMs: number;
        readonly what: "created" | "stage" | "watch" | "paused" | "resumed" | "stopped" | "cancelled" | "rolling_back" | "rolled_back" | "done";
        readonly actor?: string | undefined;
        readonly detail?: string | undefined;
      })[];
      readonly agents: number;
      readonly watchedUntilMs?: number | undefined;
      readonly counts: Readonly<Record<"waiting" | "pushed" | "skipped" | "restored" | "applied" | "failed", number>>;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/rollouts/{id}': {
    readonly id: number;
    readonly state: "running" | "paused" | "stopped" | "rolling_back" | "done" | "cancelled" | "rolled_back";
    readonly reason: string;
    readonly actor: string;
    readonly createdAtMs: number;
    readonly change: {
      readonly config: Readonly<Record<string, unknown>>;
    } | {
      readonly patch: {
        readonly collectors?: readonly ({
          readonly kind: string;
          readonly name?: string | undefined;
        })[] | undefined;
        readonly remove?: readonly ({
          readonly kind: string;
          readonly name?: string | undefined;
        })[] | undefined;
        readonly log?: {
          readonly level: "trace" | "debug" | "info" | "warn" | "error" | "silent";
        } | undefined;
      };
    };
    readonly settings: {
      readonly watchMs: number;
      readonly applyWithinMs: number;
      readonly leastShare: number;
      readonly onStop: "hold" | "roll_back";
    };
    readonly stages: readonly (number)[];
    readonly stage: number;
    readonly watchSinceMs?: number | undefined;
    readonly stopReasons: readonly (string)[];
    readonly history: readonly ({
      readonly atMs: number;
      readonly what: "created" | "stage" | "watch" | "paused" | "resumed" | "stopped" | "cancelled" | "rolling_back" | "rolled_back" | "done";
      readonly actor?: string | undefined;
      readonly detail?: string | undefined;
    })[];
    readonly agents: number;
    readonly watchedUntilMs?: number | undefined;
    readonly counts: Readonly<Record<"waiting" | "pushed" | "skipped" | "restored" | "applied" | "failed", number>>;
    readonly members: readonly ({
      readonly agent: string;
      readonly state: "waiting" | "pushed" | "skipped" | "restored";
      readonly standing?: "trying" | "applied" | "failed" | "moved" | undefined;
      readonly fromRevision: number;
      readonly toRevision?: number | undefined;
      readonly note?: string | undefined;
    })[];
  };
  '/api/v1/search': {
    readonly hits: readonly ({
      readonly kind: "unit" | "former-unit" | "site" | "service" | "agency" | "device" | "agent" | "link" | "pool" | "interface";
      readonly id: string;
      readonly name: string;
      readonly match: "exact" | "beginning" | "words" | "id";
      readonly todaysUnits?: readonly (string)[] | undefined;
    })[];
    readonly total: number;
    readonly truncated: boolean;
  };
  '/api/v1/blast-radius': {
    readonly devices: readonly ({
      readonly id: string;
      readonly effect: "cut" | "degraded";
      readonly kind: string;
      readonly site: string;
      readonly unit: string;
    })[];
    readonly sites: readonly ({
      readonly id: string;
      readonly effect: "cut" | "degraded";
      readonly kind: string;
      readonly name: string;
      readonly unit: string;
    })[];
    readonly links: readonly ({
      readonly id: string;
      readonly effect: "cut" | "degraded";
    })[];
    readonly pools: readonly ({
      readonly id: string;
      readonly effect: "cut" | "degraded";
      readonly site: string;
    })[];
    readonly units: readonly ({
      readonly id: string;
      readonly effect: "cut" | "degraded";
      readonly name: string;
      readonly sitesCut: number;
      readonly sites: number;
      readonly devicesCut: number;
    })[];
    readonly services: readonly ({
      readonly id: string;
      readonly effect: "cut" | "degraded";
      readonly name: string;
      readonly reason: string;
    })[];
    readonly agencies: readonly ({
      readonly id: string;
      readonly effect: "cut" | "degraded";
      readonly name: string;
      readonly affected: number;
    })[];
    readonly of: string;
    readonly given: "all_up" | "now";
    readonly state?: "up" | "down" | "unreachable" | "unknown" | undefined;
    readonly sinceMs?: number | undefined;
    readonly roots?: readonly (string)[] | undefined;
    readonly counts: {
      readonly devices: {
        readonly cut: number;
        readonly degraded: number;
      };
      readonly sites: {
        readonly cut: number;
        readonly degraded: number;
      };
      readonly links: {
        readonly cut: number;
        readonly degraded: number;
      };
      readonly pools: {
        readonly cut: number;
        readonly degraded: number;
      };
      readonly units: {
        readonly cut: number;
        readonly degraded: number;
      };
      readonly services: {
        readonly cut: number;
        readonly degraded: number;
      };
      readonly agencies: {
        readonly cut: number;
        readonly degraded: number;
      };
    };
    readonly isPartial?: true | undefined;
    readonly truncated: boolean;
  };
  '/api/v1/states': {
    readonly items: readonly ({
      readonly ref: string;
      readonly id: string;
      readonly name?: string | undefined;
      readonly kind?: string | undefined;
      readonly unit?: string | undefined;
      readonly site?: string | undefined;
      readonly unitName?: string | undefined;
      readonly siteName?: string | undefined;
      readonly state: "up" | "down" | "unreachable" | "unknown" | "degraded";
      readonly fromMs: number;
      readonly toMs: number;
      readonly sinceMs: number;
      readonly roots: readonly (string)[];
      readonly centralOff: boolean;
    })[];
    readonly nextCursor?: string | undefined;
    readonly availableFromMs?: number | undefined;
  };
  '/api/v1/availability': {
    readonly items: readonly ({
      readonly id: string;
      readonly name?: string | undefined;
      readonly elements: number;
      readonly expectedMs: number;
      readonly timeMs: Readonly<Record<"up" | "down" | "unreachable" | "unknown" | "degraded", number>>;
      readonly sharePercent?: Readonly<Record<"up" | "down" | "unreachable" | "unknown" | "degraded", number>> | undefined;
      readonly completeness?: number | undefined;
      readonly parts?: readonly ({
        readonly expectedMs: number;
        readonly timeMs: Readonly<Record<"up" | "down" | "unreachable" | "unknown" | "degraded", number>>;
        readonly sharePercent?: Readonly<Record<"up" | "down" | "unreachable" | "unknown" | "degraded", number>> | undefined;
        readonly completeness?: number | undefined;
        readonly fromMs: number;
        readonly toMs: number;
      })[] | undefined;
    })[];
    readonly nextCursor?: string | undefined;
    readonly fromMs: number;
    readonly toMs: number;
    readonly unplaced?: {
      readonly elements: number;
      readonly expectedMs: number;
      readonly timeMs: Readonly<Record<"up" | "down" | "unreachable" | "unknown" | "degraded", number>>;
      readonly sharePercent?: Readonly<Record<"up" | "down" | "unreachable" | "unknown" | "degraded", number>> | undefined;
      readonly completeness?: number | undefined;
    } | undefined;
  };
  '/api/v1/coverage': {
    readonly items: readonly ({
      readonly unit: string;
      readonly name: string;
      readonly modems: number;
      readonly completeness?: number | undefined;
      readonly samples: number;
      readonly coveredSamples: number;
      readonly coveredPercent?: number | undefined;
      readonly atLeastPercent?: number | undefined;
      readonly atMostPercent?: number | undefined;
      readonly dips: number;
      readonly dipS: number;
      readonly fallBacks: number;
      readonly operators: readonly ({
        readonly operator?: string | undefined;
        readonly samples: number;
        readonly coveredSamples: number;
        readonly coveredPercent?: number | undefined;
        readonly atLeastPercent?: number | undefined;
        readonly atMostPercent?: number | undefined;
        readonly dips: number;
        readonly dipS: number;
        readonly fallBacks: number;
        readonly rats: readonly ({
          readonly rat?: string | undefined;
          readonly samples: number;
          readonly coveredSamples: number;
          readonly coveredPercent?: number | undefined;
          readonly atLeastPercent?: number | undefined;
          readonly atMostPercent?: number | undefined;
          readonly dips: number;
          readonly dipS: number;
          readonly fallBacks: number;
        })[];
      })[];
    })[];
    readonly nextCursor?: string | undefined;
    readonly fromMs: number;
    readonly toMs: number;
    readonly minimumRsrpDbm: number;
    readonly availableFromMs?: number | undefined;
    readonly resolution: readonly ({
      readonly of: "raw" | "minute" | "hour";
      readonly fromMs: number;
      readonly toMs: number;
    })[];
  };
  '/api/v1/latest': {
    readonly rows: readonly ({
      readonly tags: Readonly<Record<string, string>>;
      readonly timeMs: number;
      readonly fields: Readonly<Record<string, number | string | boolean>>;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/series': {
    readonly fromMs: number;
    readonly toMs: number;
    readonly everyMs?: number | undefined;
    readonly timeZone?: string | undefined;
    readonly partial?: readonly (number)[] | undefined;
    readonly series: readonly ({
      readonly tags: Readonly<Record<string, string>>;
      readonly state?: number | string | boolean | undefined;
      readonly points: readonly (readonly [number, number | string | boolean | null])[];
    })[];
    readonly truncated: boolean;
    readonly nextCursor?: string | undefined;
    readonly availableFromMs?: number | undefined;
    readonly resolution: readonly ({
      readonly of: "raw" | "minute" | "hour";
      readonly fromMs: number;
      readonly toMs: number;
    })[];
  };
  '/api/v1/catalogue': {
    readonly measurements: readonly (Readonly<Record<string, unknown>>)[];
    readonly refused?: readonly (string)[] | undefined;
  };
  '/api/v1/rules': {
    readonly items: readonly ({
      readonly id: string;
      readonly version?: number | undefined;
      readonly kind: string;
      readonly name: {
        readonly en: string;
        readonly vi: string;
      };
      readonly action: {
        readonly en: string;
        readonly vi: string;
      };
      readonly owner?: string | undefined;
      readonly eventType: "communications" | "quality_of_service" | "processing_error" | "equipment" | "environmental";
      readonly probableCause: "application_subsystem_failure" | "bandwidth_reduced" | "communications_protocol_error" | "communications_subsystem_failure" | "configuration_or_customization_error" | "congestion" | "corrupt_data" | "cpu_cycles_limit_exceeded" | "degraded_signal" | "enclosure_door_open" | "equipment_malfunction" | "fire_detected" | "flood_detected" | "heating_ventilation_or_cooling_system_problem" | "humidity_unacceptable" | "input_output_device_error" | "lan_error" | "local_node_transmission_error" | "loss_of_signal" | "out_of_memory" | "performance_degraded" | "power_problem" | "processor_problem" | "queue_size_exceeded" | "receive_failure" | "remote_node_transmission_error" | "resource_at_or_nearing_capacity" | "response_time_excessive" | "software_error" | "software_program_abnormally_terminated" | "storage_capacity_problem" | "temperature_unacceptable" | "threshold_crossed" | "timing_problem" | "transmit_failure" | "underlying_resource_unavailable";
      readonly origin: "shipped" | "own" | "replacement";
      readonly source: string;
      readonly hash: string;
      readonly measurement?: string | undefined;
      readonly condition: string;
      readonly valueUnit: string;
      readonly entity: readonly (string)[];
      readonly levels: readonly ({
        readonly severity: "warning" | "minor" | "major" | "critical";
        readonly limit: string;
        readonly forMs: number;
      })[];
      readonly clearForMs: number;
      readonly activeAlerts: number;
      readonly notOverHistory?: {
        readonly en: string;
        readonly vi: string;
      } | undefined;
    })[];
    readonly nextCursor?: string | undefined;
    readonly refused?: {
      readonly atMs: number;
      readonly problems: readonly (string)[];
    } | undefined;
  };
  '/api/v1/rules/{id}': {
    readonly id: string;
    readonly version?: number | undefined;
    readonly kind: string;
    readonly name: {
      readonly en: string;
      readonly vi: string;
    };
    readonly action: {
      readonly en: string;
      readonly vi: string;
    };
    readonly owner?: string | undefined;
    readonly eventType: "communications" | "quality_of_service" | "processing_error" | "equipment" | "environmental";
    readonly probableCause: "application_subsystem_failure" | "bandwidth_reduced" | "communications_protocol_error" | "communications_subsystem_failure" | "configuration_or_customization_error" | "congestion" | "corrupt_data" | "cpu_cycles_limit_exceeded" | "degraded_signal" | "enclosure_door_open" | "equipment_malfunction" | "fire_detected" | "flood_detected" | "heating_ventilation_or_cooling_system_problem" | "humidity_unacceptable" | "input_output_device_error" | "lan_error" | "local_node_transmission_error" | "loss_of_signal" | "out_of_memory" | "performance_degraded" | "power_problem" | "processor_problem" | "queue_size_exceeded" | "receive_failure" | "remote_node_transmission_error" | "resource_at_or_nearing_capacity" | "response_time_excessive" | "software_error" | "software_program_abnormally_terminated" | "storage_capacity_problem" | "temperature_unacceptable" | "threshold_crossed" | "timing_problem" | "transmit_failure" | "underlying_resource_unavailable";
    readonly origin: "shipped" | "own" | "replacement";
    readonly source: string;
    readonly hash: string;
    readonly measurement?: string | undefined;
    readonly condition: string;
    readonly valueUnit: string;
    readonly entity: readonly (string)[];
    readonly levels: readonly ({
      readonly severity: "warning" | "minor" | "major" | "critical";
      readonly limit: string;
      readonly forMs: number;
    })[];
    readonly clearForMs: number;
    readonly activeAlerts: number;
    readonly notOverHistory?: {
      readonly en: string;
      readonly vi: string;
    } | undefined;
    readonly yaml: string;
    readonly versions: readonly ({
      readonly version: number;
      readonly hash: string;
      readonly sinceMs: number;
      readonly source: string;
      readonly content: Readonly<Record<string, unknown>>;
    })[];
  };
  '/api/v1/alerts/stats': {
    readonly fromMs: number;
    readonly toMs: number;
    readonly observedFromMs: number;
    readonly fired: number;
    readonly learnedLate: number;
    readonly resolved: number;
    readonly meanTimeToRecoverMs?: number | undefined;
    readonly timeToAcknowledge: {
      readonly alerts: number;
      readonly medianMs?: number | undefined;
      readonly p90Ms?: number | undefined;
    };
    readonly timeToRecover: {
      readonly alerts: number;
      readonly medianMs?: number | undefined;
      readonly p90Ms?: number | undefined;
    };
    readonly severities: readonly ({
      readonly severity: "warning" | "minor" | "major" | "critical";
      readonly fired: number;
      readonly timeToAcknowledge: {
        readonly alerts: number;
        readonly medianMs?: number | undefined;
        readonly p90Ms?: number | undefined;
      };
      readonly timeToRecover: {
        readonly alerts: number;
        readonly medianMs?: number | undefined;
        readonly p90Ms?: number | undefined;
      };
    })[];
    readonly active: number;
    readonly activeLongerThan24h: number;
    readonly unacknowledged: number;
    readonly suppressed: number;
    readonly per10Min: {
      readonly mean: number;
      readonly peak: number;
      readonly peakAtMs?: number | undefined;
      readonly floodRatio: number;
      readonly peopleOnCall?: number | undefined;
      readonly meanPerPerson?: number | undefined;
    };
    readonly rules: readonly ({
      readonly rule: string;
      readonly title?: {
        readonly en: string;
        readonly vi: string;
      } | undefined;
      readonly fired: number;
      readonly active: number;
    })[];
    readonly truncated: boolean;
  };
  '/api/v1/inventory/schema': {
    readonly kinds: Readonly<Record<"units" | "formerUnits" | "agencies" | "sites" | "agents" | "devices" | "interfaces" | "links" | "pools" | "services", Readonly<Record<string, unknown>>>>;
    readonly file?: string | undefined;
  };
  '/api/v1/inventory/entries': {
    readonly items: readonly ({
      readonly id: string;
      readonly entry: Readonly<Record<string, unknown>>;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/inventory/{kind}/{id}': {
    readonly kind: "units" | "formerUnits" | "agencies" | "sites" | "agents" | "devices" | "interfaces" | "links" | "pools" | "services";
    readonly id: string;
    readonly revision: number;
    readonly changedAtMs: number;
    readonly changedBy: string;
    readonly entry: Readonly<Record<string, unknown>>;
  };
  '/api/v1/inventory/changes': {
    readonly items: readonly ({
      readonly number: number;
      readonly revision: number;
      readonly atMs: number;
      readonly actor: string;
      readonly kind: "units" | "formerUnits" | "agencies" | "sites" | "agents" | "devices" | "interfaces" | "links" | "pools" | "services";
      readonly id: string;
      readonly before?: Readonly<Record<string, unknown>> | undefined;
      readonly after?: Readonly<Record<string, unknown>> | undefined;
      readonly fields: readonly ({
        readonly field: string;
        readonly before?: unknown;
        readonly after?: unknown;
      })[];
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/topology/proposals': {
    readonly items: readonly ({
      readonly id: string;
      readonly kind: "link" | "parents";
      readonly confidence: "high" | "medium" | "low";
      readonly sites: readonly (string)[];
      readonly units: readonly (string)[];
      readonly change: {
        readonly kind: "units" | "formerUnits" | "agencies" | "sites" | "agents" | "devices" | "interfaces" | "links" | "pools" | "services";
        readonly id: string;
        readonly revision: number;
        readonly fields: readonly ({
          readonly field: string;
          readonly before?: unknown;
          readonly after?: unknown;
        })[];
        readonly text: string;
      };
      readonly evidence: readonly ({
        readonly source: "lldp" | "fdb" | "arp";
        readonly device: string;
        readonly interface: string;
        readonly sees: string;
        readonly as: string;
        readonly agent: string;
        readonly observedAtMs: number;
      })[];
      readonly dismissed?: {
        readonly reason: string;
        readonly actor: string;
        readonly atMs: number;
      } | undefined;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/reconciliation': {
    readonly items: readonly ({
      readonly kind: "never_seen" | "silent" | "unexpected" | "retired_reporting";
      readonly what: "agent" | "device";
      readonly id: string;
      readonly site?: string | undefined;
      readonly unit?: string | undefined;
      readonly agents: readonly (string)[];
      readonly sinceMs?: number | undefined;
      readonly detail: string;
      readonly proposal?: {
        readonly entry: {
          readonly id: string;
          readonly kind: "node" | "server" | "probe" | "modem" | "ups" | "line" | "radio" | "storage" | "pdu" | "endpoint" | "sensor" | "other";
          readonly name?: string | undefined;
          readonly site: string;
          readonly unit: string;
          readonly agent: string;
          readonly otherAgents?: readonly (string)[] | undefined;
          readonly parents?: readonly (string)[] | undefined;
          readonly expects?: readonly ({
            readonly measurement: string;
            readonly intervalMs: number;
          })[] | undefined;
          readonly agency?: string | undefined;
          readonly installedOn?: string | undefined;
          readonly retiredOn?: string | undefined;
          readonly contact?: string | undefined;
          readonly notes?: string | undefined;
        };
      } | {
        readonly problem: string;
      } | undefined;
    })[];
    readonly nextCursor?: string | undefined;
    readonly counts: Readonly<Record<"never_seen" | "silent" | "unexpected" | "retired_reporting", number>>;
  };
  '/api/v1/demo': {
    readonly kinds: readonly ({
      readonly kind: "fibre-cut" | "power-cut" | "gateway-dead" | "5g-dip" | "storage-filling" | "certificate-expiring" | "clock-wrong";
      readonly title: {
        readonly vi: string;
        readonly en: string;
      };
      readonly explanation: {
        readonly vi: string;
        readonly en: string;
      };
      readonly target: "site" | "unit" | "agent";
      readonly suggested: string;
      readonly lastsMs: number;
    })[];
    readonly faults: readonly ({
      readonly id: string;
      readonly kind: "fibre-cut" | "power-cut" | "gateway-dead" | "5g-dip" | "storage-filling" | "certificate-expiring" | "clock-wrong";
      readonly target: string;
      readonly startedAtMs: number;
      readonly endsAtMs: number;
      readonly by: string;
    })[];
  };
  '/api/v1/alerts': {
    readonly items: readonly ({
      readonly id: string;
      readonly rule: string;
      readonly ruleVersion?: number | undefined;
      readonly title: {
        readonly en: string;
        readonly vi: string;
      };
      readonly action: {
        readonly en: string;
        readonly vi: string;
      };
      readonly eventType: "communications" | "quality_of_service" | "processing_error" | "equipment" | "environmental";
      readonly probableCause: "application_subsystem_failure" | "bandwidth_reduced" | "communications_protocol_error" | "communications_subsystem_failure" | "configuration_or_customization_error" | "congestion" | "corrupt_data" | "cpu_cycles_limit_exceeded" | "degraded_signal" | "enclosure_door_open" | "equipment_malfunction" | "fire_detected" | "flood_detected" | "heating_ventilation_or_cooling_system_problem" | "humidity_unacceptable" | "input_output_device_error" | "lan_error" | "local_node_transmission_error" | "loss_of_signal" | "out_of_memory" | "performance_degraded" | "power_problem" | "processor_problem" | "queue_size_exceeded" | "receive_failure" | "remote_node_transmission_error" | "resource_at_or_nearing_capacity" | "response_time_excessive" | "software_error" | "software_program_abnormally_terminated" | "storage_capacity_problem" | "temperature_unacceptable" | "threshold_crossed" | "timing_problem" | "transmit_failure" | "underlying_resource_unavailable";
      readonly entity: Readonly<Record<string, string>>;
      readonly unit?: string | undefined;
      readonly site?: string | undefined;
      readonly agent: string;
      readonly severity: "warning" | "minor" | "major" | "critical";
      readonly phase: "firing" | "recovering" | "flapping" | "resolved" | "withdrawn" | "closed";
      readonly flaps?: number | undefined;
      readonly startedAtMs: number;
      readonly firedAtMs: number;
      readonly resolvedAtMs?: number | undefined;
      readonly value: number | string | boolean;
      readonly lastValue: number | string | boolean;
      readonly valueText: string;
      readonly openedAtMs: number;
      readonly updatedAtMs: number;
      readonly learnedLateAtMs?: number | undefined;
      readonly acknowledgement?: {
        readonly by: string;
        readonly atMs: number;
        readonly text?: string | undefined;
        readonly untilMs?: number | undefined;
      } | undefined;
      readonly assignee?: string | undefined;
      readonly shelf?: {
        readonly by: string;
        readonly atMs: number;
        readonly text: string;
        readonly untilMs: number;
        readonly severity: "warning" | "minor" | "major" | "critical";
      } | undefined;
      readonly unitName?: string | undefined;
      readonly siteName?: string | undefined;
      readonly incident?: string | undefined;
      readonly suppression?: {
        readonly kind: "maintenance" | "shelved" | "silenced" | "parent" | "power";
        readonly reason: string;
        readonly by: string;
        readonly untilMs?: number | undefined;
      } | undefined;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/alerts/{id}': {
    readonly id: string;
    readonly rule: string;
    readonly ruleVersion?: number | undefined;
    readonly title: {
      readonly en: string;
      readonly vi: string;
    };
    readonly action: {
      readonly en: string;
      readonly vi: string;
    };
    readonly eventType: "communications" | "quality_of_service" | "processing_error" | "equipment" | "environmental";
    readonly probableCause: "application_subsystem_failure" | "bandwidth_reduced" | "communications_protocol_error" | "communications_subsystem_failure" | "configuration_or_customization_error" | "congestion" | "corrupt_data" | "cpu_cycles_limit_exceeded" | "degraded_signal" | "enclosure_door_open" | "equipment_malfunction" | "fire_detected" | "flood_detected" | "heating_ventilation_or_cooling_system_problem" | "humidity_unacceptable" | "input_output_device_error" | "lan_error" | "local_node_transmission_error" | "loss_of_signal" | "out_of_memory" | "performance_degraded" | "power_problem" | "processor_problem" | "queue_size_exceeded" | "receive_failure" | "remote_node_transmission_error" | "resource_at_or_nearing_capacity" | "response_time_excessive" | "software_error" | "software_program_abnormally_terminated" | "storage_capacity_problem" | "temperature_unacceptable" | "threshold_crossed" | "timing_problem" | "transmit_failure" | "underlying_resource_unavailable";
    readonly entity: Readonly<Record<string, string>>;
    readonly unit?: string | undefined;
    readonly site?: string | undefined;
    readonly agent: string;
    readonly severity: "warning" | "minor" | "major" | "critical";
    readonly phase: "firing" | "recovering" | "flapping" | "resolved" | "withdrawn" | "closed";
    readonly flaps?: number | undefined;
    readonly startedAtMs: number;
    readonly firedAtMs: number;
    readonly resolvedAtMs?: number | undefined;
    readonly value: number | string | boolean;
    readonly lastValue: number | string | boolean;
    readonly valueText: string;
    readonly openedAtMs: number;
    readonly updatedAtMs: number;
    readonly learnedLateAtMs?: number | undefined;
    readonly acknowledgement?: {
      readonly by: string;
      readonly atMs: number;
      readonly text?: string | undefined;
      readonly untilMs?: number | undefined;
    } | undefined;
    readonly assignee?: string | undefined;
    readonly shelf?: {
      readonly by: string;
      readonly atMs: number;
      readonly text: string;
      readonly untilMs: number;
      readonly severity: "warning" | "minor" | "major" | "critical";
    } | undefined;
    readonly timeline: readonly ({
      readonly by?: string | undefined;
      readonly text?: string | undefined;
      readonly untilMs?: number | undefined;
      readonly assignee?: string | undefined;
      readonly kind: "started" | "fired" | "escalated" | "deescalated" | "recovering" | "relapsed" | "flapping" | "steady" | "resolved" | "withdrawn" | "begin_corrected" | "end_corrected" | "interrupted" | "resumed" | "acknowledged" | "unacknowledged" | "assigned" | "unassigned" | "commented" | "shelved" | "unshelved" | "closed";
      readonly phase: "pending" | "firing" | "recovering" | "flapping" | "resolved" | "withdrawn" | "closed";
      readonly severity: "warning" | "minor" | "major" | "critical";
      readonly value: number | string | boolean;
      readonly atMs: number;
      readonly recordedAtMs: number;
    })[];
    readonly unitName?: string | undefined;
    readonly siteName?: string | undefined;
    readonly incident?: string | undefined;
    readonly suppression?: {
      readonly kind: "maintenance" | "shelved" | "silenced" | "parent" | "power";
      readonly reason: string;
      readonly by: string;
      readonly untilMs?: number | undefined;
    } | undefined;
  };
  '/api/v1/alerts/{id}/explain': {
    readonly alert: {
      readonly id: string;
      readonly rule: string;
      readonly ruleVersion?: number | undefined;
      readonly title: {
        readonly en: string;
        readonly vi: string;
      };
      readonly action: {
        readonly en: string;
        readonly vi: string;
      };
      readonly eventType: "communications" | "quality_of_service" | "processing_error" | "equipment" | "environmental";
      readonly probableCause: "application_subsystem_failure" | "bandwidth_reduced" | "communications_protocol_error" | "communications_subsystem_failure" | "configuration_or_customization_error" | "congestion" | "corrupt_data" | "cpu_cycles_limit_exceeded" | "degraded_signal" | "enclosure_door_open" | "equipment_malfunction" | "fire_detected" | "flood_detected" | "heating_ventilation_or_cooling_system_problem" | "humidity_unacceptable" | "input_output_device_error" | "lan_error" | "local_node_transmission_error" | "loss_of_signal" | "out_of_memory" | "performance_degraded" | "power_problem" | "processor_problem" | "queue_size_exceeded" | "receive_failure" | "remote_node_transmission_error" | "resource_at_or_nearing_capacity" | "response_time_excessive" | "software_error" | "software_program_abnormally_terminated" | "storage_capacity_problem" | "temperature_unacceptable" | "threshold_crossed" | "timing_problem" | "transmit_failure" | "underlying_resource_unavailable";
      readonly entity: Readonly<Record<string, string>>;
      readonly unit?: string | undefined;
      readonly site?: string | undefined;
      readonly agent: string;
      readonly severity: "warning" | "minor" | "major" | "critical";
      readonly phase: "firing" | "recovering" | "flapping" | "resolved" | "withdrawn" | "closed";
      readonly flaps?: number | undefined;
      readonly startedAtMs: number;
      readonly firedAtMs: number;
      readonly resolvedAtMs?: number | undefined;
      readonly value: number | string | boolean;
      readonly lastValue: number | string | boolean;
      readonly valueText: string;
      readonly openedAtMs: number;
      readonly updatedAtMs: number;
      readonly learnedLateAtMs?: number | undefined;
      readonly acknowledgement?: {
        readonly by: string;
        readonly atMs: number;
        readonly text?: string | undefined;
        readonly untilMs?: number | undefined;
      } | undefined;
      readonly assignee?: string | undefined;
      readonly shelf?: {
        readonly by: string;
        readonly atMs: number;
        readonly text: string;
        readonly untilMs: number;
        readonly severity: "warning" | "minor" | "major" | "critical";
      } | undefined;
    };
    readonly evidence: {
      readonly what?: string | undefined;
      readonly value: number | string | boolean;
      readonly agent: string;
      readonly tags?: Readonly<Record<string, string>> | undefined;
      readonly startedAtMs: number;
      readonly firedAtMs: number;
      readonly recordedAtMs: number;
    };
    readonly rule: {
      readonly id: string;
      readonly isLoaded: boolean;
      readonly condition?: string | undefined;
      readonly levels: readonly ({
        readonly severity: "warning" | "minor" | "major" | "critical";
        readonly limit: string;
        readonly forMs: number;
      })[];
      readonly clearForMs?: number | undefined;
    };
    readonly timeline: readonly ({
      readonly by?: string | undefined;
      readonly text?: string | undefined;
      readonly untilMs?: number | undefined;
      readonly assignee?: string | undefined;
      readonly kind: "started" | "fired" | "escalated" | "deescalated" | "recovering" | "relapsed" | "flapping" | "steady" | "resolved" | "withdrawn" | "begin_corrected" | "end_corrected" | "interrupted" | "resumed" | "acknowledged" | "unacknowledged" | "assigned" | "unassigned" | "commented" | "shelved" | "unshelved" | "closed";
      readonly phase: "pending" | "firing" | "recovering" | "flapping" | "resolved" | "withdrawn" | "closed";
      readonly severity: "warning" | "minor" | "major" | "critical";
      readonly value: number | string | boolean;
      readonly atMs: number;
      readonly recordedAtMs: number;
    })[];
    readonly incident?: {
      readonly id: string;
      readonly root?: string | undefined;
      readonly rootName?: string | undefined;
      readonly headAlertId?: string | undefined;
      readonly openAlerts: number;
      readonly suppressedAlerts: number;
      readonly counts?: {
        readonly devices: number;
        readonly sites: number;
        readonly units: number;
        readonly services: number;
      } | undefined;
      readonly beganAtMs: number;
    } | undefined;
    readonly suppression: {
      readonly now?: {
        readonly kind: "maintenance" | "shelved" | "silenced" | "parent" | "power" | "waiting";
        readonly by: string;
        readonly reason: string;
        readonly untilMs?: number | undefined;
        readonly sinceMs: number;
      } | undefined;
      readonly before: readonly ({
        readonly kind: "maintenance" | "shelved" | "silenced" | "parent" | "power" | "waiting";
        readonly by: string;
        readonly reason: string;
        readonly untilMs?: number | undefined;
        readonly fromMs: number;
        readonly toMs: number;
      })[];
    };
    readonly messages: readonly ({
      readonly id: number;
      readonly channel: string;
      readonly kind: "alerts" | "digest" | "test";
      readonly key: string;
      readonly state: "waiting" | "sent" | "given_up";
      readonly alerts: number;
      readonly madeAtMs: number;
      readonly attempts: number;
      readonly nextAttemptAtMs?: number | undefined;
      readonly endedAtMs?: number | undefined;
      readonly reason?: string | undefined;
      readonly what: "begin" | "change" | "end" | "whole";
      readonly receipts: readonly ({
        readonly atMs: number;
        readonly tookMs: number;
        readonly outcome: "delivered" | "failed" | "refused";
        readonly answer: string;
      })[];
    })[];
    readonly owed: readonly ({
      readonly channel: string;
      readonly what: "begin" | "change" | "end" | "whole";
      readonly sinceMs: number;
      readonly waitsFor: "pause" | "quiet_hours" | "earlier_message" | "rate_limit" | "storm_digest" | "group_window" | "next";
      readonly reason: string;
      readonly untilMs?: number | undefined;
    })[];
    readonly escalations: readonly ({
      readonly channel: string;
      readonly atMs: number;
    })[];
    readonly notToldBecause?: {
      readonly kind: "no_route" | "learned_late" | "maintenance" | "shelved" | "silenced" | "parent" | "power" | "waiting" | "pause" | "quiet_hours" | "earlier_message" | "rate_limit" | "storm_digest" | "group_window" | "next" | "undelivered" | "given_up" | "no_notifications" | "not_followed_yet";
      readonly by?: string | undefined;
      readonly reason: string;
      readonly untilMs?: number | undefined;
    } | undefined;
  };
  '/api/v1/alerts/{id}/deliveries': {
    readonly deliveries: readonly ({
      readonly id: number;
      readonly channel: string;
      readonly kind: "alerts" | "digest" | "test";
      readonly key: string;
      readonly state: "waiting" | "sent" | "given_up";
      readonly alerts: number;
      readonly madeAtMs: number;
      readonly attempts: number;
      readonly nextAttemptAtMs?: number | undefined;
      readonly endedAtMs?: number | undefined;
      readonly reason?: string | undefined;
      readonly what: "begin" | "change" | "end" | "whole";
      readonly receipts: readonly ({
        readonly atMs: number;
        readonly tookMs: number;
        readonly outcome: "delivered" | "failed" | "refused";
        readonly answer: string;
      })[];
    })[];
    readonly owed: readonly ({
      readonly channel: string;
      readonly what: "begin" | "change" | "end" | "whole";
      readonly sinceMs: number;
      readonly notBeforeMs: number;
    })[];
    readonly untold?: string | undefined;
  };
  '/api/v1/incidents': {
    readonly items: readonly ({
      readonly id: string;
      readonly root?: string | undefined;
      readonly rootName?: string | undefined;
      readonly headAlert?: string | undefined;
      readonly title: {
        readonly en: string;
        readonly vi: string;
      };
      readonly severity: "warning" | "minor" | "major" | "critical";
      readonly beganAtMs: number;
      readonly endedAtMs?: number | undefined;
      readonly mergedInto?: string | undefined;
      readonly unit?: string | undefined;
      readonly site?: string | undefined;
      readonly alerts: number;
      readonly openAlerts: number;
      readonly suppressedAlerts: number;
      readonly counts?: {
        readonly devices: number;
        readonly sites: number;
        readonly units: number;
        readonly services: number;
      } | undefined;
      readonly handling?: {
        readonly assignee?: string | undefined;
        readonly acknowledgedBy?: string | undefined;
      } | undefined;
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/incidents/{id}': {
    readonly id: string;
    readonly root?: string | undefined;
    readonly rootName?: string | undefined;
    readonly headAlert?: string | undefined;
    readonly title: {
      readonly en: string;
      readonly vi: string;
    };
    readonly severity: "warning" | "minor" | "major" | "critical";
    readonly beganAtMs: number;
    readonly endedAtMs?: number | undefined;
    readonly mergedInto?: string | undefined;
    readonly unit?: string | undefined;
    readonly site?: string | undefined;
    readonly alerts: number;
    readonly openAlerts: number;
    readonly suppressedAlerts: number;
    readonly counts?: {
      readonly devices: number;
      readonly sites: number;
      readonly units: number;
      readonly services: number;
    } | undefined;
    readonly handling?: {
      readonly assignee?: string | undefined;
      readonly acknowledgedBy?: string | undefined;
    } | undefined;
    readonly members: readonly ({
      readonly id: string;
      readonly rule: string;
      readonly title: {
        readonly en: string;
        readonly vi: string;
      };
      readonly severity: "warning" | "minor" | "major" | "critical";
      readonly phase: "firing" | "recovering" | "flapping" | "resolved" | "withdrawn" | "closed";
      readonly entity: Readonly<Record<string, string>>;
      readonly unit?: string | undefined;
      readonly site?: string | undefined;
      readonly startedAtMs: number;
      readonly resolvedAtMs?: number | undefined;
      readonly relation: "alone" | "root" | "impact" | "behind";
      readonly wasTold: boolean;
      readonly joinedAtMs: number;
      readonly leftAtMs?: number | undefined;
      readonly suppression?: {
        readonly kind: "maintenance" | "shelved" | "silenced" | "parent" | "power";
        readonly reason: string;
        readonly by: string;
        readonly untilMs?: number | undefined;
      } | undefined;
    })[];
    readonly affected: {
      readonly sites: readonly ({
        readonly id: string;
        readonly name: string;
        readonly unit: string;
      })[];
      readonly devices: readonly ({
        readonly id: string;
        readonly name: string;
        readonly site: string;
        readonly unit: string;
      })[];
      readonly units: readonly ({
        readonly id: string;
        readonly name: string;
      })[];
      readonly services: readonly ({
        readonly id: string;
        readonly name: string;
      })[];
    };
    readonly timeline: readonly ({
      readonly kind: "opened" | "joined" | "left" | "head" | "merged" | "ended" | "reopened";
      readonly alert?: string | undefined;
      readonly reason: string;
      readonly atMs: number;
    })[];
    readonly truncated: boolean;
  };
  '/api/v1/silences': {
    readonly items: readonly ({
      readonly id: string;
      readonly match: {
        readonly rule?: readonly (string)[] | undefined;
        readonly severity?: readonly ("warning" | "minor" | "major" | "critical")[] | undefined;
        readonly unit?: readonly (string)[] | undefined;
        readonly site?: readonly (string)[] | undefined;
        readonly device?: readonly (string)[] | undefined;
        readonly link?: readonly (string)[] | undefined;
        readonly agent?: readonly (string)[] | undefined;
        readonly everything?: true | undefined;
      };
      readonly startsAtMs: number;
      readonly endsAtMs: number;
      readonly reason: string;
      readonly by: string;
      readonly madeAtMs: number;
      readonly endedAtMs?: number | undefined;
      readonly endedBy?: string | undefined;
      readonly state: "pending" | "active" | "expired";
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/maintenance': {
    readonly items: readonly ({
      readonly covers: readonly (string)[];
      readonly withDependents: boolean;
      readonly reason: string;
      readonly approvedBy: string;
      readonly schedule: {
        readonly repeats: "once";
        readonly startsAtMs: number;
        readonly endsAtMs: number;
      } | {
        readonly repeats: "weekly";
        readonly days: readonly ("sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday")[];
        readonly from: string;
        readonly to: string;
        readonly firstDay?: string | undefined;
        readonly lastDay?: string | undefined;
      } | {
        readonly repeats: "monthly";
        readonly nth: number | "last";
        readonly day: "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday";
        readonly from: string;
        readonly to: string;
        readonly firstDay?: string | undefined;
        readonly lastDay?: string | undefined;
      };
      readonly id: string;
      readonly revision: number;
      readonly by: string;
      readonly madeAtMs: number;
      readonly changedBy: string;
      readonly changedAtMs: number;
      readonly cutAtMs?: number | undefined;
      readonly endedAtMs?: number | undefined;
      readonly state: "pending" | "active" | "ended";
      readonly next: readonly ({
        readonly fromMs: number;
        readonly toMs: number;
      })[];
    })[];
    readonly nextCursor?: string | undefined;
  };
  '/api/v1/ledger/completeness': {
    readonly unit: string;
    readonly unitName?: string | undefined;
    readonly fromMs: number;
    readonly toMs: number;
    readonly complete: boolean;
    readonly centralOffMs: number;
    readonly completeness?: number | undefined;
    readonly nothingFrom: readonly (string)[];
    readonly storedPoints: number;
    readonly refusedPoints: number;
    readonly lostPoints: number;
    readonly lateBatches: number;
    readonly missingBatches: number;
    readonly awaitedBatches: number;
    readonly agents: readonly ({
      readonly agent: string;
      readonly phase: "live" | "silent" | "stopped" | "never_seen";
      readonly storedPoints: number;
      readonly refusedPoints: number;
      readonly lostPoints: number;
      readonly lateBatches: number;
      readonly missingBatches: number;
      readonly awaitedBatches: number;
    })[];
  };
  '/readyz': {
    readonly ready: boolean;
    readonly checks: readonly ({
      readonly name: string;
      readonly ok: boolean;
      readonly detail: string;
      readonly reasons: readonly ({
        readonly code: "deaf" | "measured" | "reported" | "disputed_measured" | "disputed_reported" | "agent_silent" | "agent_stopped" | "agent_never_seen" | "agent_without_values" | "nothing_arrived" | "evidence_old" | "down" | "cut_off" | "all_devices_down" | "none_of_devices_up" | "agent_reports" | "devices_up" | "nothing_measurable" | "nothing_fresh_of_devices" | "no_fresh_port" | "devices_by_state" | "sites_up" | "not_installed" | "not_in_service" | "more" | "all_needs_up" | "enough_up" | "need" | "need_because" | "need_because_of_many" | "pool_unmeasured" | "pool_full" | "too_few_left" | "down_itself" | "connected" | "not_connected" | "store_accepts" | "store_refuses" | "store_is_late" | "judged_on_arrival" | "nothing_received" | "agents_held" | "agents_heard" | "nothing_arrives" | "nearly_all_silent" | "clock_agrees" | "clock_alone" | "clock_differs" | "clock_ahead" | "clock_behind" | "certificates_valid" | "certificate_ends" | "certificate_ended" | "disk_used" | "disk_not_known" | "inventory_in_force" | "inventory_file_unusable" | "rules_run" | "rule_files_unusable" | "measurement_files_unusable" | "backup_age" | "canary_hop_broken" | "canary_channel_broken" | "canary_alarm_open" | "canary_never_through" | "canary_through_before" | "canary_overdue" | "canary_through" | "canary_through_in" | "no_own_alarm" | "own_alarm";
        readonly parameters: Readonly<Record<string, string>>;
      })[];
    })[];
  };
}

/** What central takes, by method and path. */
export interface Bodies {
  'POST /api/v1/quarantine/replay': {
    readonly ids?: readonly (number)[] | undefined;
    readonly agent?: string | undefined;
    readonly code?: string | undefined;
    readonly measurement?: string | undefined;
    readonly all?: true | undefined;
    readonly before?: number | undefined;
  };
  'POST /api/v1/quarantine/discard': {
    readonly ids?: readonly (number)[] | undefined;
    readonly agent?: string | undefined;
    readonly code?: string | undefined;
    readonly measurement?: string | undefined;
    readonly all?: true | undefined;
    readonly before?: number | undefined;
    readonly reason: string;
  };
  'POST /api/v1/rollout-previews': {
    readonly select: {
      readonly ids?: readonly (string)[] | undefined;
      readonly units?: readonly (string)[] | undefined;
      readonly sites?: readonly (string)[] | undefined;
      readonly agencies?: readonly (string)[] | undefined;
      readonly kind?: "gateway" | "server" | undefined;
      readonly all?: true | undefined;
    };
    readonly change: {
      readonly config: Readonly<Record<string, unknown>>;
    } | {
      readonly patch: {
        readonly collectors?: readonly ({
          readonly kind: string;
          readonly name?: string | undefined;
        })[] | undefined;
        readonly remove?: readonly ({
          readonly kind: string;
          readonly name?: string | undefined;
        })[] | undefined;
        readonly log?: {
          readonly level: "trace" | "debug" | "info" | "warn" | "error" | "silent";
        } | undefined;
      };
    };
  };
  'POST /api/v1/rollouts': {
    readonly select: {
      readonly ids?: readonly (string)[] | undefined;
      readonly units?: readonly (string)[] | undefined;
      readonly sites?: readonly (string)[] | undefined;
      readonly agencies?: readonly (string)[] | undefined;
      readonly kind?: "gateway" | "server" | undefined;
      readonly all?: true | undefined;
    };
    readonly change: {
      readonly config: Readonly<Record<string, unknown>>;
    } | {
      readonly patch: {
        readonly collectors?: readonly ({
          readonly kind: string;
          readonly name?: string | undefined;
        })[] | undefined;
        readonly remove?: readonly ({
          readonly kind: string;
          readonly name?: string | undefined;
        })[] | undefined;
        readonly log?: {
          readonly level: "trace" | "debug" | "info" | "warn" | "error" | "silent";
        } | undefined;
      };
    };
    readonly reason: string;
    readonly settings?: {
      readonly watchMs?: number | undefined;
      readonly applyWithinMs?: number | undefined;
      readonly leastShare?: number | undefined;
      readonly onStop?: "hold" | "roll_back" | undefined;
    } | undefined;
  };
  'POST /api/v1/rollouts/{id}/pause': undefined;
  'POST /api/v1/rollouts/{id}/resume': undefined;
  'POST /api/v1/rollouts/{id}/cancel': undefined;
  'POST /api/v1/rollouts/{id}/rollback': undefined;
  'POST /api/v1/login': {
    readonly token: string;
  };
  'POST /api/v1/logout': undefined;
  'POST /api/v1/demo/faults': {
    readonly kind: "fibre-cut" | "power-cut" | "gateway-dead" | "5g-dip" | "storage-filling" | "certificate-expiring" | "clock-wrong";
    readonly target?: string | undefined;
    readonly lastsMs?: number | undefined;
  };
  'DELETE /api/v1/demo/faults/{id}': undefined;
  'POST /api/v1/alerts/acknowledge': {
    readonly ids: readonly (string)[];
    readonly text?: string | undefined;
    readonly untilMs?: number | undefined;
  };
  'POST /api/v1/alerts/{id}/acknowledge': {
    readonly text?: string | undefined;
    readonly untilMs?: number | undefined;
  };
  'DELETE /api/v1/alerts/{id}/acknowledge': undefined;
  'POST /api/v1/alerts/{id}/assign': {
    readonly assignee: string | null;
    readonly text?: string | undefined;
  };
  'POST /api/v1/alerts/{id}/comment': {
    readonly text: string;
  };
  'POST /api/v1/alerts/{id}/shelve': {
    readonly text: string;
    readonly untilMs: number;
  };
  'DELETE /api/v1/alerts/{id}/shelve': undefined;
  'POST /api/v1/alerts/{id}/close': {
    readonly text: string;
  };
  'POST /api/v1/silences': {
    readonly match: {
      readonly rule?: readonly (string)[] | undefined;
      readonly severity?: readonly ("warning" | "minor" | "major" | "critical")[] | undefined;
      readonly unit?: readonly (string)[] | undefined;
      readonly site?: readonly (string)[] | undefined;
      readonly device?: readonly (string)[] | undefined;
      readonly link?: readonly (string)[] | undefined;
      readonly agent?: readonly (string)[] | undefined;
      readonly everything?: true | undefined;
    };
    readonly startsAtMs?: number | undefined;
    readonly endsAtMs: number;
    readonly reason: string;
  };
  'DELETE /api/v1/silences/{id}': undefined;
  'POST /api/v1/maintenance': {
    readonly covers: readonly (string)[];
    readonly withDependents?: boolean | undefined;
    readonly reason: string;
    readonly approvedBy: string;
    readonly schedule: {
      readonly repeats: "once";
      readonly startsAtMs: number;
      readonly endsAtMs: number;
    } | {
      readonly repeats: "weekly";
      readonly days: readonly ("sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday")[];
      readonly from: string;
      readonly to: string;
      readonly firstDay?: string | undefined;
      readonly lastDay?: string | undefined;
    } | {
      readonly repeats: "monthly";
      readonly nth: number | "last";
      readonly day: "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday";
      readonly from: string;
      readonly to: string;
      readonly firstDay?: string | undefined;
      readonly lastDay?: string | undefined;
    };
  };
  'DELETE /api/v1/maintenance/{id}': undefined;
  'PUT /api/v1/inventory/{kind}/{id}': {
    readonly expectedRevision: number;
    readonly entry: unknown;
  };
  'DELETE /api/v1/inventory/{kind}/{id}': undefined;
  'POST /api/v1/topology/proposals/{id}/adopt': {
    readonly expectedRevision: number;
  };
  'POST /api/v1/topology/proposals/{id}/dismiss': {
    readonly reason: string;
  };
  'POST /api/v1/devices/unexpected/{device}/adopt': undefined;
  'POST /api/v1/rules/backtest': {
    readonly id?: string | undefined;
    readonly changes?: Readonly<Record<string, unknown>> | undefined;
    readonly rule?: Readonly<Record<string, unknown>> | string | undefined;
  };
}
