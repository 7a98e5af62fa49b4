// SPDX-License-Identifier: Apache-2.0
// The table at the beginning of a report on several workloads, with the answers that lead to a section.
import type { EvidenceAccount } from '../account.ts';
import { newsText } from '../text.ts';
import { element } from './markup.ts';
import type { Content, Markup } from './markup.ts';

/** A row of it. */
export interface OverviewRow {
  readonly title: string;
  /** The id of the section. */
  readonly anchor: string;
  readonly account: EvidenceAccount;
}

const HEADS = ['workload', 'whole', 'recordings', 'seen', 'chance of something new'] as const;

/** The table; one workload needs none. */
export function overview(rows: readonly OverviewRow[]): Content {
  if (rows.length < 2) return [];
  const heads = HEADS.map((name) => element('th', {}, name));
  return element(
    'table',
    { class: 'overview' },
    element('thead', {}, element('tr', {}, heads)),
    element('tbody', {}, rows.map(rowOf)),
  );
}

function rowOf({ title, anchor, account }: OverviewRow): Markup {
  const { whole, recordings, seen } = account;
  const texts = [whole.answer, String(recordings), String(seen.length), newsText(account)];
  return element(
    'tr',
    {},
    element('td', {}, element('a', { href: `#${anchor}` }, title)),
    texts.map((text, at) => element('td', { 'data-name': HEADS[at + 1] }, text)),
  );
}
