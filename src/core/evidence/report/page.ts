// SPDX-License-Identifier: Apache-2.0
// A report on recorded profiles: one file that needs nothing else, neither a network nor a script.
import { partCoverage } from '../../recording/merge-partials.ts';
import type { LearntProfile } from '../../recording/kinds/learner.ts';
import { accountOf } from '../account.ts';
import type { EvidenceAccount } from '../account.ts';
import { chanceText, percent } from '../text.ts';
import { growthPlot } from './growth-plot.ts';
import { heatMap } from './heat-map.ts';
import { changesSection, scoreSection } from './judgement.ts';
import { element } from './markup.ts';
import type { Content, Markup } from './markup.ts';
import { STYLE } from './style.ts';

/** A workload of which the report tells. */
export interface ReportedWorkload {
  readonly title: string;
  /** Recorded profiles of one kind; at least one. */
  readonly profiles: readonly LearntProfile[];
  /** Earlier profiles of the same workload; empty for none. */
  readonly earlier: readonly LearntProfile[];
}

const DOCTYPE = '<!doctype html>\n';

/** The page. The same profiles give the same page. */
export function reportPage(workloads: readonly ReportedWorkload[]): string {
  const title = workloads.length === 1 ? `How ${workloads[0]?.title ?? ''} was learnt` : 'How profiles were learnt';
  const head = element(
    'head',
    {},
    { markup: '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' },
    element('title', {}, title),
    element('style', {}, { markup: STYLE }),
  );
  const body = element('body', {}, element('h1', {}, title), workloads.map(section));
  return `${DOCTYPE}${element('html', { lang: 'en' }, head, body).markup}\n`;
}

function section(workload: ReportedWorkload): Markup {
  const account = accountOf(workload.profiles);
  return element(
    'section',
    {},
    element('h2', {}, workload.title),
    verdict(account),
    facts(account),
    scoreSection(workload.profiles),
    changesSection(workload.profiles, workload.earlier),
    growth(account),
    map(account, workload.profiles),
    table(account),
  );
}

function verdict({ whole: { answer, reasons } }: EvidenceAccount): Markup {
  const sentence = {
    yes: 'The recordings are whole: nothing is known to be lost.',
    no: 'The recordings are not whole.',
    unknown: 'Whether the recordings are whole is not known.',
  }[answer];
  const list =
    reasons.length === 0
      ? []
      : element(
          'ul',
          {},
          reasons.map((reason) => element('li', {}, reason)),
        );
  return element('div', { class: `verdict ${answer}` }, element('strong', {}, sentence), list);
}

function facts({ recordings, seen, added, chance, runs, provenance, novelty }: EvidenceAccount): Markup {
  const isBound = novelty.novel.least < novelty.novel.most;
  const told =
    chance === undefined ? 'unknown: one recording is too few' : `${isBound ? 'at most ' : ''}${chanceText(chance)}`;
  const where: Readonly<Record<string, string | readonly string[]>> = { ...provenance };
  const rows: readonly (readonly [string, string])[] = [
    ['recordings', String(recordings)],
    ...(runs === undefined
      ? []
      : [['runs', `${String(runs.runs)} in ${String(runs.pods)} pods, ${String(runs.seconds)} s together`] as const]),
    ['seen', String(seen.length)],
    [
      'allowed without having been seen',
      added.length === 0 ? 'nothing' : `${String(added.length)}: ${added.join(', ')}`,
    ],
    ['chance that the next recording shows something new', told],
    ...Object.entries(where).flatMap(([name, value]) => {
      const text = [value].flat().join(', ');
      return text === '' ? [] : [[WORDS[name] ?? name, text] as const];
    }),
  ];
  return element(
    'dl',
    {},
    rows.map(([name, text]) => [element('dt', {}, name), element('dd', {}, text)]),
  );
}

const WORDS: Readonly<Record<string, string>> = { firstCall: 'first call', lastNewCall: 'last new call' };

function growth(account: EvidenceAccount): Content {
  const plot = growthPlot(account.growth);
  if (plot === undefined) return [];
  const note =
    'How much had been seen after so many recordings, on average over their order. The band holds it in 95 of 100 cases. A curve ' +
    'that still climbs at its end has not seen everything.';
  return [element('h3', {}, 'Growth'), element('p', { class: 'note' }, note), plot];
}

function map({ seen }: EvidenceAccount, profiles: readonly LearntProfile[]): Content {
  const coverages = profiles.map(partCoverage).filter(({ total }) => total > 0);
  const usualFirst = seen.toSorted((a, b) => b.recordings - a.recordings);
  const rows = usualFirst.map(({ name }) => ({
    name,
    shares: coverages.map(({ names, total }) => (names.get(name) ?? 0) / total),
  }));
  const drawn = heatMap(rows, coverages.length);
  if (drawn === undefined) return [];
  const note =
    'A column for each profile that was given; a merged one is filled as high as its recordings have seen the call.';
  return [element('h3', {}, 'Calls by recording'), element('p', { class: 'note' }, note), drawn];
}

function table({ seen, recordings }: EvidenceAccount): Content {
  if (seen.length === 0) return [];
  const row = ({ name, recordings: count }: EvidenceAccount['seen'][number]): Markup =>
    element(
      'tr',
      {},
      element('td', {}, element('code', {}, name)),
      element('td', { class: 'number' }, String(count)),
      element('td', { class: 'number' }, percent(count / Math.max(1, recordings))),
    );
  const heads = ['seen', 'recordings', 'share'].map((name, at) =>
    element('th', at > 0 ? { class: 'number' } : {}, name),
  );
  return [
    element('h3', {}, 'The rarest first'),
    element('table', {}, element('thead', {}, element('tr', {}, heads)), element('tbody', {}, seen.map(row))),
  ];
}
