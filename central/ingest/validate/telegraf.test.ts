import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { check } from '../testing/validate-rows.ts';

const TELEGRAF = new URL('../../../../shared/data/ingest/telegraf-examples.jsonl', import.meta.url);

interface TelegrafExample {
  readonly plugin: string;
  readonly name: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly fields: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

function readExamples(): TelegrafExample[] {
  const lines = readFileSync(TELEGRAF, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as TelegrafExample);
}

describe.skipIf(!existsSync(TELEGRAF))('what Telegraf documents (skipped without the shared data)', () => {
  it('fits the catalogue, but for what is listed here', () => {
    const plugins =
      `cpu mem swap system disk diskio net processes kernel ping x509_cert dns_query systemd_units temp
      internet_speed`.split(/\s+/);
    const examples = readExamples().filter(
      ({ plugin, name }) => plugins.includes(plugin) && CATALOGUE.has(name),
    );
    expect(examples.length).toBeGreaterThan(40);
    const odd = examples.flatMap(({ name, tags = [], fields }) => {
      const table = {
        measurement: name,
        tags: tags.map(({ key }) => key),
        fields: fields.map(({ key }) => key),
        rows: [[tags.map(({ value }) => value), 0, fields.map(({ value }) => Object.values(value)[0])]],
      };
      return check(table).refusals.map(({ code, reason }) => `${code}: ${reason}`);
    });
    expect([...new Set(odd)]).toMatchInlineSnapshot(`
      [
        "out-of-range: packet_loss is -1, expected 0 to 100 %",
        "unknown-field: kernel has no field "ksm_full_scans", "ksm_max_page_sharing", "ksm_merge_across_nodes", "ksm_pages_shared", "ksm_pages_sharing", "ksm_pages_to_scan", "ksm_pages_unshared", "ksm_pages_volatile", "ksm_run", "ksm_sleep_millisecs" and 4 more in the catalogue; not stored in 1 rows",
        "no-fields: net: no field has a value",
        "unknown-field: net has no field "ip_reasmfails", "icmp_insrcquenchs", "icmp_outtimestamps", "ip_inhdrerrors", "ip_inunknownprotos", "icmp_intimeexcds", "icmp_outaddrmasks", "icmp_indestunreachs", "icmpmsg_outtype0", "tcp_retranssegs" and 74 more in the catalogue; not stored in 1 rows",
        "unknown-field: processes has no field "zombie" in the catalogue; not stored in 1 rows",
      ]
    `);
  });
});
