// SPDX-License-Identifier: Apache-2.0
// The world that a command is started in: everything that it inherits reaches it as its caller has it. Other launchers
// are held beside ours, so that the table says what is usual.
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fixture } from './fixtures.ts';

const spoc = path.join(import.meta.dirname, '../../bin/spoc');

describe('the world of a command that spoc starts', function () {
  this.timeout(120_000);
  const world = fixture('world');
  const folder = mkdtempSync(path.join(tmpdir(), 'world-'));
  const profile = path.join(folder, 'profile.json');

  before(() => {
    writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' }));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Lines of the world behind a launcher, with arguments that are no UTF-8 and empty. */
  function worldBehind(...launcher: readonly string[]): readonly string[] {
    const script = `exec "$@" "$(printf 'caf\\351')" '' -x`;
    const words = ['-c', script, 'sh', world, 'make', ...launcher, world, 'print'];
    const { stdout, stderr, status } = spawnSync('sh', words, { encoding: 'latin1' });
    expect(status, stderr).to.equal(0);
    return stdout.split('\n');
  }

  it('has what could get lost', () => {
    const direct = worldBehind().join('\n');
    for (const line of [
      'argument caf\\xe9',
      'variable spring.port=8080',
      'variable bytes=\\xe9\\xff',
      'variable no equals sign',
      'variable NODE_OPTIONS=--no-such-option',
      'folder No such file or directory',
      'umask 27',
      'nice 3 policy 0 processors 1 first 1',
      'slack 70000',
    ])
      expect(direct).to.include(`${line}\n`);
    expect(direct).to.match(/descriptor 7 flags \d+ at 3 \/etc\/passwd/);
    expect(direct).to.match(/SigIgn:\t0*11003\n/);
  });

  const launchers: Readonly<Record<string, readonly string[]>> = {
    env: ['env'],
    nice: ['nice', '-n', '0'],
    strace: ['strace', '-f', '-o', '/dev/null'],
    'spoc run, the first time': [spoc, 'run', '-p', profile],
    'spoc run, with the kept filter': [spoc, 'run', '-p', profile],
    'spoc run, with options of another form': [spoc, 'x', `-p${profile}`],
    'spoc record': [spoc, 'record', '-n', '-o', path.join(folder, 'recorded.yaml')],
  };

  for (const [name, launcher] of Object.entries(launchers)) {
    it(`is that of the caller behind ${name}`, () => {
      expect(worldBehind(...launcher)).to.deep.equal(worldBehind());
    });
  }

  it('has the output file in a folder and under a name that are no UTF-8', () => {
    const script = `cd "$1" && mkdir "$(printf 'd\\351')" && cd "$(printf 'd\\351')" && cp /bin/true "$(printf 't\\351')" &&
      "$2" record -n -o "$(printf 'o\\351.yaml')" "$(printf './t\\351')" && "$2" run -p "$(printf 'o\\351.yaml')" "$(printf './t\\351')" &&
      "$2" convert -o "$(printf 'o\\351.json')" "$(printf 'o\\351.yaml')" && ls | od -An -c`;
    const { stdout, stderr, status } = spawnSync('sh', ['-c', script, 'sh', folder, spoc], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    expect(stdout.replace(/\s+/g, '')).to.equal('o351.json\\no351.yaml\\nt351\\n'.replaceAll('351', '351'));
  });

  it('passes signals on that other processes send, those that ask for an end and the user-defined ones', () => {
    const script = `"$1" run -p "$2" sh -c 'trap "echo usr1" USR1; trap "echo term; exit 5" TERM; echo ready; while :; do sleep 0.02; done' >"$3" 2>/dev/null &
      while ! grep -q ready "$3" 2>/dev/null; do sleep 0.02; done
      kill -USR1 $!; while ! grep -q usr1 "$3"; do sleep 0.02; done; kill -TERM $!; wait $!; echo "status $?" >>"$3"`;
    const output = path.join(folder, 'signals');
    for (let round = 0; round < 2; round += 1) {
      writeFileSync(output, '');
      spawnSync('sh', ['-c', script, 'sh', spoc, profile, output]);
      expect(execFileSync('cat', [output], { encoding: 'utf8' })).to.equal('ready\nusr1\nterm\nstatus 5\n');
    }
  });

  it('ends by the signal that ended the command, with and without the kept filter', () => {
    const fresh = path.join(folder, 'fresh.json');
    writeFileSync(fresh, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', flags: ['SECCOMP_FILTER_FLAG_LOG'] }));
    for (let round = 0; round < 2; round += 1)
      expect(spawnSync(spoc, ['run', '-p', fresh, 'sh', '-c', 'kill -TERM $$']).signal).to.equal('SIGTERM');
  });

  it('is left to the command alone: no descriptor of a pipe is kept open by spoc', () => {
    // The reader ends when all writers have closed; the command closes its output and goes on.
    const script = `mkfifo "$3/pipe"; "$1" run -p "$2" sh -c 'exec >&-; while [ ! -e "$0/closed" ]; do sleep 0.02; done' "$3" \
      >"$3/pipe" 2>/dev/null & cat "$3/pipe"; touch "$3/closed"; wait $!`;
    for (const file of [profile, path.join(folder, 'other.json')]) {
      writeFileSync(path.join(folder, 'other.json'), JSON.stringify({ defaultAction: 'SCMP_ACT_LOG' }));
      rmSync(path.join(folder, 'pipe'), { force: true });
      rmSync(path.join(folder, 'closed'), { force: true });
      expect(spawnSync('timeout', ['100', 'sh', '-c', script, 'sh', spoc, file, folder]).status).to.equal(0);
    }
  });

  it('reaches commands that speak to registries, but for what would change Node.js', () => {
    const env = { ...process.env, NODE_OPTIONS: '--no-such-option', SPOC_WIRE: '7,8', SOURCE_DATE_EPOCH: 'today' };
    for (const word of ['push', 'p']) {
      const { stderr } = spawnSync(spoc, [word, '--sign=false', '127.0.0.1:1/a:b'], { encoding: 'utf8', env });
      expect(stderr).to.match(/^\S+ \S+ Error: SOURCE_DATE_EPOCH: is no number of seconds\n$/);
    }
    const proxied = { PATH: process.env['PATH'], HTTPS_PROXY: 'http://127.0.0.1:1' };
    for (const words of [['diff', profile], ['ceiling']]) {
      const answer = spawnSync(spoc, [...words, 'oci://example.invalid/a:b'], { encoding: 'utf8', env: proxied });
      expect(answer.stderr).to.contain('Error: example.invalid/a:b: example.invalid: refuses connections');
    }
  });

  it('reaches commands that speak to clusters, which a variable may name', () => {
    const kubeconfig = path.join(folder, 'kubeconfig');
    const cluster = '{name: x, cluster: {server: "https://127.0.0.1:1"}}';
    const context = '{name: x, context: {cluster: x, user: x}}';
    const parts = `clusters: [${cluster}]\ncontexts: [${context}]\nusers: [{name: x, user: {}}]\n`;
    writeFileSync(kubeconfig, `apiVersion: v1\nkind: Config\ncurrent-context: x\n${parts}`);
    const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: kubeconfig };
    for (const word of ['doctor', 'd']) {
      const { stdout, stderr } = spawnSync(spoc, [word, '--no-node'], { encoding: 'utf8', env });
      expect(stdout, stderr).to.contain('connect ECONNREFUSED 127.0.0.1:1');
    }
    for (const words of [['evidence'], ['report', '-o', path.join(folder, 'report.html')]]) {
      const { stderr } = spawnSync(spoc, [...words, 'sp/a'], { encoding: 'utf8', env });
      expect(stderr).to.contain('Error: sp/a in namespace default: connect ECONNREFUSED 127.0.0.1:1');
    }
    const dump = path.join(folder, 'dump.tar');
    const { stderr } = spawnSync(spoc, ['support-dump', '-o', dump], { encoding: 'utf8', env });
    expect(stderr).to.not.match(/kubeconfig/);
  });

  it('names a command that cannot be started', () => {
    const file = path.join(folder, 'plain');
    writeFileSync(file, 'no program');
    chmodSync(file, 0o644);
    const said = (...words: string[]) => spawnSync(spoc, ['run', '-p', profile, ...words], { encoding: 'utf8' }).stderr;
    expect(said('')).to.match(/Error: '' names no command\n$/);
    expect(said('no-such-command')).to.match(/Error: no-such-command: command not found\n$/);
    expect(said(file)).to.match(/Error: execute .*plain: Permission denied\n$/);
    expect(said('/nowhere/x')).to.match(/Error: execute \/nowhere\/x: No such file or directory\n$/);
  });
});
