/** DuckDB makes its log and its spill files anew all the time, each with the mode that the umask leaves. */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}
