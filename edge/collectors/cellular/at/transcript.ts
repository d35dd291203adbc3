import { splitAnswers } from './split-answers.ts';

/** A command and its answer in a terminal's log. */
export interface Exchange {
  /** In the log, from 1. */
  readonly line: number;
  /** undefined: the log has no echo of commands. */
  readonly command: string | undefined;
  readonly lines: readonly string[];
  /** `OK`, `ERROR`, `+CME ERROR: 14`; undefined: the log ends before it. */
  readonly result: string | undefined;
}

const RESULT = /^(OK|ERROR|\+CM[ES] ERROR: ?.*)$/;
/** With the prompt that some tools put in front. */
const COMMAND = /^(?:[>$#]\s*)?(AT[+^&#*$A-Z0-9].*|AT)$/i;

/** Commands (where they were echoed) and answers, in order. */
export function readTranscript(text: string): readonly Exchange[] {
  const exchanges: Exchange[] = [];
  let open: { line: number; command: string | undefined; lines: string[] } | undefined;
  const end = (result: string | undefined): void => {
    if (open !== undefined) exchanges.push({ ...open, result });
    open = undefined;
  };
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const said = raw.trim();
    if (said === '') continue;
    const command = COMMAND.exec(said)?.[1];
    if (command !== undefined) {
      end(undefined);
      open = { line: index + 1, command, lines: [] };
      continue;
    }
    open ??= { line: index + 1, command: undefined, lines: [] };
    if (RESULT.test(said)) end(said);
    else open.lines.push(...splitAnswers(said));
  }
  end(undefined);
  return exchanges;
}
