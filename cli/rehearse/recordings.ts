import { EXIT } from '../../runtime/errors.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { readRecording } from '../../rehearsal/recording/recording-file.ts';
import { runRecording, type RehearsedRecording } from '../../rehearsal/recording/run-recording.ts';
import { print, printError, terminalJson } from '../terminal.ts';
import { textTable } from '../text-table.ts';

/** Files of `wardwatch record` through the rules: whether the same incidents come. Nobody has written down what was wrong, so there is no score. */
export async function rehearseRecordings(
  files: readonly string[],
  rules: readonly AlertRule[],
  { json }: { readonly json?: true },
  shutdown: AbortSignal,
): Promise<void> {
  // All problems before anything runs.
  const recordings = files.map((file) => ({ file, recording: readRecording(file) }));
  for (const { file, recording } of recordings) {
    shutdown.throwIfAborted();
    printError(`${file}: ${Math.round((recording.toMs - recording.fromMs) / 60_000)} min\n`);
    const result = await runRecording(recording, rules);
    if (json === true) print(terminalJson({ event: 'recording', file, ...plain(result) }));
    else print(`${tableOf(result)}\n`);
    if (result.compared.some(({ againAfterMs }) => againAfterMs === undefined))
      process.exitCode = EXIT.differs;
  }
}

function plain({ compared, further }: RehearsedRecording) {
  return {
    incidents: compared.map(({ before, againAfterMs }) => ({ ...before, againAfterMs })),
    further: further.map(({ rule, root, beganAtMs }) => ({ rule, root, beganAtMs })),
  };
}

function tableOf({ compared, further }: RehearsedRecording): string {
  const rows = [
    ...compared.map(({ before, againAfterMs }) => [
      ...[new Date(before.beganAtMs).toISOString(), before.rule, before.root ?? '–'],
      againAfterMs === undefined ? 'did not come' : `came, ${Math.round(againAfterMs / 1_000)} s after it`,
    ]),
    ...further.map(({ beganAtMs, rule, root }) => [
      ...[new Date(beganAtMs).toISOString(), rule, root ?? '–', 'is new'],
    ]),
  ];
  return textTable(['BEGAN', 'RULE', 'ROOT', 'REHEARSED'], rows);
}
