// SPDX-License-Identifier: Apache-2.0
// The names that were seen: in a table those that not every recording has shown, the rarest first, with a heat map in
// its last column of which recording has seen it, and then the names that all have. A cell of the map is filled as far
// as the recordings that it stands for have seen the call, from its floor upwards, so that it is read without colours.
// Names and numbers are text of the page, which keeps its size however wide the page is.
import { partCoverage } from '../../recording/merge-partials.ts';
import type { LearntProfile } from '../../recording/kinds/learner.ts';
import type { EvidenceAccount } from '../account.ts';
import { percent } from '../text.ts';
import { element, short } from './markup.ts';
import type { Content, Markup } from './markup.ts';

/** Units of the drawing of a row; it is stretched to the width of its column. */
const HEIGHT = 10;

/** A bar of the map, in columns: from one up to another, of a height from 0 to 1. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

const NOTE =
  'In how many recordings, and in which: a narrow column for each profile that was given, in their order. One that was merged is ' +
  'filled as high as its recordings have seen the call.';

/** The table, with its heading, and a list of what every recording has shown; nothing where nothing was seen. */
export function callsSection(account: EvidenceAccount, profiles: readonly LearntProfile[]): Content {
  const { seen, recordings } = account;
  if (seen.length === 0) return [];
  const rarer = seen.filter(({ recordings: count }) => count < recordings);
  const usual = seen.filter(({ recordings: count }) => count >= recordings).map(({ name }) => name);
  return [
    element('h3', {}, 'Seen, by recording'),
    ...(rarer.length === 0 ? [] : [rarerTable(rarer, recordings, profiles)]),
    ...(usual.length === 0 ? [] : [usualList(usual, recordings)]),
  ];
}

function usualList(names: readonly string[], recordings: number): Content {
  const where = recordings === 1 ? 'In the only recording' : `In all ${String(recordings)} recordings`;
  return [
    element('h4', {}, `${where}: ${String(names.length)}`),
    element(
      'ul',
      { class: 'usual' },
      names.map((name) => element('li', {}, element('code', {}, name))),
    ),
  ];
}

function rarerTable(rarer: EvidenceAccount['seen'], recordings: number, profiles: readonly LearntProfile[]): Content {
  const counted = profiles.map((profile) => ({ profile, coverage: partCoverage(profile) }));
  const columns = counted.filter(({ coverage: { total } }) => total > 0);
  const isMapped = columns.length > 1;
  const rows = rarer.map(({ name, recordings: count }) => {
    const shares = columns.map(({ coverage: { names, total } }) => (names.get(name) ?? 0) / total);
    return row(name, count, recordings, isMapped ? drawn(barsOf(shares), columns.length) : undefined);
  });
  return [
    ...(isMapped ? [element('p', { class: 'note' }, NOTE)] : []),
    element('table', { class: 'calls' }, head(recordings, isMapped ? columns.length : 0), element('tbody', {}, rows)),
    ...(isMapped ? [columnNames(columns.map(({ profile }) => profile))] : []),
  ];
}

/** Columns beside each other that are alike are one bar; what was not seen has none. */
export function barsOf(shares: readonly number[]): readonly Bar[] {
  const bars: Bar[] = [];
  let from = 0;
  for (let at = 1; at <= shares.length; at += 1) {
    if (at < shares.length && shares[at] === shares[from]) continue;
    const height = Math.min(1, shares[from] ?? 0);
    if (height > 0) bars.push({ from, to: at, height });
    from = at;
  }
  return bars;
}

/** The numbers beside it say the same to those who do not see it. */
function drawn(bars: readonly Bar[], columns: number): Markup {
  const boxes = bars.map(({ from, to, height }) => {
    const filled = Math.max(1, height * HEIGHT);
    return `M${String(from)} ${String(HEIGHT)}V${short(HEIGHT - filled)}H${String(to)}V${String(HEIGHT)}Z`;
  });
  const size = { viewBox: `0 0 ${String(columns)} ${String(HEIGHT)}`, preserveAspectRatio: 'none' };
  return element('svg', { ...size, 'aria-hidden': 'true' }, element('path', { d: boxes.join('') }));
}

function row(name: string, count: number, recordings: number, map: Markup | undefined): Markup {
  return element(
    'tr',
    {},
    element('td', {}, element('code', {}, name)),
    element('td', { class: 'number' }, String(count)),
    element('td', { class: 'number share' }, percent(count / Math.max(1, recordings))),
    ...(map === undefined ? [] : [element('td', { class: 'map' }, map)]),
  );
}

function head(recordings: number, columns: number): Markup {
  const ends = [element('span', {}, '1'), element('span', {}, String(columns))];
  const cells = [
    element('th', {}, 'the rarest first'),
    element('th', { class: 'number' }, `of ${String(recordings)}`),
    element('th', { class: 'number share' }, 'share'),
    ...(columns > 0 ? [element('th', { class: 'map' }, element('div', { class: 'ends' }, ends))] : []),
  ];
  return element('thead', {}, element('tr', {}, cells));
}

function columnNames(profiles: readonly LearntProfile[]): Markup {
  const names = profiles.map(({ metadata: { name } }) => element('li', {}, name));
  return element('details', {}, element('summary', {}, 'Profiles, by column'), element('ol', {}, names));
}
