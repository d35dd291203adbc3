import type { SeverityName } from '../../protocols/events/severity.ts';

/** What the OID of a trap means. */
export interface TrapMeaning {
  readonly oid: string;
  /** Stable name: the tag `event`. */
  readonly event: string;
  readonly severity: SeverityName;
  /** What it is about; missing: the device as a whole. */
  readonly subject?: SubjectRule | undefined;
  /** The state that lasts from this trap until one that ends it. */
  readonly begins?: string | undefined;
  readonly ends?: string | undefined;
  /** The device has started anew: all of its states are over. */
  readonly isRestart?: true;
}

export interface SubjectRule {
  /** Objects whose value names it, the best first. */
  readonly values?: readonly string[];
  /** Else the index of any object of this table entry, with this word in front. */
  readonly indexOf?: string;
  readonly word?: string;
  /** What values that are OIDs stand for. */
  readonly names?: Readonly<Record<string, string>>;
}

/** IF-MIB (RFC 2863): ifName, ifDescr, else the number in ifEntry. */
const PORT: SubjectRule = {
  values: ['1.3.6.1.2.1.31.1.1.1.1', '1.3.6.1.2.1.2.2.1.2'],
  indexOf: '1.3.6.1.2.1.2.2.1',
  word: 'port',
};
/** BGP4-MIB (RFC 4273), bgpPeerEntry: its index is the address of the peer. */
const BGP_PEER: SubjectRule = { indexOf: '1.3.6.1.2.1.15.3.1', word: 'peer' };
const ENTITY: SubjectRule = { indexOf: '1.3.6.1.2.1.131.1.1.1', word: 'component' };
const UPS_ALARM_NAMES = [
  'battery_bad',
  'on_battery',
  'battery_low',
  'battery_depleted',
  'temperature_bad',
  'input_bad',
  'output_bad',
  'output_overload',
  'on_bypass',
  'bypass_bad',
  'output_off_as_requested',
  'ups_off_as_requested',
  'charger_failed',
  'ups_output_off',
  'ups_system_off',
  'fan_failure',
  'fuse_failure',
  'general_fault',
  'diagnostic_test_failed',
  'communications_lost',
  'awaiting_power',
  'shutdown_pending',
  'shutdown_imminent',
  'test_in_progress',
];
/** UPS-MIB (RFC 1628), upsAlarmDescr, and upsWellKnownAlarms in their order. */
const UPS_ALARM: SubjectRule = {
  values: ['1.3.6.1.2.1.33.1.6.2.1.2'],
  names: Object.fromEntries(UPS_ALARM_NAMES.map((name, at) => [`1.3.6.1.2.1.33.1.6.3.${at + 1}`, name])),
};

const SNMP_TRAPS = '1.3.6.1.6.3.1.1.5';
const BGP_DOWN = {
  event: 'bgp_peer_down',
  severity: 'error',
  subject: BGP_PEER,
  begins: 'bgp_peer_down',
} as const;
const BGP_UP = {
  event: 'bgp_peer_up',
  severity: 'notice',
  subject: BGP_PEER,
  ends: 'bgp_peer_down',
} as const;

