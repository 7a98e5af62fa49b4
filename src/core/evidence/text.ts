// SPDX-License-Identifier: Apache-2.0
// The account of a profile's evidence in lines for people.
import type { EvidenceSummary } from '../recording/evidence.ts';
import type { EvidenceAccount, Provenance } from './account.ts';
import type { Chance } from './chance.ts';
import type { Wholeness } from './wholeness.ts';

/** Units of time, in seconds. */
const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** Names that a line lists. */
const MOST_NAMED = 20;

/** The lines of an account, without line ends. */
export function accountLines(account: EvidenceAccount): readonly string[] {
  const { recordings, whole, seen, added, runs, provenance } = account;
  return [
    ...wholeLines(whole),
    `recordings: ${String(recordings)}${runs === undefined ? '' : `, of ${runsText(runs)}`}`,
    `seen: ${String(seen.length)}${seen.length === 0 ? '' : `, ${sharesText(account)}`}`,
    ...(added.length === 0 ? [] : [`allowed without having been seen: ${String(added.length)}`]),
    `chance that the next recording shows something new: ${newsText(account)}`,
    ...rareLines(account),
    ...(provenance === undefined ? [] : provenanceLines(provenance)),
  ];
}

/** A share of 1 in per cent, as precise as is of use. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value === 0 || value >= 10 ? String(Math.round(value)) : value.toFixed(1)} %`;
}

/** The chance with its interval. */
export function chanceText({ estimate, low, high }: Chance): string {
  return `${percent(estimate)} (95 % interval: ${percent(low)} to ${percent(high)})`;
}

/** How many containers ran, in how many pods, and for how long. */
export function runsText({ runs, pods, seconds }: EvidenceSummary): string {
  return `${counted(runs, 'run')} in ${counted(pods, 'pod')}, ${durationText(seconds)} together`;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A time in the two largest units that it has. */
function durationText(seconds: number): string {
  const parts = UNITS.map(([name, size], at) => {
    const [, larger] = UNITS[at - 1] ?? ['', Infinity];
    return [Math.floor((seconds % larger) / size), name] as const;
  });
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  const told = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return told.map(([count, name]) => `${String(count)} ${name}`).join(' ');
}

/** The chance that the next recording shows something new, or why it is not known. */
export function newsText({ chance, recordings, novelty }: EvidenceAccount): string {
  if (chance === undefined)
    return `unknown, as ${counted(recordings, 'recording')} ${recordings === 1 ? 'is' : 'are'} too few to tell`;
  const isBound = novelty.novel.least < novelty.novel.most;
  return `${isBound ? 'at most ' : ''}${chanceText(chance)}`;
}

function wholeLines({ answer, reasons }: Wholeness): readonly string[] {
  return [`whole: ${answer}`, ...reasons.map((reason) => `  ${reason}`)];
}

function sharesText({ seen, recordings }: EvidenceAccount): string {
  const inAll = seen.filter((one) => one.recordings >= recordings).length;
  const inOne = seen.filter((one) => one.recordings === 1).length;
  return `${String(inAll)} of them in every recording, ${String(inOne)} in one only`;
}

/** Of one recording everything is rare. */
function rareLines({ seen, recordings }: EvidenceAccount): readonly string[] {
  const rare = seen.filter((one) => one.recordings === 1).map(({ name }) => name);
  if (recordings < 2 || rare.length === 0) return [];
  const more = rare.length - MOST_NAMED;
  const rest = more > 0 ? ` and ${String(more)} more` : '';
  return [`seen in one recording only: ${rare.slice(0, MOST_NAMED).join(', ')}${rest}`];
}

function provenanceLines(provenance: Provenance): readonly string[] {
  const { recorder, nodes, images, kernels, runtimes, firstCall, lastNewCall } = provenance;
  const lists = Object.entries({ nodes, images, kernels, runtimes });
  const times = Object.entries({ 'first call': firstCall, 'last new call': lastNewCall });
  return [
    `recorder: ${recorder}`,
    ...lists.flatMap(([name, texts]) => (texts.length === 0 ? [] : [`${name}: ${texts.join(', ')}`])),
    ...times.flatMap(([name, time]) => (time === undefined ? [] : [`${name}: ${time}`])),
  ];
}
