// SPDX-License-Identifier: Apache-2.0
// The values of variables in patterns, for comparing patterns with each other: those of tunables/global of
// apparmor 3.0.8. apparmor_parser puts each value in for itself, and takes two slashes for one.
import { readPattern } from './pattern.ts';
import { printPattern } from './pattern-text.ts';
import type { Item, Pattern } from './pattern.ts';

const NUMBER = '{[1-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9],[1-9][0-9][0-9][0-9][0-9]';
const LONGER = `${NUMBER},[1-9][0-9][0-9][0-9][0-9][0-9],[1-4][0-9][0-9][0-9][0-9][0-9][0-9]}`;

const VALUES: Readonly<Record<string, readonly string[]>> = {
  HOME: ['/home/*/', '/root/'],
  HOMEDIRS: ['/home/'],
  PROC: ['/proc/'],
  etc_ro: ['/etc/', '/usr/etc/'],
  etc_rw: ['/etc/'],
  multiarch: ['*-linux-gnu*'],
  pid: [LONGER],
  pids: [LONGER],
  run: ['/run/', '/var/run/'],
  sys: ['/sys/'],
  tid: [LONGER],
};

/** Texts that one pattern may stand for, and characters of them all; patterns of more are not compared. */
const MOST_TEXTS = 64;
const MOST_CHARACTERS = 65_536;

/**
 * The patterns without variables that a pattern stands for; undefined where one of its variables is not known here, or
 * they are too many or too long.
 */
export function withoutVariables(pattern: Pattern): readonly Pattern[] | undefined {
  if (!hasVariable(pattern)) return [pattern];
  const texts = expanded(pattern);
  if (texts === undefined || texts.length > MOST_TEXTS) return undefined;
  const read = texts.map((text) => readPattern(text).pattern);
  return read.every((one) => one !== undefined) ? read : undefined;
}

function hasVariable(pattern: Pattern): boolean {
  return pattern.some(
    (item) => item.type === 'variable' || (item.type === 'choice' && item.alternatives.some(hasVariable)),
  );
}

/** Every combination of values, as texts. */
function expanded(pattern: Pattern): readonly string[] | undefined {
  let texts: readonly string[] = [''];
  for (const item of pattern) {
    const values = valuesOf(item);
    if (values === undefined || texts.length * values.length > MOST_TEXTS) return undefined;
    texts = texts.flatMap((text) => values.map((value) => text + value));
    if (texts.reduce((sum, text) => sum + text.length, 0) > MOST_CHARACTERS) return undefined;
  }
  return texts;
}

function valuesOf(item: Item): readonly string[] | undefined {
  if (item.type === 'variable') return VALUES[item.name];
  if (item.type !== 'choice' || !hasVariable([item])) return [printPattern([item])];
  const alternatives = item.alternatives.map(expanded);
  return alternatives.includes(undefined) ? undefined : alternatives.flatMap((texts) => texts ?? []);
}
