export interface RepairedHead {
  /** As RFC 9112 has it, with the empty line. */
  readonly head: string;
  readonly status: number;
  /** Bytes of the body; undefined: not announced, or told by its chunks. */
  readonly contentLength: number | undefined;
  /** Rules that it breaks, though browsers take it. */
  readonly oddities: readonly string[];
}

/** The names are those of RFC 9110, section 5.1. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * The head of an HTTP/1 answer as a browser understands it: Node's parser refuses what devices and old servers send and
 * every browser shows. `text` is latin1, from the status line to before the empty line. Pure, never throws.
 */
export function repairHead(text: string): RepairedHead {
  const oddities = new Set<string>();
  if (/(?:^|[^\r])\n/.test(text)) oddities.add('lines that end in LF alone');
  if (/\r\r\n/.test(text)) oddities.add('lines that end in CR CR LF');
  const [statusLine = '', ...lines] = text.split(/\r*\n/);
  const fields = combineLengths(readFields(lines, oddities), oddities);
  const [, version = '1.1', digits = '0', reason = ''] = /^HTTP\/(\S+) +(\d{3})(.*)$/i.exec(statusLine) ?? [];
  const isStatusLine = digits !== '0';
  const first = isStatusLine ? `HTTP/${version} ${digits} ${clean(reason)}` : statusLine;
  if (isStatusLine && !statusLine.startsWith('HTTP/')) oddities.add('a protocol name in small letters');
  const length = fields.find(({ name }) => isName(name, 'content-length'))?.value;
  return {
    head: `${[first, ...fields.map(({ name, value }) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`,
    status: Number(digits),
    contentLength: length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
    oddities: [...oddities],
  };
}

interface Field {
  readonly name: string;
  readonly value: string;
}

function readFields(lines: readonly string[], oddities: Set<string>): Field[] {
  const fields: Field[] = [];
  for (const line of lines) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      oddities.add('a header over several lines');
      fields[fields.length - 1] = { ...last, value: `${last.value} ${clean(line)}`.trim() };
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    if (!FIELD_NAME.test(name.trimEnd())) {
      if (line !== '') oddities.add('a line that is no header');
      continue;
    }
    if (name !== name.trimEnd()) oddities.add('a space before a colon');
    const raw = line.slice(colon + 1);

    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(raw)) oddities.add('control characters in a header');
    fields.push({ name: name.trimEnd(), value: clean(raw) });
  }
  return fields;
}

/** One length, or chunks: browsers go by the chunks where both are announced. Different lengths stay: nobody takes those. */
function combineLengths(fields: readonly Field[], oddities: Set<string>): Field[] {
  const tokens = (wanted: string): string[] =>
    fields
      .filter(({ name }) => isName(name, wanted))
      .flatMap(({ value }) => value.split(','))
      .map((token) => token.trim().toLowerCase());
  const codings = tokens('transfer-encoding').filter((coding) => coding !== 'identity' && coding !== '');
  const lengths = tokens('content-length');
  const isChunked = codings.includes('chunked');
  if (codings.filter((coding) => coding === 'chunked').length > 1) oddities.add('Transfer-Encoding twice');
  if (isChunked && lengths.length > 0) oddities.add('Content-Length beside Transfer-Encoding');
  if (!isChunked && lengths.length > 1) oddities.add('Content-Length twice');
  const rest = fields.filter(
    ({ name }) => !isName(name, 'transfer-encoding') && !isName(name, 'content-length'),
  );
  return [
    ...rest,
    ...[...new Set(codings)].map((value) => ({ name: 'Transfer-Encoding', value })),
    ...(isChunked ? [] : [...new Set(lengths)].map((value) => ({ name: 'Content-Length', value }))),
  ];
}

function isName(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted;
}

function clean(value: string): string {
  return value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' ').trim();
}
