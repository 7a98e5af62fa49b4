// SPDX-License-Identifier: Apache-2.0
// Ceilings beside strace: every call that a program is seen to make must be among those that it can make.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ceilingOf } from '../../src/core/ceiling/ceiling.ts';
import { collectPrograms } from '../../src/core/ceiling/collect.ts';
import { folderTree } from '../../src/io/folder-tree.ts';
import { fixture } from './fixtures.ts';

/** In Node.js: files, a child, a thread, a server and its client. */
const SCRIPT = `
const { execFileSync } = require('node:child_process');
const { createServer, connect } = require('node:net');
const { Worker } = require('node:worker_threads');
require('node:fs').readdirSync('/');
execFileSync('/bin/true');
const server = createServer((socket) => socket.end('x')).listen(0, '127.0.0.1', () => {
  connect(server.address().port, '127.0.0.1').on('close', () => server.close()).resume();
});
new Worker('require("node:os").userInfo()', { eval: true });
`;

const PYTHON =
  'import os, socket, subprocess, threading; t = threading.Thread(target=os.getpid); t.start(); t.join(); ' +
  'subprocess.run(["/bin/true"]); socket.socket().close(); os.scandir("/").close()';

interface Run {
  readonly what: string;
  readonly command: readonly [string, ...string[]];
  /** Programs that the command starts. */
  readonly children: readonly string[];
}

const ALL_RUNS: readonly Run[] = [
  {
    what: 'a shell with pipes and children',
    command: ['/bin/sh', '-c', 'for i in 1 2; do echo $i | cat | wc -l & done; wait; ls -la / > /dev/null; kill -0 $$'],
    children: ['/bin/cat', '/usr/bin/wc', '/bin/ls'],
  },
  { what: 'threads of a static program', command: [fixture('processes'), 'threads'], children: [] },
  { what: 'clone3 of a static program', command: [fixture('processes'), 'clone3'], children: [] },
  { what: 'Node.js', command: [process.execPath, '-e', SCRIPT], children: ['/bin/true'] },
  { what: 'busybox', command: ['/bin/busybox', 'sh', '-c', 'ls -la / | head -3; id; date; sleep 0'], children: [] },
  { what: 'Python', command: ['/usr/bin/python3', '-c', PYTHON], children: ['/bin/true'] },
];

/** Not every machine has all of these programs. */
const RUNS = ALL_RUNS.filter(({ command: [program] }) => existsSync(program));

function seenBy(log: string): readonly string[] {
  const names = log.split('\n').map((line) => /^\d+\s+(?:<\.\.\. )?(\w+)(?:\(| resumed)/.exec(line)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

describe('a ceiling beside strace', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'ceiling-'));

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { what, command, children } of RUNS) {
    it(`has every call of ${what}, and not nearly all that there are`, async () => {
      const log = path.join(folder, 'log');
      const { status } = spawnSync('strace', ['-f', '-qq', '-o', log, ...command], { stdio: 'ignore' });
      expect(status).to.equal(0);
      const { calls } = ceilingOf(await collectPrograms(folderTree('/'), [command[0], ...children]));
      const names = calls.map(({ name }) => name);
      expect(names).to.include.members(seenBy(readFileSync(log, 'utf8')));
      expect(names.length).to.be.lessThan(220);
    });
  }
});
