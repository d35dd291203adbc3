import MimeNode from 'nodemailer/lib/mime-node';
import { visibleLines, visibleText } from '../../../../runtime/visible-text.ts';

export interface Mail {
  /** Without a name, as are those of `to`. */
  readonly from: string;
  readonly to: readonly string[];
  readonly title: string;
  readonly text: string;
  /** The same at each attempt, and of no other message. */
  readonly key: string;
  /** Keys of the messages that this one follows, oldest first. */
  readonly follows: readonly string[];
  /** Unix ms. */
  readonly madeAtMs: number;
}

const MAX_SUBJECT_CHARS = 200;

/** The message with its headers (RFC 5322), in plain text; the same bytes each time, so that a repetition can be recognised. */
export function composeMail({ from, to, title, text, key, follows, madeAtMs }: Mail): Promise<Buffer> {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const idOf = (of: string): string => `<${of}@${domain}>`;
  const ids = follows.map(idOf);
  const node = new MimeNode('text/plain; charset=utf-8', {
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  node.setHeader({
    From: { name: 'Wardwatch', address: from },
    To: to.map((address) => ({ name: '', address })),
    Subject: subjectOf(title),
    Date: new Date(madeAtMs),
    'Message-ID': idOf(key),
    ...(ids.length > 0 && { 'In-Reply-To': ids.at(-1), References: ids.join(' ') }),
    // RFC 3834: nobody's absence notice is to answer.
    'Auto-Submitted': 'auto-generated',
    // Lines of any length and any letters, in 7 bits.
    'Content-Transfer-Encoding': 'quoted-printable',
  });
  node.setContent(`${visibleLines(text === '' ? title : `${title}\n${text}`)}\n`);
  return node.build();
}

/** One line. What does not fit stands in the text, which begins with the whole title. */
function subjectOf(title: string): string {
  const line = Array.from(visibleText(title));
  return line.length <= MAX_SUBJECT_CHARS
    ? line.join('')
    : `${line.slice(0, MAX_SUBJECT_CHARS - 1).join('')}…`;
}