/** Of the standard MIBs that network devices and UPSs have, and of net-snmp; each with its source. */
export const KNOWN_TRAPS: readonly TrapMeaning[] = [
  // SNMPv2-MIB (RFC 3418)
  { oid: `${SNMP_TRAPS}.1`, event: 'cold_start', severity: 'warning', isRestart: true },
  { oid: `${SNMP_TRAPS}.2`, event: 'warm_start', severity: 'warning', isRestart: true },
  { oid: `${SNMP_TRAPS}.5`, event: 'authentication_failure', severity: 'warning' },
  { oid: `${SNMP_TRAPS}.6`, event: 'egp_neighbor_loss', severity: 'warning' },
  // IF-MIB (RFC 2863)
  { oid: `${SNMP_TRAPS}.3`, event: 'link_down', severity: 'error', subject: PORT, begins: 'link_down' },
  { oid: `${SNMP_TRAPS}.4`, event: 'link_up', severity: 'notice', subject: PORT, ends: 'link_down' },
  // BGP4-MIB (RFC 4273), and as RFC 1657 had them over v2 and v1
  { oid: '1.3.6.1.2.1.15.0.1', ...BGP_UP },
  { oid: '1.3.6.1.2.1.15.0.2', ...BGP_DOWN },
  { oid: '1.3.6.1.2.1.15.7.1', ...BGP_UP },
  { oid: '1.3.6.1.2.1.15.7.2', ...BGP_DOWN },
  { oid: '1.3.6.1.2.1.15.7.0.1', ...BGP_UP },
  { oid: '1.3.6.1.2.1.15.7.0.2', ...BGP_DOWN },
  // OSPF-TRAP-MIB (RFC 4750): ospfNbrStateChange
  { oid: '1.3.6.1.2.1.14.16.2.2', event: 'ospf_neighbor_changed', severity: 'warning' },
  // BRIDGE-MIB (RFC 4188)
  { oid: '1.3.6.1.2.1.17.0.1', event: 'spanning_tree_new_root', severity: 'warning' },
  { oid: '1.3.6.1.2.1.17.0.2', event: 'spanning_tree_changed', severity: 'notice' },
  // RMON-MIB (RFC 2819)
  { oid: '1.3.6.1.2.1.16.0.1', event: 'rmon_rising', severity: 'warning' },
  { oid: '1.3.6.1.2.1.16.0.2', event: 'rmon_falling', severity: 'notice' },
  // UPS-MIB (RFC 1628)
  { oid: '1.3.6.1.2.1.33.2.0.1', event: 'ups_on_battery', severity: 'warning' },
  { oid: '1.3.6.1.2.1.33.2.0.2', event: 'ups_test_completed', severity: 'notice' },
  {
    oid: '1.3.6.1.2.1.33.2.0.3',
    event: 'ups_alarm',
    severity: 'error',
    subject: UPS_ALARM,
    begins: 'ups_alarm',
  },
  {
    oid: '1.3.6.1.2.1.33.2.0.4',
    event: 'ups_alarm_over',
    severity: 'notice',
    subject: UPS_ALARM,
    ends: 'ups_alarm',
  },
  // ENTITY-MIB (RFC 6933), ENTITY-STATE-MIB (RFC 4268)
  { oid: '1.3.6.1.2.1.47.2.0.1', event: 'parts_changed', severity: 'notice' },
  {
    oid: '1.3.6.1.2.1.131.0.1',
    event: 'component_enabled',
    severity: 'notice',
    subject: ENTITY,
    ends: 'component_disabled',
  },
  {
    oid: '1.3.6.1.2.1.131.0.2',
    event: 'component_disabled',
    severity: 'error',
    subject: ENTITY,
    begins: 'component_disabled',
  },
  // POWER-ETHERNET-MIB (RFC 3621)
  { oid: '1.3.6.1.2.1.105.0.1', event: 'poe_port_changed', severity: 'notice' },
  { oid: '1.3.6.1.2.1.105.0.2', event: 'poe_power_high', severity: 'warning', begins: 'poe_power_high' },
  { oid: '1.3.6.1.2.1.105.0.3', event: 'poe_power_normal', severity: 'notice', ends: 'poe_power_high' },
  // LLDP-MIB (IEEE 802.1AB)
  { oid: '1.0.8802.1.1.2.0.0.1', event: 'lldp_neighbors_changed', severity: 'notice' },
  // NET-SNMP-AGENT-MIB
  { oid: '1.3.6.1.4.1.8072.4.0.1', event: 'agent_started', severity: 'notice' },
  { oid: '1.3.6.1.4.1.8072.4.0.2', event: 'agent_stopped', severity: 'warning' },
  { oid: '1.3.6.1.4.1.8072.4.0.3', event: 'agent_restarted', severity: 'notice' },
];
