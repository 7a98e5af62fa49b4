// SPDX-License-Identifier: Apache-2.0
// The grid of which recording has seen which call. A cell is filled as far as the recordings that it stands for have
// seen the call, from its floor upwards, so that it is read without colours.
import { element, short } from './markup.ts';
import type { Markup } from './markup.ts';

/** A row of the grid. */
export interface HeatRow {
  readonly name: string;
  /** From 0 to 1, for each column. */
  readonly shares: readonly number[];
}

/** Units of the drawing; rows are as high as their letters. */
const ROW = 13;
const LABELS = 170;
const HEADER = 18;
const WIDEST = 20;

/** Columns have the width that is left on a page of so many units, down to one that is still seen. */
const PAGE = 640;
const NARROWEST = 3;

/** The grid; undefined for none. */
export function heatMap(rows: readonly HeatRow[], columns: number): Markup | undefined {
  if (rows.length === 0 || columns === 0) return undefined;
  const cell = Math.min(WIDEST, Math.max(NARROWEST, (PAGE - LABELS) / columns));
  const width = LABELS + cell * columns;
  const height = HEADER + ROW * rows.length;
  return element(
    'svg',
    {
      viewBox: `0 0 ${short(width)} ${short(height)}`,
      role: 'img',
      class: 'map',
      style: `max-width:${short(width)}px`,
    },
    element('title', {}, `${String(rows.length)} calls in ${String(columns)} columns, one for each recording`),
    element('text', { x: LABELS, y: 12 }, columns === 1 ? '1' : `1 … ${String(columns)}`),
    element('path', {
      class: 'frame',
      d: `M${String(LABELS)} ${String(HEADER)}H${short(width)}V${short(height)}H${String(LABELS)}Z`,
    }),
    rows.map((row, at) => rowOf(row, HEADER + ROW * at, cell)),
  );
}

/** Cells beside each other that are alike are drawn as one. */
function rowOf({ name, shares }: HeatRow, top: number, cell: number): readonly Markup[] {
  const runs: string[] = [];
  let from = 0;
  for (let at = 1; at <= shares.length; at += 1) {
    if (at < shares.length && shares[at] === shares[from]) continue;
    const filled = (ROW - 2) * Math.min(1, shares[from] ?? 0);
    const box = `M${short(LABELS + from * cell)} ${short(top + ROW - 1)}h${short((at - from) * cell)}v${short(-filled)}H${short(LABELS + from * cell)}Z`;
    if (filled > 0) runs.push(box);
    from = at;
  }
  const label = element('text', { x: LABELS - 6, y: top + ROW - 3, 'text-anchor': 'end' }, name);
  return [label, element('path', { class: 'seen', d: runs.join('') })];
}
