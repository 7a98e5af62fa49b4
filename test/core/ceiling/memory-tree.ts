// SPDX-License-Identifier: Apache-2.0
// A tree of files in memory: texts and bytes by their paths, links with an arrow before their target.
import type { Entry, Tree } from '../../../src/core/ceiling/tree.ts';

function namesBelow(paths: readonly string[], folder: string): readonly string[] {
  const start = folder === '/' ? '/' : `${folder}/`;
  const names = paths
    .filter((path) => path.startsWith(start))
    .map((path) => path.slice(start.length).split('/')[0] ?? '');
  return [...new Set(names)];
}

/** The tree of these files. */
export function memoryTree(files: Readonly<Record<string, string | Uint8Array>>): Tree {
  return {
    entry: async (path): Promise<Entry | undefined> => {
      const content = files[path];
      if (typeof content === 'string' && content.startsWith('-> ')) return { type: 'link', target: content.slice(3) };
      if (content !== undefined) {
        const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
        return { type: 'file', read: async (limit) => bytes.subarray(0, limit) };
      }
      const names = namesBelow(Object.keys(files), path);
      return names.length === 0 ? undefined : { type: 'folder', names };
    },
  };
}
