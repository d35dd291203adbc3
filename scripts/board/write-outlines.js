// Makes board/map/outlines.json from a GeoJSON file of the city's units with their codes: node scripts/board/write-outlines.js FILE
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeOutlines } from './encode-outlines.js';

/** About 90 m. */
const STEP_DEGREES = 0.0008;
const OUTLINES = fileURLToPath(new URL('../../board/map/outlines.json', import.meta.url));

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Which GeoJSON file? node scripts/board/write-outlines.js FILE');
  process.exitCode = 2;
} else {
  const outlines = {
    stepDegrees: STEP_DEGREES,
    units: encodeOutlines(JSON.parse(readFileSync(file, 'utf8')), STEP_DEGREES),
  };
  writeFileSync(OUTLINES, `${JSON.stringify(outlines, undefined, 2)}\n`);
}
