// SPDX-License-Identifier: Apache-2.0
// The account of a profile's evidence in lines for people.
import type { EvidenceAccount, Provenance } from './account.ts';
import type { Chance } from './chance.ts';
import type { Wholeness } from './wholeness.ts';

/** Names that a line lists. */
const MOST_NAMED = 20;

/** The lines of an account, without line ends. */
export function accountLines(account: EvidenceAccount): readonly string[] {
  const { recordings, whole, seen, added, chance, provenance } = account;
  return [
    ...wholeLines(whole),
    `recordings: ${String(recordings)}${runsText(account)}`,
    `seen: ${String(seen.length)}${seen.length === 0 ? '' : `, ${sharesText(account)}`}`,
    ...(added.length === 0 ? [] : [`allowed without having been seen: ${String(added.length)}`]),
    chanceLine(chance, account),
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

function wholeLines({ answer, reasons }: Wholeness): readonly string[] {
  return [`whole: ${answer}`, ...reasons.map((reason) => `  ${reason}`)];
}

function runsText({ runs }: EvidenceAccount): string {
  if (runs === undefined) return '';
  return `, of ${String(runs.runs)} runs in ${String(runs.pods)} pods, ${String(runs.seconds)} s together`;
}

function sharesText({ seen, recordings }: EvidenceAccount): string {
  const inAll = seen.filter((one) => one.recordings >= recordings).length;
  const inOne = seen.filter((one) => one.recordings === 1).length;
  return `${String(inAll)} of them in every recording, ${String(inOne)} in one only`;
}

function chanceLine(chance: Chance | undefined, { recordings, novelty }: EvidenceAccount): string {
  const subject = 'chance that the next recording shows something new';
  if (chance === undefined) return `${subject}: unknown, as ${String(recordings)} recording is too few to tell`;
  const isBound = novelty.novel.least < novelty.novel.most;
  return `${subject}: ${isBound ? 'at most ' : ''}${chanceText(chance)}`;
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
