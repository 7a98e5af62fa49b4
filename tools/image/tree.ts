// SPDX-License-Identifier: Apache-2.0
// Puts files into a tree that becomes a layer. Every file of the image goes through here, by name; modes are set, not
// inherited, so that the builder's umask doesn't show.
import { chmod, copyFile, lstat, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the content of a file comes from. */
export type Content = { readonly file: string } | { readonly text: string };

/**
 * Puts a file below `root`, with the folders that it needs. Returns where it lies now.
 *
 * @param target - path in the image
 */
export async function place(root: string, target: string, mode: number, content: Content): Promise<string> {
  const file = path.join(root, target);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o755 });
  if ('file' in content) await copyFile(content.file, file);
  else await writeFile(file, content.text);
  await chmod(file, mode);
  return file;
}

/** Bytes of all files below a folder. */
export async function treeSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await lstat(path.join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
