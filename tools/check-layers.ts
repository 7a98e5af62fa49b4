// SPDX-License-Identifier: Apache-2.0
// The house rules that a machine can check: which layer may import which, that core is pure, that files stay small,
// that their names say something and that what they export is documented. Part of `npm test`; prints every violation.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

/** What each layer under src/ may import besides itself; the direction of architecture is this table. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  gen: [],
  core: ['gen'],
  io: ['core', 'gen'],
  runtime: ['core', 'gen'],
  handlers: ['runtime', 'core', 'gen'],
  admission: ['runtime', 'core', 'gen'],
  cli: ['core', 'gen'],
  roles: ['handlers', 'admission', 'cli', 'runtime', 'io', 'core', 'gen'],
  'main.ts': ['roles'],
};

/** Layers whose files are independent of each other: a handler knows no other handler, a role no other role. */
const STRANGERS: readonly string[] = ['handlers', 'admission', 'roles'];

/** Folders of a layer that belong to different processes, and which others each may import: nothing else. */
const PROCESSES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  handlers: { sources: [], node: ['sources'], manager: ['sources'] },
};

const EMPTY_NAMES = /(^|\/)(utils?|helpers?|common|misc|types)(\.[a-z]+)?(\/|$)/;
const IMPORT_PATTERN =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g;
const LARGEST_FILE = 300;

interface Source {
  readonly file: string;
  readonly text: string;
}

/** One broken rule: the file, and what is wrong with it in a sentence. */
export interface Violation {
  readonly file: string;
  readonly reason: string;
}

function layerOf(file: string): string {
  return file.split('/')[1] ?? '';
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(IMPORT_PATTERN)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function checkImport(source: Source, target: string): string | undefined {
  const layer = layerOf(source.file);
  if (!target.startsWith('.')) {
    return layer === 'core' || layer === 'gen' ? `${layer} is pure and must not import ${target}` : undefined;
  }
  const file = path.posix.join(path.posix.dirname(source.file), target);
  const other = layerOf(file);
  if (!file.startsWith('src/')) return `imports ${file}, which is outside of src`;
  if (other !== layer && !(ALLOWED[layer] ?? []).includes(other))
    return `${layer} must not import ${other} (${target})`;
  if (other === layer && !mayEnter(layer, folderOf(source.file), folderOf(file))) {
    return `${layer}/${folderOf(source.file)} must not import ${layer}/${folderOf(file)} (${target})`;
  }
  const sameFolder = path.posix.dirname(file) === path.posix.dirname(source.file);
  if (other === layer && STRANGERS.includes(layer) && sameFolder && path.posix.dirname(file) === `src/${layer}`) {
    return `files of ${layer} are strangers and must not import each other (${target})`;
  }
  return undefined;
}

/** The folder of a file below its layer; its own name where it lies in none. */
function folderOf(file: string): string {
  return file.split('/')[2] ?? '';
}

function mayEnter(layer: string, from: string, to: string): boolean {
  const others = PROCESSES[layer]?.[from];
  return others === undefined || from === to || others.includes(to);
}

function checkImports(source: Source): readonly Violation[] {
  return importsOf(source.text).flatMap((target) => {
    const reason = checkImport(source, target);
    return reason === undefined ? [] : [{ file: source.file, reason }];
  });
}

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
  return sources.flatMap((source) => {
    const named = [...checkName(source), ...checkHead(source), ...checkSize(source)];
    return source.file.startsWith('src/') ? [...named, ...checkImports(source), ...checkDocumented(source)] : named;
  });
}

async function readSources(root: string, folder: string): Promise<readonly Source[]> {
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('src/gen/') && !file.includes('node_modules/'));
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(path.join(root, file), 'utf8') })));
}

if (import.meta.main) {
  const root = path.join(import.meta.dirname, '..');
  const sources = (await Promise.all(['src', 'tools', 'bench'].map((folder) => readSources(root, folder)))).flat();
  const violations = findViolations(sources);
  for (const violation of violations) console.log(`${violation.file}: ${violation.reason}`);
  console.log(`${String(sources.length)} files, ${String(violations.length)} breaches of the house rules`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
