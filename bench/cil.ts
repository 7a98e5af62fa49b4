// SPDX-License-Identifier: Apache-2.0
// How long raw SELinux policies take to be read, checked and printed, in processor time. Beside it the least that a
// reader could do: to look at every character once.
import { readCil } from '../src/core/selinux/cil.ts';
import { renderRawCil } from '../src/core/selinux/raw.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 9;

/** Characters of the policies that are read in one round. */
const SIZE = 20_000_000;

/** As long as the API takes. */
const LONGEST = 500_000;

/** Rules as udica writes them, with comments and quotes here and there. */
function policy(): string {
  const lines = ['; a policy', '(blockinherit container)'];
  for (let size = 0, at = 0; size < LONGEST - 200; at++) {
    const type = `some_${String(at % 997)}_t`;
    const rule = `(allow process ${type} ( ${at % 3 === 0 ? 'dir' : '"file"'} ( getattr ioctl lock open read search )))`;
    const line = at % 10 === 0 ? `  ; rule ${String(at)} (of many)\n${rule}` : rule;
    lines.push(line);
    size += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

function timeOf(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

function millisecondsFor20MB(text: string, work: () => void): number {
  const times = Math.ceil(SIZE / text.length);
  const round = (): number =>
    timeOf(() => {
      for (let at = 0; at < times; at++) work();
    });
  return (median(Array.from({ length: ROUNDS }, round)) * SIZE) / (times * text.length);
}

function sumOf(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at);
  return sum;
}

/** Milliseconds for 20 MB of policies, each of the largest size that the API takes. */
export function measureCil(): readonly Figure[] {
  const text = policy();
  const profile = { metadata: { name: 'bench', namespace: 'bench' }, spec: { policy: text } };
  if (readCil(text).fault !== undefined) throw new Error('the policy of the benchmark is not valid');
  const floor = { what: 'every character looked at', value: millisecondsFor20MB(text, () => sumOf(text)) };
  return [
    {
      what: '20 MB of raw SELinux policies read into trees',
      value: millisecondsFor20MB(text, () => readCil(text)),
      unit: 'ms',
      floor,
      bar: 1000,
    },
    {
      what: 'the same read, checked and printed',
      value: millisecondsFor20MB(text, () => renderRawCil(profile, { limit: {} })),
      unit: 'ms',
      floor,
      bar: 6000,
    },
  ];
}
