export const PAYLOAD_KINDS = ['batch', 'line-protocol', 'telegraf-json', 'modem', 'sparkplug'] as const;
export type PayloadKind = (typeof PAYLOAD_KINDS)[number];
