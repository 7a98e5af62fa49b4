// SPDX-License-Identifier: Apache-2.0
// The house rules that a program can check: the direction of imports, the size, name, head and documentation of files,
// and the form of comments. Part of `npm test`; prints every violation.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { checkComments } from './layers/comments.ts';
import { checkImports, findCircles } from './layers/imports.ts';
import type { Source, Violation } from './layers/source.ts';

const EMPTY_NAMES = /(^|\/)(utils?|helpers?|common|misc|types)(\.[a-z]+)?(\/|$)/;
const LARGEST_FILE = 300;

/** Files that programs print, and packages: they follow their printer. */
const PRINTED = /^src\/gen\/|node_modules\//;

function checkSize(source: Source): readonly Violation[] {
  const lines = source.text.split('\n').length;
  return lines > LARGEST_FILE
    ? [{ file: source.file, reason: `has ${String(lines)} lines, more than ${String(LARGEST_FILE)}` }]
    : [];
}

function checkName(source: Source): readonly Violation[] {
  return EMPTY_NAMES.test(source.file) ? [{ file: source.file, reason: 'has a name that says nothing' }] : [];
}

function checkHead(source: Source): readonly Violation[] {
  const [first, second] = source.text.replace(/^#!.*\n/, '').split('\n');
  if (first !== '// SPDX-License-Identifier: Apache-2.0')
    return [{ file: source.file, reason: 'does not open with the SPDX line' }];
  return second?.startsWith('//') ? [] : [{ file: source.file, reason: 'does not say in its head why it exists' }];
}

function checkDocumented(source: Source): readonly Violation[] {
  const lines = source.text.split('\n');
  return lines.flatMap((line, index) => {
    const name = /^export (?:async )?(?:abstract )?(?:function\*?|const|class|interface|type) (\w+)/.exec(line)?.[1];
    const previous = lines[index - 1]?.trim() ?? '';
    const overload = previous.startsWith(`export function ${name ?? ''}(`);
    // One comment may stand over a run of constants without a blank line between them.
    const inRun = line.startsWith('export const ') && /^(export const .*|[})\]]+);$/.test(previous);
    if (name === undefined || previous.endsWith('*/') || overload || inRun) return [];
    return [{ file: source.file, reason: `exports ${name} without a doc comment (line ${String(index + 1)})` }];
  });
}

/**
 * Every violation of the house rules in the given sources.
 *
 * @param sources - path from the root of the repository (`src/...`, `tools/...`) and content of each file
 */
export function findViolations(sources: readonly Source[]): readonly Violation[] {
  const inFiles = sources.flatMap((source) => [
    ...checkComments(source),
    ...(hasOwnForm(source) ? [] : [...checkName(source), ...checkHead(source), ...checkSize(source)]),
    ...(source.file.startsWith('src/') ? [...checkImports(source), ...checkDocumented(source)] : []),
  ]);
  return [...inFiles, ...findCircles(sources)];
}

/** C and tests: their comments and imports are checked, and nothing else. */
function hasOwnForm({ file }: Source): boolean {
  return !file.endsWith('.ts') || file.startsWith('test/');
}

async function readSources(root: string, folder: string): Promise<readonly Source[]> {
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(ts|c|h)$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !PRINTED.test(file));
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(path.join(root, file), 'utf8') })));
}

if (import.meta.main) {
  const root = path.join(import.meta.dirname, '..');
  const folders = ['src', 'tools', 'bench', 'native/bpf/src', 'test'];
  const sources = (await Promise.all(folders.map((folder) => readSources(root, folder)))).flat();
  const violations = findViolations(sources);
  for (const violation of violations) console.log(`${violation.file}: ${violation.reason}`);
  console.log(`${String(sources.length)} files, ${String(violations.length)} violations of the house rules`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
