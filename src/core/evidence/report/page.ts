// SPDX-License-Identifier: Apache-2.0
// A report on recorded profiles: one file that needs nothing else, neither a network nor a script.
import type { LearntProfile } from '../../recording/kinds/learner.ts';
import { accountOf } from '../account.ts';
import type { EvidenceAccount } from '../account.ts';
import { newsText, runsText } from '../text.ts';
import { callsSection } from './calls-table.ts';
import { growthPlot } from './growth-plot.ts';
import { changesSection, scoreSection } from './judgement.ts';
import { element } from './markup.ts';
import type { Content, Markup } from './markup.ts';
import { overview } from './overview.ts';
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
  const sections = workloads.map((workload, at) => ({
    workload,
    title: workload.title,
    anchor: `workload-${String(at + 1)}`,
    account: accountOf(workload.profiles),
  }));
  const head = element(
    'head',
    {},
    { markup: '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' },
    element('title', {}, title),
    element('style', {}, { markup: STYLE }),
  );
  const body = element(
    'body',
    {},
    element('h1', {}, workloads.length === 1 ? 'How a profile was learnt' : 'How profiles were learnt'),
    overview(sections),
    sections.map(({ workload, anchor, account }) => section(workload, anchor, account)),
  );
  return `${DOCTYPE}${element('html', { lang: 'en' }, head, body).markup}\n`;
}

function section(workload: ReportedWorkload, anchor: string, account: EvidenceAccount): Markup {
  return element(
    'section',
    { id: anchor },
    element('h2', {}, workload.title),
    verdict(account),
    facts(account),
    scoreSection(workload.profiles),
    changesSection(workload.profiles, workload.earlier),
    growth(account),
    callsSection(account, workload.profiles),
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

type Fact = readonly [name: string, values: readonly string[]];

function facts(account: EvidenceAccount): Markup {
  const { recordings, seen, added, runs, provenance } = account;
  const where: Readonly<Record<string, string | readonly string[]>> = { ...provenance };
  const rows: readonly Fact[] = [
    ['recordings', [String(recordings)]],
    ...(runs === undefined ? [] : [['runs', [runsText(runs)]] as const]),
    ['seen', [String(seen.length)]],
    [
      'allowed without having been seen',
      [added.length === 0 ? 'nothing' : `${String(added.length)}: ${added.join(', ')}`],
    ],
    ['chance that the next recording shows something new', [newsText(account)]],
    ...Object.entries(where).map(([name, value]): Fact => [WORDS[name] ?? name, [value].flat()]),
  ];
  return element(
    'dl',
    {},
    rows
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => [element('dt', {}, name), ...values.map((value) => element('dd', {}, value))]),
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
