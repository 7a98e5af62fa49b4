// SPDX-License-Identifier: Apache-2.0
// Messages of a process whose readers go away: it goes on, and ends as it would have.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const MODULE = path.resolve(import.meta.dirname, '../../src/io/terminal-output.ts');

/** Runs a script with the functions of the module, behind a shell's redirections. */
function run(script: string, redirections: string) {
  const text = `import { writeAnswer, writeMessage } from '${MODULE}';\n${script}`;
  const words = [process.execPath, '--input-type=module-typescript', '-e', text];
  return spawnSync('bash', ['-c', redirections, ...words], { encoding: 'utf8' });
}

const ON = 'writeMessage("one\\n"); writeMessage("two\\n"); process.exitCode = 7;';

describe('writeMessage()', () => {
  it('loses what nothing reads any more, and what finds no room', () => {
    // The reader has ended before the first line.
    expect(run(ON, 'exec 7> >(:); wait $!; exec "$0" "$@" 2>&7').status).to.equal(7);
    expect(run(ON, 'exec "$0" "$@" 2> /dev/full').status).to.equal(7);
    expect(run(ON, 'exec "$0" "$@" 2>&-').status).to.equal(7);
    const steering = 'writeMessage("a\\u001b[2J\\n")';
    expect(run(steering, 'exec "$0" "$@"').stderr, 'text of others').to.equal('a\u{FFFD}[2J\n');
    const { status, stderr } = run(ON, 'exec "$0" "$@"');
    expect({ status, stderr }).to.deep.equal({ status: 7, stderr: 'one\ntwo\n' });
  });

  it('waits for the reader of a non-blocking pipe', () => {
    const long = `writeMessage('x'.repeat(300_000)); writeMessage('end');`;
    const nonBlocking =
      'python3 -c "import os, sys; os.set_blocking(2, False); os.execvp(sys.argv[1], sys.argv[1:])" "$0" "$@" 2>&1 | wc -c';
    expect(run(long, nonBlocking).stdout).to.equal('300003\n');
  });
});

describe('writeAnswer()', () => {
  it('is content when its reader has seen enough, and tells that a disk is full', () => {
    const answer = 'writeAnswer("text"); process.exitCode = 7;';
    expect(run(answer, 'exec 7> >(:); wait $!; exec "$0" "$@" >&7').status).to.equal(7);
    const { status, stderr } = run(answer, 'exec "$0" "$@" > /dev/full');
    expect(status).to.equal(1);
    expect(stderr).to.include('Error: write standard output: no space left on device');
  });
});
