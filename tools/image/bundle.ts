// SPDX-License-Identifier: Apache-2.0
// Our own code in the image: the bundle of src/main.ts, and the two commands that people know. There is no shell, so a
// command is a file that Node.js runs itself.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { IMAGE_FOLDER } from '../../src/core/deploy/image.ts';
import { place } from './tree.ts';

/** Folder of our code and programs in the image. The Containerfile's entry point names it too. */
export const HOME = path.relative('/', IMAGE_FOLDER);

/** Commands on the PATH of the image, each with the words that it puts before those of the user. */
const commands: Readonly<Record<string, readonly string[]>> = {
  'security-profiles-operator': [],
  spoc: ['spoc'],
};

/** Puts what the bundler wrote into `folder`, and the commands, below `root`. */
export async function stageBundle(folder: string, root: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    await place(root, path.join(HOME, path.relative(folder, file)), 0o644, { file });
  }
  for (const [name, words] of Object.entries(commands)) {
    await place(root, `usr/bin/${name}`, 0o755, { text: commandText(words) });
  }
}

function commandText(words: readonly string[]): string {
  const put = words.map((word) => `process.argv.splice(2, 0, '${word}');\n`).join('');
  return `#!/usr/bin/node\n${put}require('/${HOME}/main.cjs');\n`;
}
