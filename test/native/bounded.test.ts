// SPDX-License-Identifier: Apache-2.0
// The limits in which programs run that work on input of strangers.
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { nativeProgram } from './fixtures.ts';

function bounded(...words: readonly string[]) {
  const { status, signal, stdout, stderr } = spawnSync(nativeProgram('bounded'), words, { encoding: 'utf8' });
  return { status, signal, stdout, stderr };
}

describe('bounded', function () {
  this.timeout(120_000);

  it('passes on arguments and the end of a program', () => {
    expect(bounded('64', '5', '/bin/echo', 'a', 'b')).to.include({ status: 0, stdout: 'a b\n' });
    expect(bounded('64', '5', '/bin/sh', '-c', 'exit 7').status).to.equal(7);
  });

  it('limits memory, processor time and files, and takes privileges away', () => {
    const limits = bounded('64', '5', '/bin/cat', '/proc/self/limits').stdout;
    expect(limits).to.match(/Max address space +67108864 +67108864/);
    expect(limits).to.match(/Max cpu time +5 +6 /);
    expect(limits).to.match(/Max file size +0 +0 /);
    expect(limits).to.match(/Max core file size +0 +0 /);
    expect(bounded('64', '5', '/bin/cat', '/proc/self/status').stdout).to.match(/NoNewPrivs:\t1/);
    expect(bounded('64', '5', '/bin/cat', '/proc/self/oom_score_adj').stdout).to.equal('1000\n');
  });

  it('ends a program that takes more', () => {
    expect(bounded('64', '1', '/bin/sh', '-c', 'while :; do :; done').signal).to.equal('SIGXCPU');
    const stubborn = 'trap "" XCPU; while :; do :; done';
    expect(bounded('64', '1', '/bin/sh', '-c', stubborn).signal).to.equal('SIGKILL');
  });

  it('says which program cannot be run, and takes no limits that are none', () => {
    expect(bounded('64', '5', '/nonexistent')).to.include({
      status: 126,
      stderr: '/nonexistent cannot be run: No such file or directory\n',
    });
    for (const words of [
      ['64', '5'],
      ['0', '5', '/bin/true'],
      ['64', '-1', '/bin/true'],
      ['1e3', '5', '/bin/true'],
    ])
      expect(bounded(...words).status).to.equal(2);
  });
});
