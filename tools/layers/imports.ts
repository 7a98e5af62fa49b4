// SPDX-License-Identifier: Apache-2.0
// The direction of imports: which layer may import which, which folders of a layer are apart, that core is pure, and
// that no imports form a circle, includes of C among them.
import path from 'node:path';
import type { Source, Violation } from './source.ts';

/** The layers that each layer under src/ may import besides itself; the direction of architecture is this table. */
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

/** Files beside strangers that all of them may import: the language that they speak with those who call them. */
const SHARED: readonly string[] = ['src/admission/review.ts'];

/**
 * Folders with a border, and the other folders beside them that each may import. Handlers are parted by the process
 * that runs them; the meaning of a profile knows nothing of libseccomp; `process` and `kube` serve the folders above
 * them.
 */
const ROOMS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'src/handlers': { sources: [], node: ['sources'], manager: ['sources'] },
  'src/core/seccomp': { meaning: [], libseccomp: ['meaning'] },
  'src/roles': { process: [], wiring: ['process'] },
  'src/io': { kube: [], http: [], native: [], registry: ['http'], signature: [] },
};

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]+"([^"]+)"/gm;

/** Folders that the C programs are compiled with as include paths. */
const INCLUDE_ROOTS = ['native/bpf/src', 'native/bpf/gen'];

function specifiersOf(text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function layerOf(file: string): string {
  return file.split('/')[1] ?? '';
}

function layerReason(from: string, to: string): string | undefined {
  const [layer, other] = [layerOf(from), layerOf(to)];
  if (other !== layer) return (ALLOWED[layer] ?? []).includes(other) ? undefined : `${layer} must not import ${other}`;
  const folder = path.posix.dirname(to);
  if (SHARED.includes(to)) return undefined;
  const apart = STRANGERS.includes(layer) && folder === `src/${layer}` && folder === path.posix.dirname(from);
  return apart ? `files of ${layer} are strangers and must not import each other` : undefined;
}

function roomReason(from: string, to: string): string | undefined {
  for (const [parent, rooms] of Object.entries(ROOMS)) {
    if (!from.startsWith(`${parent}/`) || !to.startsWith(`${parent}/`)) continue;
    const [room = '', other = ''] = [from, to].map((file) => file.slice(parent.length + 1).split('/')[0]);
    if (room === other || rooms[room] === undefined || !isRoom(rooms, other, to, parent)) continue;
    if (!rooms[room].includes(other)) return `${shortOf(parent)}/${room} must not import ${shortOf(parent)}/${other}`;
  }
  return undefined;
}

/** A file that lies beside the folders is free for all where it is no handler: handlers lie in folders only. */
function isRoom(rooms: Readonly<Record<string, unknown>>, other: string, to: string, parent: string): boolean {
  return other in rooms || parent === 'src/handlers' || to.slice(parent.length + 1).includes('/');
}

function shortOf(parent: string): string {
  return parent.replace(/^src\//, '');
}

function reasonAgainst(source: Source, target: string): string | undefined {
  if (!target.startsWith('.')) {
    const layer = layerOf(source.file);
    return layer === 'core' || layer === 'gen' ? `${layer} is pure and must not import ${target}` : undefined;
  }
  const file = path.posix.join(path.posix.dirname(source.file), target);
  if (!file.startsWith('src/')) return `imports ${file}, which is outside of src`;
  const reason = layerReason(source.file, file) ?? roomReason(source.file, file);
  return reason === undefined ? undefined : `${reason} (${target})`;
}

/** Every import of a file under src/ against the direction. */
export function checkImports(source: Source): readonly Violation[] {
  return specifiersOf(source.text).flatMap((target) => {
    const reason = reasonAgainst(source, target);
    return reason === undefined ? [] : [{ file: source.file, reason }];
  });
}

function importedFiles({ file, text }: Source, known: ReadonlySet<string>): readonly string[] {
  const folder = path.posix.dirname(file);
  if (file.endsWith('.ts')) {
    const relative = specifiersOf(text).filter((target) => target.startsWith('.'));
    return relative.map((target) => path.posix.join(folder, target));
  }
  return [...text.matchAll(INCLUDE)].flatMap(([, target = '']) => {
    const found = [folder, ...INCLUDE_ROOTS].map((root) => path.posix.join(root, target));
    return found.find((candidate) => known.has(candidate)) ?? [];
  });
}

/** Every circle of imports or includes, each once. A file that names itself (in a text that it prints) is none. */
export function findCircles(sources: readonly Source[]): readonly Violation[] {
  const known = new Set(sources.map(({ file }) => file));
  const imports = new Map(sources.map((source) => [source.file, importedFiles(source, known)]));
  const circles: Violation[] = [];
  const done = new Set<string>();
  const visit = (file: string, chain: readonly string[]): void => {
    const start = chain.indexOf(file);
    if (start >= 0 && start < chain.length - 1) {
      circles.push({ file, reason: `is in a circle of imports: ${[...chain.slice(start), file].join(' -> ')}` });
    }
    if (start >= 0 || done.has(file)) return;
    for (const other of imports.get(file) ?? []) visit(other, [...chain, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}
