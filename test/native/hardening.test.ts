// SPDX-License-Identifier: Apache-2.0
// The programs under AddressSanitizer and UBSan, hostile input, and the other architecture's compiler.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import { parseProfile } from '../../src/core/seccomp/parse.ts';
import { Runner } from '../../src/io/native/runner.ts';
import { buildSanitized, fixture, nativeProgram } from './fixtures.ts';
import { NOBODY, recordCommand } from './recordings.ts';
import { requestOf, startProgram } from './started-program.ts';
import type { NativeCommand } from './started-program.ts';

const folderOfNative = path.join(import.meta.dirname, '../../native/bpf');
const golden = path.join(import.meta.dirname, '../golden/wire');

/** A command that waits for its release. */
interface Released {
  readonly events: AsyncIterable<{ readonly type: string }>;
  release(): void;
}

describe('the compiled programs', function () {
  this.timeout(180_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sanitized-'));
    buildSanitized();
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** The sanitizers' reports on a program while it runs a command. Reports go to files of the program's own. */
  async function reports(
    use: (command: NativeCommand) => Released,
    argv: readonly [string, ...string[]],
    user?: typeof NOBODY,
  ) {
    const nowhere = openSync('/dev/null', 'r+');
    const env = {
      ASAN_OPTIONS: `log_path=${folder}/report:detect_leaks=1`,
      UBSAN_OPTIONS: `log_path=${folder}/report`,
    };
    const command = { argv, env, cwd: '/', streams: [nowhere, nowhere, nowhere] as const };
    const types: string[] = [];
    const used = use(user === undefined ? command : { ...command, user });
    for await (const event of used.events) {
      types.push(event.type);
      if (event.type === 'started') used.release();
    }
    closeSync(nowhere);
    const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
    return { types, text: files.join('') };
  }

  it('the recorder has no fault that a sanitizer finds', async () => {
    const record = (command: NativeCommand) => recordCommand(nativeProgram('recorder', 'Debug'), command);
    for (const way of ['threads', 'outliving', 'short', 'killed', 'unknown way']) {
      const { types, text } = await reports(record, [fixture('processes'), way]);
      expect(types.at(-1)).to.equal('complete');
      expect(text).to.equal('');
    }
    expect(await reports(record, ['/nowhere'])).to.deep.equal({ types: ['failed'], text: '' });
    expect((await reports(record, [fixture('nothing')], NOBODY)).text).to.equal('');
  });

  it('the runner has no fault that a sanitizer finds', async () => {
    const names = ['mkdir', 'socket', 'bind', 'personality'];
    const args = [{ index: 0, op: 'SCMP_CMP_GE', value: '18446744073709551615' }];
    const profile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
      syscalls: [{ names, action: 'SCMP_ACT_ERRNO', args }],
    };
    const filter = compileFilter(
      parseProfile(profile, 'the test'),
      process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64',
    );
    const run = (command: NativeCommand) =>
      new Runner(startProgram(nativeProgram('runner', 'Debug'), command)).run(filter, requestOf(command));
    expect(await reports(run, ['/bin/ls', '/'])).to.deep.equal({ types: ['started', 'exited'], text: '' });
    expect(await reports(run, ['/bin/ls', '/'], NOBODY)).to.deep.equal({ types: ['started', 'exited'], text: '' });
    expect(await reports(run, ['/nowhere'])).to.deep.equal({ types: ['failed'], text: '' });
  });

  it('the launcher has no fault that a sanitizer finds, with what it starts', () => {
    const profile = path.join(folder, 'profile.json');
    const options = `log_path=${folder}/report`;
    const env = { ...process.env, ASAN_OPTIONS: options, UBSAN_OPTIONS: options };
    const allowed = path.join(import.meta.dirname, '../golden/cli/profile.yaml');
    writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' }));
    const ends: readonly (readonly [number, ...string[]])[] = [
      [0, 'version'],
      [0, 'convert', '-o', '/dev/null', allowed],
      // Twice: with the filter that the first one keeps.
      [3, 'run', '-p', profile, 'sh', '-c', 'exit 3'],
      [3, 'run', '-p', profile, 'sh', '-c', 'exit 3'],
      [1, 'run', '-p', profile, 'no-such-command'],
      [1, 'run', '-p', '/nowhere', 'true'],
      [2, 'run', '--no-such-option'],
      [0, 'record', '-n', '-o', '/dev/null', 'true'],
      [1, 'record', '-n', '-o', '/dev/null', ''],
    ];
    for (const [status, ...words] of ends)
      expect(spawnSync(nativeProgram('spoc', 'Debug'), words, { env }).status, words.join(' ')).to.equal(status);
    rmSync(profile);
    const reports = readdirSync(folder).filter((name) => name.startsWith('report'));
    expect(reports.map((name) => readFileSync(path.join(folder, name), 'utf8'))).to.deep.equal([]);
  });

  for (const program of ['recorder', 'runner', 'container_recorder', 'selinux_policy']) {
    it(`${program} reads hostile lines without a fault that a sanitizer finds`, () => {
      const input = readFileSync(path.join(golden, `${program}.commands.ndjson`));
      const long = Buffer.concat([input, Buffer.alloc(200_000, 'x'), Buffer.from('\n')]);
      for (const lines of [input, long, Buffer.alloc(0)]) {
        const { stderr, status, stdout } = spawnSync(nativeProgram(program, 'Debug'), ['--selftest'], { input: lines });
        expect(stderr.toString()).to.equal('');
        expect(status).to.equal(0);
        expect(stdout.toString().split('\n').length).to.be.greaterThan(5);
      }
    });
  }

  for (const [parsers, seconds] of [
    ['wire', '20'],
    ['auditor', '10'],
  ] as const) {
    it(`the parsers of ${parsers} survive a fuzzer that knows their words`, () => {
      const words = [path.join(folderOfNative, 'fuzz/run.sh'), parsers, seconds];
      const { status, stderr } = spawnSync('sh', words, { encoding: 'utf8' });
      const runs = Number(/Done (\d+) runs/.exec(stderr)?.[1]);
      expect(status, stderr.slice(-4000)).to.equal(0);
      expect(runs).to.be.greaterThan(10_000);
    });
  }

  it('everything compiles for arm64', () => {
    const { status, stderr } = spawnSync('sh', [path.join(folderOfNative, 'check-arm64.sh')], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
  });

  // The instructions differ, as clang checks bounds in another way; the verifier does not care for which processor they
  // are meant.
  for (const [name, programs] of [
    ['recorder', 'count_living\nfollow_fork\nrecord_call\n'],
    ['ended', 'remember_exit\n'],
    [
      'container_recorder',
      'begin_at_exec\nend_empty\nend_removed\nfollow_fork\nhold_container\nrecord_call\nrecord_refusal\n',
    ],
  ] as const) {
    it(`the kernel's verifier takes the programs for arm64: ${name}`, () => {
      const object = path.join(folderOfNative, `build/arm64/${name}.bpf.o`);
      const script = `mount -t bpf none ${folder} && bpftool prog loadall ${object} ${folder}/programs && ls ${folder}/programs`;
      const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
      expect(stdout, stderr).to.equal(programs);
    });
  }
});
