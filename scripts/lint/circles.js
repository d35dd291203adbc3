// Names every circle of files that import each other, types and `import()` included; exit code 1 if there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { FOLDERS, root, targetOf } from './layout.js';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...Object.keys(FOLDERS)], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.tsx?$/.test(file) && existsSync(join(root, file)));

const imports = new Map(
  files.map((file) => [
    file,
    ts
      .preProcessFile(readFileSync(join(root, file), 'utf8'), true, true)
      .importedFiles.map(({ fileName }) => targetOf(file, fileName))
      .filter((target) => target !== undefined),
  ]),
);

const circles = findCircles(imports);
for (const circle of circles) console.error(`Circle: ${[...circle, circle[0]].join(' → ')}`);
console.log(`${files.length} files, ${circles.length} circles`);
process.exitCode = circles.length > 0 ? 1 : 0;

/** Depth first: an import that leads back to a file on the way to it closes a circle. */
function findCircles(graph) {
  const found = [];
  const done = new Set();
  const path = [];
  const visit = (file) => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(path.slice(start));
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of graph.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return found;
}
