// SPDX-License-Identifier: Apache-2.0
// The state of the sources that a release is made of, as git knows it.
import path from 'node:path';
import { run } from '../image/command.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** A commit by its first line. */
export interface Commit {
  /** Forty hexadecimal digits. */
  readonly hash: string;
  readonly subject: string;
}

/** The commit that is released, and how it came about. */
export interface Source {
  readonly commit: string;
  /** When it was committed, in seconds since 1970: the time of all files of the release. */
  readonly epoch: number;
  /** The commits since the tag before, or all, the newest first. */
  readonly commits: readonly Commit[];
  /** Some file differs from the commit. */
  readonly changed: boolean;
}

async function git(...words: readonly string[]): Promise<string> {
  return (await run('git', words, { cwd: ROOT })).trim();
}

/** The tag before this commit, by which the changes of a release begin; undefined for the first release. */
async function tagBefore(): Promise<string | undefined> {
  const tags = await git('tag', '--merged', 'HEAD^', '--sort=-version:refname', 'v*');
  return tags.split('\n').find((tag) => tag !== '');
}

/**
 * Reads the state of the sources.
 * @throws Error where this is no clone with its history
 */
export async function readSource(): Promise<Source> {
  if ((await git('rev-parse', '--is-shallow-repository')) === 'true') {
    throw new Error('the clone has no history, of which the changes are told: git fetch --unshallow');
  }
  const [commit = '', time = ''] = (await git('log', '-1', '--format=%H %ct')).split(' ');
  const before = await tagBefore();
  const range = before === undefined ? 'HEAD' : `${before}..HEAD`;
  const lines = (await git('log', '--no-merges', '--format=%H %s', range)).split('\n');
  const commits = lines.map((line) => ({ hash: line.slice(0, 40), subject: line.slice(41) }));
  return { commit, epoch: Number(time), commits, changed: (await git('status', '--porcelain')) !== '' };
}
