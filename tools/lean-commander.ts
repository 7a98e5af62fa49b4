// SPDX-License-Identifier: Apache-2.0
// The esbuild plugin that keeps node:child_process out of spoc: commander loads it for commands that are programs of
// their own, which spoc has none of, and Node.js compiles its sockets for it. That is a tenth of the time until spoc
// run starts a command.
import type { Plugin } from 'esbuild';

/** Puts an empty module in the place of node:child_process where commander imports it. */
export const LEAN_COMMANDER: Plugin = {
  name: 'lean-commander',
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/node_modules/commander/') ? { path: 'empty', namespace: 'lean-commander' } : undefined,
    );
    build.onLoad({ filter: /^empty$/, namespace: 'lean-commander' }, () => ({ contents: 'export default {};' }));
  },
};
