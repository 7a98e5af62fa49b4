// SPDX-License-Identifier: Apache-2.0
// The pattern for a path that was seen: the path itself, but for what is another each time that the program runs.
import { literalPattern, readPattern } from './pattern.ts';
import { printPattern } from './pattern-text.ts';
import type { Pattern } from './pattern.ts';

/**
 * Parts of names that are made up: UUIDs, long hexadecimal numbers such as those of containers, long decimal ones.
 * Several in a row are one part: two wildcards in a row would be another one, which matches slashes.
 */
const MADE_UP =
  /(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32,}|[0-9]{6,}|(?<=\/overlay\/)[A-Za-z0-9]{26}(?=\/|$))+/g;

/** A process in /proc, one of its threads, and the rest. */
const PROCESS = /^\/proc\/\d+(\/task\/\d+(?=\/|$))?(\/.*)?$/s;

/**
 * The pattern. Numbers of processes and threads become variables, devices all of their folder, as which ones there are
 * depends on the machine.
 *
 * @param path - absolute, as the kernel names it
 */
export function generalPattern(path: string): Pattern {
  const { pattern } = readPattern(generalText(path));
  return pattern ?? literalPattern(path);
}

function generalText(path: string): string {
  if (/^\/sys\/devices\/./.test(path)) return '/sys/devices/**';
  const [process, task, rest = ''] = PROCESS.exec(path) ?? [];
  if (process === undefined) return withWildcards(path);
  return `@{PROC}/@{pid}${task === undefined ? '' : '/task/@{tid}'}${withWildcards(rest)}`;
}

function withWildcards(path: string): string {
  return path
    .split(MADE_UP)
    .map((text) => printPattern(literalPattern(text)))
    .join('*');
}
