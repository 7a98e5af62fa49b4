// SPDX-License-Identifier: Apache-2.0
// The commands of README and docs/ that need no cluster, run as root in an empty folder for each page, and their output
// compared with what the page shows. sudo is a stand-in: tests are root, and the real one does not keep the PATH.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runPages } from '../tools/docs/session.ts';

const bin = path.join(import.meta.dirname, '../../bin');

describe('the documents, on this machine', function () {
  this.timeout(120_000);
  const shims = mkdtempSync(path.join(tmpdir(), 'docs-bin-'));

  before(() => {
    writeFileSync(path.join(shims, 'sudo'), '#!/bin/sh\nexec "$@"\n');
    chmodSync(path.join(shims, 'sudo'), 0o755);
  });

  after(() => rmSync(shims, { recursive: true }));

  runPages('machine', (command, folder) => {
    const env = {
      PATH: [shims, bin, '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'].join(':'),
      HOME: folder,
      LC_ALL: 'C',
    };
    const answer = spawnSync('bash', ['-c', `exec 2>&1\n${command}`], { cwd: folder, env, encoding: 'utf8' });
    return { status: answer.status, output: answer.stdout };
  });
});
