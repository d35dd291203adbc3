import { type Command, Option } from 'commander';
import { DATA_DIR_OPTION } from './data-dir-option.ts';
import { lifetime } from './option-values.ts';

export function defineTokens(tokens: Command): void {
  tokens.description("manage API tokens (on central's machine)");
  tokens
    .command('add <name>')
    .description('create an API token; it is shown only once')
    .requiredOption(...DATA_DIR_OPTION)
    .addOption(
      new Option('--role <role>', 'what the token permits')
        .choices(['viewer', 'operator', 'engineer', 'admin'])
        .default('viewer'),
    )
    .addOption(
      new Option('--expires-in <time>', 'how long it is valid, such as 90d; never: without end')
        .argParser(lifetime)
        .default(365 * 86_400_000, '365d'),
    )
    .option('--units <codes...>', 'what it sees and acts on: only what is in these units (viewer, operator)')
    .option('--agencies <ids...>', 'the same: what these agencies own')
    .action(
      async (
        name: string,
        options: {
          dataDir: string;
          role: string;
          expiresIn: number;
          units?: string[];
          agencies?: string[];
        },
      ) => {
        const { dataDir, role, expiresIn, units, agencies } = options;
        const { addToken } = await import('./access.ts');
        const lifetimeMs = Number.isFinite(expiresIn) ? expiresIn : null;
        addToken(dataDir, { name, role, lifetimeMs, limits: { units, agencies } });
      },
    );
  tokens
    .command('list')
    .description(
      'list the tokens, until when they are valid and when they were last used; the tokens themselves are not kept',
    )
    .requiredOption(...DATA_DIR_OPTION)
    .action(async (options: { dataDir: string }) => {
      const { listTokens } = await import('./access.ts');
      listTokens(options.dataDir);
    });
  tokens
    .command('revoke <id>')
    .description('delete a token')
    .requiredOption(...DATA_DIR_OPTION)
    .action(async (id: string, options: { dataDir: string }) => {
      const { revokeToken } = await import('./access.ts');
      revokeToken(options.dataDir, id);
    });
}
