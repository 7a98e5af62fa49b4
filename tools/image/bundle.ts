// SPDX-License-Identifier: Apache-2.0
// Our own code in the image: the bundle of src/main.ts, and the command that starts it. There is no shell, so the
// command is a file that Node.js runs itself; spoc, the other one that people know, is a compiled program.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { IMAGE_FOLDER } from '../../src/core/deploy/image.ts';
import { place } from './tree.ts';

/** Folder of our code and programs in the image. The Containerfile's entry point names it too. */
export const HOME = path.relative('/', IMAGE_FOLDER);

/** Puts what the bundler wrote into `folder`, and the command, below `root`. */
export async function stageBundle(folder: string, root: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    await place(root, path.join(HOME, path.relative(folder, file)), 0o644, { file });
  }
  await place(root, 'usr/bin/security-profiles-operator', 0o755, {
    text: `#!/usr/bin/node\nrequire('/${HOME}/main.cjs');\n`,
  });
}
