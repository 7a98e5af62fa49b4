// SPDX-License-Identifier: Apache-2.0
// The esbuild plugin that keeps @kubernetes/client-node's generated models and the framework's HTTP client out of our
// bundles: 3.9 MB become 0.36 MB, and an idle process is a third smaller.
import path from 'node:path';
import type { Plugin } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const shim = path.join(root, 'src/io/kube/client-shim.ts');
const absent = path.join(root, 'src/io/kube/client-absent.ts');

/** Modules that are left out wherever they are imported. */
const LEFT_OUT = /^(gaxios|openid-client|jsonpath-plus|socks-proxy-agent|node-fetch)$/;

/** Puts the shim in the place of client-node, and leaves out what only its other parts need. */
export const LEAN_CLIENT: Plugin = {
  name: 'lean-client',
  setup(build) {
    build.onResolve({ filter: /^@kubernetes\/client-node$/ }, () => ({ path: shim }));
    build.onResolve({ filter: LEFT_OUT }, () => ({ path: absent }));
    build.onResolve({ filter: /^\.\/gen\/index\.js$/ }, ({ importer }) =>
      importer.includes('@kubernetes/client-node/dist/') ? { path: absent } : undefined,
    );
  },
};
