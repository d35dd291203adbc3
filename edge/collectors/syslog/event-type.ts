/** What tells the type of a message: fields of its header, and its text. */
export interface Content {
  /** MSGID of RFC 5424. */
  readonly id?: string | undefined;
  /** APP-NAME, or TAG. */
  readonly program?: string | undefined;
  readonly text: string;
}

/** Beyond it a text is content, not a code. */
const LOOKED_AT_CHARS = 512;

/** Codes that makers put into the text, always the same for the same. */
const CODES: readonly RegExp[] = [
  // Huawei, H3C: %%01IFNET/4/LINK_STATE(l)[0]: …
  /%%\d{0,2}([A-Za-z0-9_]{1,40}\/[0-7]\/[A-Za-z0-9_]{1,60})/,
  // Cisco, Arista, Aruba: %LINK-3-UPDOWN: …
  /%([A-Z][A-Z0-9_]{0,40}(?:-[A-Z0-9_]{1,40}){0,2}-[0-7]-[A-Z0-9_]{1,60})/,
];
/** Fortinet: … logid="0100020099" … */
const LOG_ID = /\blogid="?(\d{4,12})/;
/** A word as a maker would write it, not a time or a number of a process. */
const WORD = /^(?=.*[A-Za-z])[\w.:/@-]{1,64}$/;

/** A word that is the same for the same kind of message: a maker's code, the id of the message, or the program. Pure. */
export function eventType({ id, program, text }: Content): string {
  const start = `${program ?? ''} ${text.slice(0, LOOKED_AT_CHARS)}`;
  for (const code of CODES) {
    const found = code.exec(start)?.[1];
    if (found !== undefined) return found;
  }
  const logId = LOG_ID.exec(start)?.[1];
  if (logId !== undefined) return `logid-${logId}`;
  const word = [id, program].find((name) => name !== undefined && WORD.test(name));
  return word ?? 'message';
}
