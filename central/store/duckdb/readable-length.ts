/** Of an entry's length and checksum, which stand before the position that DuckDB's message names. */
const HEADER_BYTES = 16;

/**
 * Length of a beginning of a log of `size` bytes with which `opens` is true, such that no more entries can be had. A log that ends within an
 * entry opens: DuckDB takes it for one whose last write was cut short. With the position of the damage (`hint`) one attempt is enough, else
 * it takes one for each halving.
 */
export async function readableLength(
  size: number,
  hint: number | undefined,
  opens: (length: number) => Promise<boolean>,
): Promise<number> {
  const hinted = (hint ?? 0) - HEADER_BYTES;
  if (hinted > 0 && hinted < size && (await opens(hinted))) return hinted;
  let good = 0;
  let bad = size;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (await opens(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
