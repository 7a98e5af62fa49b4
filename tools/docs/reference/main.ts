// SPDX-License-Identifier: Apache-2.0
// All pages of the reference, which `npm run gen` prints.
import type { Manifest } from '../../../src/core/deploy/manifest.ts';
import type { Resource } from '../../gen/schema.ts';
import type { Protocol } from '../../gen/wire-read.ts';
import { kindPages } from './kinds.ts';
import { metricsPage, reasonsPage } from './metrics.ts';
import { namesPage } from './names.ts';
import { permissionsPage } from './permissions.ts';
import { spocPage } from './spoc.ts';
import { statesPage } from './states.ts';
import { wirePage } from './wire.ts';

/** Folders in which nothing may lie that is not printed. */
export const REFERENCE_FOLDERS: readonly string[] = ['docs/reference', 'docs/reference/kinds'];

/** The sources of the pages that are not imported. */
export interface ReferenceSources {
  readonly resources: readonly Resource[];
  readonly protocols: readonly Protocol[];
  /** The objects of the installation for all namespaces. */
  readonly objects: readonly Manifest[];
}

/** The pages by path. */
export async function referenceFiles(sources: ReferenceSources): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ...kindPages(sources.resources),
    ...spocPage(),
    ...(await metricsPage()),
    ...reasonsPage(),
    ...statesPage(),
    ...namesPage(),
    ...permissionsPage(sources.objects),
    ...wirePage(sources.protocols),
  ]);
}
