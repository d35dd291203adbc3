import { EXIT } from '../../runtime/errors.ts';
import { print, printError, terminalJson } from '../terminal.ts';
import { setUp, type SetupResult } from './setup.ts';
import type { SetupOptions } from './setup-options.ts';

/** Prints what was made or found; where something differs, the exit code is 5. */
export async function runSetup(directory: string, options: SetupOptions): Promise<void> {
  const result = await setUp(directory, options, Date.now());
  if (options.json === true) print(terminalJson(result));
  else print(textOf(result));
  if (result.problems.length === 0) return;
  if (options.json !== true) printError(result.problems.map((problem) => `${problem}\n`).join(''));
  process.exitCode = EXIT.differs;
}

function textOf({ event, directory, hosts, agents, files, problems, next, ...result }: SetupResult): string {
  const what = `${directory} for ${hosts.join(', ')} (${result.for})`;
  const agentText = agents.length === 0 ? '' : `, agents: ${agents.length}`;
  switch (event) {
    case 'made':
      return `Made ${what}${agentText}: ${files.length} files and directories.\n${stepsOf(next)}`;
    case 'changed':
      return `Changed ${what}:\n${files.map((file) => `  ${file}\n`).join('')}${stepsOf(next)}`;
    case 'unchanged':
      return problems.length === 0
        ? `${what}${agentText} is complete; nothing was changed.\n`
        : `${what}${agentText} differs (${problems.length}); nothing was changed.\n`;
  }
}

function stepsOf(next: SetupResult['next']): string {
  if (next.length === 0) return '';
  const lines = next.map(({ text, command }) =>
    command === undefined ? `  ${text}.\n` : `  ${text}:\n    ${command}\n`,
  );
  return `\nNext (docs/operating.md):\n${lines.join('')}`;
}
