// SPDX-License-Identifier: Apache-2.0
// The parts of a report that judge seccomp profiles: how tight they are, and what they let in and shut out since an
// earlier one. Profiles of other kinds are compared by the names that they allow.
import { differenceText } from '../../difference/text.ts';
import { diffProfiles } from '../../difference/profiles.ts';
import type { LearntProfile } from '../../recording/kinds/learner.ts';
import { mergeRecordings } from '../../recording/merge-partials.ts';
import { scoreOf } from '../../score/score.ts';
import type { Profile } from '../../seccomp/model.ts';
import { parseProfile } from '../../seccomp/parse.ts';
import { accountOf } from '../account.ts';
import { element } from './markup.ts';
import type { Content } from './markup.ts';

/** Reasons of a score that are listed; those that cost most come first. */
const MOST_REASONS = 12;

/** How tight the profile of all is, and why not tighter; nothing for kinds that have no score. */
export function scoreSection(profiles: readonly LearntProfile[]): Content {
  const profile = unionOf(profiles);
  if (profile === undefined) return [];
  const { score, reasons, open, closed } = scoreOf(profile);
  const more = reasons.length - MOST_REASONS;
  const lines = [
    ...reasons.slice(0, MOST_REASONS).map(({ points, why }) => `-${points.toFixed(1)}: ${why}`),
    ...(more > 0 ? [`and ${String(more)} smaller reasons`] : []),
  ];
  const known = `Closes the way to ${String(closed.length)} of ${String(closed.length + open.length)} known vulnerabilities of the kernel.`;
  return [
    element('h3', {}, `Score: ${String(score)} of 100`),
    element('p', { class: 'note' }, known),
    element(
      'ul',
      {},
      lines.map((line) => element('li', {}, line)),
    ),
  ];
}

/** Lists changes since earlier profiles of the workload; nothing without any. */
export function changesSection(profiles: readonly LearntProfile[], earlier: readonly LearntProfile[]): Content {
  const [first, ...others] = earlier;
  if (first === undefined) return [];
  const [before, after] = [unionOf(earlier), unionOf(profiles)];
  const isByMeaning = before !== undefined && after !== undefined;
  const text = isByMeaning ? differenceText(diffProfiles(before, after)) : namesText(profiles, earlier);
  return [
    element('h3', {}, `Since ${first.metadata.name}${others.length === 0 ? '' : ` and ${String(others.length)} more`}`),
    element('pre', {}, text === '' ? 'Nothing has changed.' : text.trimEnd()),
  ];
}

/** The profile that permits what any of them does. */
function unionOf(profiles: readonly LearntProfile[]): Profile | undefined {
  const seccomp = profiles.filter((profile) => profile.kind === 'SeccompProfile');
  if (seccomp.length === 0 || seccomp.length < profiles.length) return undefined;
  return parseProfile(mergeRecordings(seccomp).spec, seccomp[0]?.metadata.name ?? '');
}

function namesText(profiles: readonly LearntProfile[], earlier: readonly LearntProfile[]): string {
  const [before, after] = [namesOf(earlier), namesOf(profiles)];
  const line = (title: string, names: readonly string[]): string =>
    names.length === 0 ? '' : `${title}:\n  ${names.toSorted().join('\n  ')}\n`;
  const letIn = [...after].filter((name) => !before.has(name));
  const shutOut = [...before].filter((name) => !after.has(name));
  return line('Lets in', letIn) + line('Shuts out', shutOut);
}

function namesOf(profiles: readonly LearntProfile[]): ReadonlySet<string> {
  const { seen, added } = accountOf(profiles);
  return new Set([...seen.map(({ name }) => name), ...added]);
}
