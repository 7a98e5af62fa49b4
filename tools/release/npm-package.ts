// SPDX-License-Identifier: Apache-2.0
// spoc as an npm package: `npm install --global`. Its Node.js is a package that ours depends on, the same pinned one,
// so that no other ever runs it.
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../image/command.ts';
import { PLATFORMS } from '../image/platforms.ts';
import { place } from '../image/tree.ts';
import type { Lock } from '../supply-chain/licences.ts';
import { NPM_PACKAGE } from './names.ts';

/** The command, as npm links it. The launcher of the machine's processor does all the work. */
const COMMAND = `#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
here=$(dirname "$(readlink -f "$0")")
case $(uname -m) in
  x86_64) arch=amd64 ;;
  aarch64) arch=arm64 ;;
  *) echo "spoc: there is none for $(uname -m)" >&2; exit 1 ;;
esac
exec "$here/../lib/$arch/spoc" "$@"
`;

const README = `# spoc

Records the system calls of a command as a profile of seccomp or AppArmor, runs commands under profiles, and merges, judges
and shares profiles. Linux, x86_64 and arm64.

    npm install --global ${NPM_PACKAGE}
    spoc --help
`;

/**
 * The text of package.json.
 * @throws Error when a Node.js is not pinned
 */
export function printPackage(version: string, { packages }: Lock): string {
  const pins = PLATFORMS.map(({ nodePackage }) => {
    const pinned = packages[`node_modules/${nodePackage}`]?.version;
    if (pinned === undefined) throw new Error(`package-lock.json does not pin ${nodePackage}`);
    return [nodePackage, pinned] as const;
  });
  const description = {
    name: NPM_PACKAGE,
    version,
    description: 'Records, enforces and shares security profiles of seccomp and AppArmor',
    license: 'Apache-2.0',
    os: ['linux'],
    cpu: PLATFORMS.map(({ nodeArch }) => nodeArch),
    bin: { spoc: 'bin/spoc', 'kubectl-spoc': 'bin/spoc' },
    files: ['bin', 'lib', 'LICENSES'],
    // npm installs the one whose processor is the machine's.
    optionalDependencies: Object.fromEntries(pins),
  };
  return `${JSON.stringify(description, undefined, 2)}\n`;
}

/**
 * Makes the package of a folder whose `lib` has a folder for each platform.
 *
 * @param licences - file with the texts of all licences
 * @param output - folder of the archive
 */
export async function packNpm(
  folder: string,
  { version, lock, licences }: { readonly version: string; readonly lock: Lock; readonly licences: string },
  output: string,
): Promise<void> {
  await place(folder, 'package.json', 0o644, { text: printPackage(version, lock) });
  await place(folder, 'README.md', 0o644, { text: README });
  await place(folder, 'LICENSES', 0o644, { file: licences });
  await chmod(await place(folder, 'bin/spoc', 0o755, { text: COMMAND }), 0o755);
  await mkdir(output, { recursive: true });
  await run(
    'npm',
    ['pack', path.resolve(folder), '--ignore-scripts', '--loglevel=error', '--pack-destination', output],
    {
      cwd: folder,
    },
  );
}
