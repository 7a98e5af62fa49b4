// SPDX-License-Identifier: Apache-2.0
// How large the report of a hundred replicas is, and how long a browser takes to open and draw it. The floor is a page
// with one word, in the same browser.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportPage } from '../src/core/evidence/report/page.ts';
import { Chromium, findChromium } from './chromium.ts';
import { recordedReplicas } from './replicas.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const REPLICAS = 100;
const CALLS = 200;
const ROUNDS = 9;
const BAR_MS = 1000;
const BAR_KIB = 500;

const EMPTY =
  '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>empty</title></head><body>empty</body></html>\n';

/** When it has been loaded and its first text has been drawn, in milliseconds since the browser set out for it. */
const OPENED = `new Promise((resolve) => {
  const paints = new PerformanceObserver(() => {
    const [navigation] = performance.getEntriesByType('navigation');
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    if (paint !== undefined) resolve(Math.max(navigation.loadEventEnd, paint.startTime));
  });
  paints.observe({ type: 'paint', buffered: true });
})`;

async function openingMs(browser: Chromium, file: string): Promise<number> {
  const tab = await browser.openTab();
  await browser.load(tab, pathToFileURL(file).href);
  const ms = Number(await browser.evaluate(tab, OPENED));
  await browser.send('Page.close', {}, tab);
  return ms;
}

/** Opens both pages by turns, so that a busy moment of the machine meets both. */
async function openings(program: string, report: string, empty: string): Promise<readonly (readonly number[])[]> {
  const browser = Chromium.start(program);
  try {
    await openingMs(browser, empty);
    const times = [[], []] as [number[], number[]];
    for (let round = 0; round < ROUNDS; round += 1) {
      times[0].push(await openingMs(browser, report));
      times[1].push(await openingMs(browser, empty));
    }
    return times;
  } finally {
    await browser.close();
  }
}

/** The size, and the time where this machine has a Chromium. */
export async function measureOpening(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-opening-'));
  const [report, empty] = [path.join(folder, 'report.html'), path.join(folder, 'empty.html')];
  const what = `report of ${String(REPLICAS)} replicas, ${String(CALLS)} calls`;
  try {
    writeFileSync(report, reportPage([{ title: 'web', profiles: recordedReplicas(REPLICAS, CALLS), earlier: [] }]));
    writeFileSync(empty, EMPTY);
    const kib = (file: string): number => statSync(file).size / 1024;
    const size: Figure = {
      what,
      value: kib(report),
      unit: 'KiB',
      floor: { what: 'an empty page', value: kib(empty) },
      bar: BAR_KIB,
    };
    const program = findChromium();
    if (program === undefined) {
      console.log('how long a browser takes is not measured: there is no Chromium in PATH');
      return [size];
    }
    const [opened = [], floor = []] = await openings(program, report, empty);
    const time: Figure = {
      what: `${what}, loaded and drawn`,
      value: median(opened),
      unit: 'ms',
      floor: { what: 'an empty page', value: median(floor) },
      bar: BAR_MS,
    };
    return [size, time];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
