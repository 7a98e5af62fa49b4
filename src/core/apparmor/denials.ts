// SPDX-License-Identifier: Apache-2.0
// Refused by every enforcing profile, whatever its patterns allow: the ways from a container to the machine's kernel
// that the original closes. Refusals are audited: a plain `deny` is silent.
import { Coverage } from './covers.ts';
import type { Budget } from './covers.ts';
import { readPattern } from './pattern.ts';
import type { Allowed } from './spec.ts';
import { quoted } from './rules.ts';

interface Denial {
  readonly coverage: Coverage;
  readonly text: string;
  readonly modes: 'rwlk' | 'wlk';
}

function denial(text: string, modes: Denial['modes']): Denial {
  const { pattern, fault } = readPattern(text);
  if (pattern === undefined) throw new RangeError(`${text}: ${fault}`);
  return { coverage: new Coverage([pattern]), text, modes };
}

const DENIALS: readonly Denial[] = [
  denial('@{PROC}/*', 'wlk'),
  denial('@{PROC}/sys/[^k]**', 'wlk'),
  denial('@{PROC}/{kcore,kmem,mem,sysrq-trigger}', 'rwlk'),
  denial('@{sys}/firmware/efi/efivars/**', 'rwlk'),
];

/** Steps for all patterns of a profile, up to a second: patterns of files of processes take 8,000 each. */
const MOST_STEPS = 1_000_000;

/** Patterns whose first folder is written out, and is none that a refusal is about. */
const ELSEWHERE = /^\/(?!(?:proc|sys)\/)[\w.-]+\//;

/**
 * The rules. One that would take everything away which a pattern of the profile allows is left out, with a warning: who
 * names `/proc/sys/net/core/somaxconn` means it, who names `/**` does not. Nor does anyone whose patterns take too long
 * to compare.
 */
export function fixedDenials({ files }: Allowed): {
  readonly rules: readonly string[];
  readonly warnings: readonly string[];
} {
  const rules: string[] = [];
  const warnings: string[] = [];
  const inside = [...files].filter(([text]) => !ELSEWHERE.test(text));
  const budget: Budget = { steps: MOST_STEPS };
  for (const { coverage, text, modes } of DENIALS) {
    const meant = inside.find(
      ([, { access, pattern }]) =>
        (access.write || (modes === 'rwlk' && access.read)) && coverage.covers(pattern, budget),
    );
    if (meant === undefined) rules.push(`audit deny ${quoted(text)} ${modes},`);
    else warnings.push(`${meant[0]} is allowed, which a profile refuses otherwise; so ${text} is not refused at all`);
  }
  if (budget.steps <= 0) warnings.push('patterns of paths are too complicated: what they allow may be refused');
  return { rules, warnings };
}

/** The same, or a name in the root of the file system. */
const APART = /^\/(?!(?:proc|sys)(?:\/|$))[\w.-]+(?:\/|$)/;

/** Whether some pattern may reach what is refused. */
export function mayMeetDenials({ files }: Allowed): boolean {
  return [...files.keys()].some((text) => !APART.test(text));
}
