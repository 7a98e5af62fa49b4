// SPDX-License-Identifier: Apache-2.0
// The recorder of containers against strace, on the very same run.
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { RecordedBesideStrace } from './recorded-beside-strace.ts';
import { showMachine } from './strace-judge.ts';

for (const name of ['runc', 'crun']) {
  describe(`container_recorder beside strace, with ${name}`, function () {
    this.timeout(120_000);
    let both: RecordedBesideStrace;

    before(async () => {
      both = await RecordedBesideStrace.open(name);
    });
    after(() => both.close());

    for (const way of ['threads', 'fork', 'vfork', 'spawn', 'clone3', 'short', 'killed', 'leader', 'thread-exec']) {
      it(`has the same calls of processes made by ${way}`, async () => {
        const { names, traced: expected } = await both.compared(
          both.containers.bundle(['/bin/processes', way]),
          '/bin/processes',
        );
        expect(names).to.deep.equal(expected);
        expect(names).to.include('getpriority');
      });
    }

    const SHELL = 'for i in 1 2 3; do (echo $i | cat | wc -l) & done; wait; ls -la /etc | sort | head -3; kill -9 $$';
    const READING = 'require("fs").readFileSync("/etc/passwd"); require("dns").lookup("localhost", () => {})';
    for (const [what, ...argv] of [
      ['a shell with pipes and background jobs', '/bin/bash', '-c', SHELL],
      ['Python', '/usr/bin/python3', '-c', 'import json, subprocess; subprocess.run(["true"])'],
      ['Node.js', process.execPath, '-e', READING],
    ] as const) {
      it(`has the same calls of ${what}`, async function () {
        if (!existsSync(argv[0])) this.skip();
        const bundle = both.containers.bundle(argv, {}, showMachine);
        const { names, traced: expected } = await both.compared(bundle, argv[0]);
        expect(names).to.deep.equal(expected);
        expect(expected.length).to.be.greaterThan(20);
      });
    }
  });
}
