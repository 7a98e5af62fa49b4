// SPDX-License-Identifier: Apache-2.0
// The plot of how a set of calls grew with the number of recordings. The two plots of a report are a line with a band
// and a grid, drawn once: a library of plots needs a document to draw in and would be larger than the rest of spoc.
import type { GrowthPoint } from '../growth.ts';
import { element, short } from './markup.ts';
import type { Markup } from './markup.ts';

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 52;
const BOTTOM = 44;
const TOP = 26;
const RIGHT = 20;

/** Ticks of an axis, about. */
const TICKS = 6;

interface Scales {
  readonly x: (recordings: number) => number;
  readonly y: (calls: number) => number;
  readonly ticksX: readonly number[];
  readonly ticksY: readonly number[];
}

/** The plot; of less than two points there is nothing to see. */
export function growthPlot(growth: readonly GrowthPoint[]): Markup | undefined {
  const last = growth.at(-1);
  if (last === undefined || growth.length < 2) return undefined;
  const scales = scalesOf(growth);
  const middle = line(growth.map(({ recordings, expected }) => [scales.x(recordings), scales.y(expected)]));
  const upper = growth.map(({ recordings, high }) => [scales.x(recordings), scales.y(high)] as const);
  const lower = growth.map(({ recordings, low }) => [scales.x(recordings), scales.y(low)] as const);
  const title = `After ${short(last.recordings)} recordings ${short(last.expected)} calls had been seen.`;
  return element(
    'svg',
    { viewBox: `0 0 ${String(WIDTH)} ${String(HEIGHT)}`, role: 'img', class: 'plot' },
    element('title', {}, title),
    axes(scales),
    element('path', { class: 'band', d: `${line([...upper, ...lower.toReversed()])}Z` }),
    element('path', { class: 'bound', d: line(upper) }),
    element('path', { class: 'bound', d: line(lower) }),
    element('path', { class: 'curve', d: middle }),
  );
}

function scalesOf(growth: readonly GrowthPoint[]): Scales {
  const most = Math.max(...growth.map(({ recordings }) => recordings));
  const highest = Math.max(1, ...growth.map(({ high }) => high));
  return {
    x: (recordings) => LEFT + ((recordings - 1) / Math.max(1, most - 1)) * (WIDTH - LEFT - RIGHT),
    y: (calls) => TOP + (1 - calls / highest) * (HEIGHT - TOP - BOTTOM),
    ticksX: [1, ...ticksTo(most).filter((tick) => tick > 1)],
    ticksY: [0, ...ticksTo(highest)],
  };
}

/** Round numbers up to one: 1, 2 or 5 times a power of ten apart. */
function ticksTo(largest: number): readonly number[] {
  const rough = largest / TICKS;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? power;
  return Array.from({ length: Math.floor(largest / step) }, (_, at) => (at + 1) * step);
}

function line(points: readonly (readonly number[])[]): string {
  return points.map((point, at) => `${at === 0 ? 'M' : 'L'}${point.map(short).join(' ')}`).join('');
}

function axes({ x, y, ticksX, ticksY }: Scales): readonly Markup[] {
  const floor = HEIGHT - BOTTOM;
  const across = ticksY.map((tick) => `M${String(LEFT)} ${short(y(tick))}H${String(WIDTH - RIGHT)}`);
  const labelsX = ticksX.map((tick) =>
    element('text', { x: x(tick), y: floor + 18, 'text-anchor': 'middle' }, short(tick)),
  );
  const labelsY = ticksY.map((tick) =>
    element('text', { x: LEFT - 6, y: y(tick) + 4, 'text-anchor': 'end' }, short(tick)),
  );
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  const names = [
    element('text', { x: middle, y: HEIGHT - 5, 'text-anchor': 'middle' }, 'recordings'),
    element('text', { x: LEFT - 6, y: TOP - 10, 'text-anchor': 'end' }, 'seen'),
  ];
  return [element('path', { class: 'grid', d: across.join('') }), ...labelsX, ...labelsY, ...names];
}
