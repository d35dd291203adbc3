import { Option, type Command } from 'commander';

/** `wardwatch dashboards …`: Grafana as code. */
export function defineDashboards(dashboards: Command): void {
  dashboards.description('dashboards for Grafana, generated (docs/dashboards.md)');
  dashboards
    .command('build')
    .description('write every dashboard as JSON that Grafana provisions')
    .addOption(
      new Option('--lang <language>', 'language of titles and texts')
        .choices(['vi', 'en'])
        .makeOptionMandatory(),
    )
    .option(
      '--out <directory>',
      'new, or with nothing but dashboards; dashboards/built/LANG if not given (v2: dashboards/built-v2/LANG)',
    )
    .addOption(
      new Option('--schema <schema>', 'classic: Grafana 12.3 and later; v2: Grafana 13')
        .choices(['classic', 'v2'])
        .default('classic'),
    )
    .option('--rules-dir <directory>', 'own rules, as rulesDirectory of central.yaml: their limits are drawn')
    .option('--json', 'print one JSON line: the directory, the files, how many were written')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch dashboards build --lang vi --out /var/lib/grafana/dashboards/wardwatch
  wardwatch dashboards build --lang en --schema v2 --out dashboards-v2

Exit codes:
  0  written
  1  the directory cannot be read or written
  2  bad usage, the directory holds other files, or a rule has problems`,
    )
    .action(async (options: import('./dashboards-build.ts').DashboardsBuildOptions) => {
      const { runDashboardsBuild } = await import('./dashboards-build.ts');
      runDashboardsBuild(options);
    });
}
