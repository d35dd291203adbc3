const NEXT_ANSWER = /"[^"]*"|[+][A-Z][A-Z0-9]*: /g;

/**
 * The answers in a line: some modems leave out the line ending between two, as in `+QCAINFO: "PCC",…+QCAINFO: "SCC",…`. What
 * stands in quotes is never taken for an answer. Pure.
 */
export function splitAnswers(line: string): readonly string[] {
  const starts = [0];
  for (const match of line.matchAll(NEXT_ANSWER)) {
    if (match.index > 0 && !match[0].startsWith('"')) starts.push(match.index);
  }
  return starts.map((start, index) => line.slice(start, starts[index + 1]).trim());
}
