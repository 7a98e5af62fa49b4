// SPDX-License-Identifier: Apache-2.0
// The machine and the cluster as `spoc doctor` looks at them. Their readers are loaded when one asks.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DiagnosingMachine } from '../../cli/diagnosis.ts';
import type { Environment } from '../../core/env.ts';
import { datesOf } from '../../io/certificate-dates.ts';

/**
 * Folders of the compiled programs, from that of this file: in a clone's sources, in its dist/, and beside the bundle
 * in an image or a release.
 */
const PROGRAMS = ['../../../native/bpf/build/Release', '../../native/bpf/build/Release', '..'].map((folder) =>
  path.join(import.meta.dirname, folder),
);

/** The functions of this machine. */
export function diagnosingMachine(env: Environment): DiagnosingMachine {
  return {
    examine: async (kubeletDir) => {
      const { examineNode } = await import('../../io/examination/node-facts.ts');
      const programs = PROGRAMS.find((folder) => existsSync(path.join(folder, 'runner')));
      return examineNode({ root: '/', kubeletDir, programs });
    },
    hasKubeconfig: async () => (await import('../../io/kube/reader.ts')).hasKubeconfig(env),
    openCluster: async (choice) => (await import('../../io/kube/reader.ts')).openCluster(choice),
    validityOf: datesOf,
    time: () => Date.now(),
  };
}
