// SPDX-License-Identifier: Apache-2.0
// The chart as the archive that Helm installs, and that registries keep.
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { OPERATOR } from '../../src/core/names.ts';
import { packTar } from '../image/tar.ts';

const CHART = path.join(import.meta.dirname, '../../deploy/helm');

/**
 * Packs the chart.
 *
 * @param epoch - the time of all files in it, in seconds since 1970
 * @param scratch - a folder that is not there yet; it stays
 */
export async function packChart(epoch: number, scratch: string, output: string): Promise<void> {
  // Helm wants a folder with the chart's name.
  await cp(CHART, path.join(scratch, OPERATOR), { recursive: true });
  await packTar({ folder: scratch, names: [OPERATOR], epoch, gzip: true }, output);
}
