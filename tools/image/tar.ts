// SPDX-License-Identifier: Apache-2.0
// Archives of tar that are the same for the same files: in the order of names, of one time, of root, readable by all.
import { run } from './command.ts';

/** The content of an archive. */
export interface TarInput {
  /** Names are looked for in this folder. */
  readonly folder: string;
  readonly names: readonly string[];
  /** The time of all files, in seconds since 1970. */
  readonly epoch: number;
  /** Compressed by gzip. */
  readonly gzip?: boolean;
}

/** gzip without the name and time that it usually notes. */
const GZIP = 'gzip --no-name -6';

/** Packs files and folders into an archive. */
export async function packTar({ folder, names, epoch, gzip = false }: TarInput, output: string): Promise<void> {
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX'];
  const fixed = ['--format=ustar', '--sort=name', `--mtime=@${String(epoch)}`, ...owner];
  const compressed = gzip ? [`--use-compress-program=${GZIP}`] : [];
  await run('tar', ['--create', ...fixed, ...compressed, '-C', folder, '--file', output, ...names]);
}
