// SPDX-License-Identifier: Apache-2.0
// Every spoc example of the manual that this release can do, pasted into a real shell with spoc on the PATH, as root.
import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseYaml } from '../../src/io/yaml.ts';

const spoc = path.join(import.meta.dirname, '../../bin/spoc');
const manual = path.join(import.meta.dirname, '../../../shared/manual.md');
/** Where sudo, which does not keep the PATH, looks for commands. */
const installed = '/usr/local/bin/spoc';
const stamp = String.raw`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d `;

function shell(script: string, env: Readonly<Record<string, string>> = {}) {
  const options = { encoding: 'utf8', timeout: 120_000, env: { ...process.env, ...env } } as const;
  return spawnSync('bash', ['-c', script], options);
}

function logOf(stderr: string): readonly string[] {
  const lines = stderr.trimEnd().split('\n');
  return lines.map((line) => line.replace(new RegExp(`^${stamp}`), '').replace(/\d+$/, 'N'));
}

/** Pastes a line of the manual; where the manual is at hand, the line must stand in it. */
function paste(line: string) {
  if (existsSync(manual)) expect(readFileSync(manual, 'utf8')).to.include(line);
  return shell(line);
}

describe('the manual of spoc', function () {
  this.timeout(120_000);

  before(() => {
    if (existsSync(installed)) throw new Error(`${installed} is there already: another spoc would be tested`);
    symlinkSync(spoc, installed);
  });

  after(() => {
    rmSync(installed, { force: true });
    for (const file of ['profile.yaml', 'profile.json', 'profile-chmod.json']) rmSync(`/tmp/${file}`, { force: true });
  });

  it('lists the commands', () => {
    const { stdout, status } = shell('spoc');
    expect(status).to.equal(0);
    for (const text of ['display detailed version information', 'run a command and record the security profile']) {
      expect(stdout).to.include(text);
    }
    expect(stdout)
      .to.match(/version\|v/)
      .and.match(/record\|r/)
      .and.match(/run\|x/);
  });

  it('records echo test into an object', async () => {
    const { stdout, stderr, status } = paste('sudo spoc record echo test');
    expect({ stdout, status }, stderr).to.deep.equal({ stdout: 'test\n', status: 0 });
    expect(stderr).to.match(new RegExp(`^${stamp}Loading bpf module\n`));
    const log = logOf(stderr);
    expect(log.find((line) => line.startsWith('Adding base syscalls: '))).to.match(/: capget, capset, chdir, /);
    expect(log.slice(-2)).to.deep.equal(['Wrote seccomp profile to: /tmp/profile.yaml', 'Unloading bpf module']);
    const [profile] = await parseYaml(shell('cat /tmp/profile.yaml').stdout);
    expect(profile).to.have.nested.property('metadata.name', 'echo');
    expect(profile).to.have.nested.property('spec.defaultAction', 'SCMP_ACT_ERRNO');
    expect(profile).to.have.nested.property('spec.syscalls[0].names').that.includes('execve').and.includes('write');
    expect(profile).to.have.property('status').deep.equal({});
  });

  it('records into the JSON of runtimes', () => {
    const { stderr } = paste('sudo spoc record -t raw-seccomp echo test');
    expect(logOf(stderr)).to.include('Wrote seccomp profile to: /tmp/profile.json');
    const { stdout } = paste('jq . /tmp/profile.json');
    const profile = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(profile)).to.deep.equal(['defaultAction', 'architectures', 'syscalls']);
    expect(profile).to.have.nested.property('syscalls[0].action', 'SCMP_ACT_ALLOW');
  });

  it('leaves out base system calls, or adds those that are named', () => {
    const without = shell('sudo spoc record -n -t raw-seccomp -o /dev/stdout true');
    expect(without.stderr).not.to.include('Adding base syscalls');
    expect(without.stdout).not.to.include('setgroups');
    const named = shell('sudo spoc record --base-syscalls acct -b mount -t raw-seccomp -o /dev/stdout true');
    expect(named.stderr).to.include('Adding base syscalls: acct, mount');
    expect(named.stdout).to.include('"acct"').and.not.include('setgroups');
  });

  it('runs a command under the profile', () => {
    const { stdout, stderr, status } = paste('sudo spoc run -p /tmp/profile.yaml echo test');
    expect({ stdout, status }, stderr).to.deep.equal({ stdout: 'test\n', status: 0 });
    expect(logOf(stderr)).to.deep.equal([
      'Reading file /tmp/profile.yaml',
      'Setting up seccomp',
      'Load seccomp profile',
      'Running command with PID: N',
    ]);
  });

  it('refuses chmod once it is taken out of the profile', () => {
    shell('sudo spoc record -t raw-seccomp chmod +x /tmp/profile.json');
    const whole = shell('sudo spoc run -p /tmp/profile.json chmod +x /tmp/profile.json');
    expect(whole.status, whole.stderr).to.equal(0);
    paste(`jq 'del(.syscalls[0].names[] | select(. | contains("chmod")))' /tmp/profile.json > /tmp/profile-chmod.json`);
    const { stderr, status } = paste('sudo spoc run -p /tmp/profile-chmod.json chmod +x /tmp/profile-chmod.json');
    // chmod writes its complaint in pieces, and the log line that tells its PID may come in between.
    const complaint = stderr.replaceAll(new RegExp(`${stamp}.*\n`, 'g'), '');
    expect(complaint).to.equal("chmod: changing permissions of '/tmp/profile-chmod.json': Operation not permitted\n");
    expect(stderr).to.match(new RegExp(`${stamp}Command did not exit successfully: exit status 1\n$`));
    expect(status).to.equal(1);
  });

  /** Whether a child of the process is the program `sleep`, and does. */
  function isAsleep(pid = 0): boolean {
    const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
      .trim()
      .split(' ');
    return children.some((child) => {
      const status = readFileSync(`/proc/${child}/status`, 'utf8');
      return /^Name:\s+sleep$/m.test(status) && /^State:\s+S/m.test(status);
    });
  }

  it('writes the profile of a command that Ctrl-C ended', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spoc-'));
    const file = path.join(folder, 'sleep.yaml');
    const child = spawn(spoc, ['record', '-o', file, 'sh', '-c', 'echo ready; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    while (!isAsleep(child.pid)) await sleep(20);
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect(status).to.equal(0);
    expect(readFileSync(file, 'utf8')).to.match(/- clock_nanosleep\n/);
    rmSync(folder, { recursive: true });
  });

  it('records what programs of a name do, without starting them', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spoc-'));
    const file = path.join(folder, 'mkdir.yaml');
    const child = spawn(spoc, ['record', '--no-proc-start', '-n', '-o', file, 'mkdir'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (data: Buffer) => (told += data.toString()));
    while (!told.includes('Waiting for the program to run')) await sleep(20);
    shell(`mkdir ${folder}/new`);
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect(status).to.equal(0);
    expect(readFileSync(file, 'utf8'))
      .to.match(/name: mkdir\n[^]*- mkdir\n/)
      .and.not.match(/- rt_sigsuspend\n/);
    rmSync(folder, { recursive: true });
  });
});

describe('spoc on a real machine', function () {
  this.timeout(120_000);

  it('passes exit status and signals through unchanged', () => {
    shell(`${spoc} record -o /tmp/spoc-test.yaml sh -c 'kill -0 $$; exit 0'`);
    const allowAll = '/tmp/spoc-allow.json';
    shell(`echo '{"defaultAction":"SCMP_ACT_ALLOW"}' > ${allowAll}`);
    expect(shell(`${spoc} run -p ${allowAll} sh -c 'exit 42'`).status).to.equal(42);
    expect(shell(`exec ${spoc} run -p ${allowAll} sh -c 'kill -9 $$'`).signal).to.equal('SIGKILL');
    expect(shell(`exec ${spoc} run -p ${allowAll} sh -c 'kill -TERM $$'`).signal).to.equal('SIGTERM');
    rmSync('/tmp/spoc-test.yaml', { force: true });
    rmSync(allowAll);
  });

  it('runs the recorded command as the user behind sudo, with that user as owner of the profile', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spoc-'));
    const sudo = { SUDO_UID: '65534', SUDO_GID: '65534' };
    const { stdout } = shell(`${spoc} record -o ${folder}/id.yaml id -u`, sudo);
    expect(stdout).to.equal('65534\n');
    expect(statSync(`${folder}/id.yaml`).uid).to.equal(65534);
    expect(shell(`${spoc} record --privileged -o ${folder}/id.yaml id -u`, sudo).stdout).to.equal('0\n');
    rmSync(folder, { recursive: true });
  });

  it('tells an ordinary user which privilege is missing', () => {
    const { stderr, status } = shell(
      `setpriv --reuid 65534 --regid 65534 --clear-groups ${spoc} record -o /dev/null true`,
    );
    expect(status).to.equal(1);
    expect(stderr).to.match(/Error: .*CAP_/);
  });

  it('says that a command or a profile is not there', () => {
    expect(shell(`${spoc} record -o /dev/null no-such-command`).stderr).to.match(
      /Error: no-such-command: command not found\n$/,
    );
    expect(shell(`${spoc} run -p /no/profile true`).stderr).to.match(
      /Error: read \/no\/profile: no such file or directory\n$/,
    );
    expect(shell(`${spoc} record -o /no/folder/x true`).stderr).to.match(
      /Error: write \/no\/folder\/x: no such file or directory\n$/,
    );
  });

  it('works from any directory and through a link', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spoc-'));
    symlinkSync(spoc, path.join(folder, 'link'));
    expect(shell(`cd ${folder} && ./link version`).stdout).to.match(/^version: +\d/);
    expect(shell(`cd ${path.dirname(spoc)} && ./spoc version && cd .. && bin/spoc version`).status).to.equal(0);
    rmSync(folder, { recursive: true });
  });

  it('completes commands, options and values in bash, zsh and fish', () => {
    const complete = (line: string) =>
      shell(
        `source <(${spoc} completion bash); COMP_WORDS=(${line} ''); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _spoc; echo "\${COMPREPLY[@]}"`,
      ).stdout;
    expect(complete('spoc')).to.include('record').and.include('completion');
    expect(complete('spoc record --type')).to.equal('seccomp raw-seccomp apparmor raw-apparmor all\n');
    expect(complete('spoc completion')).to.equal('bash zsh fish\n');
    expect(shell(`${spoc} completion bash | bash -n`).status).to.equal(0);
    expect(shell(`${spoc} completion zsh | zsh -n`).status).to.equal(0);
    const fish = `${spoc} completion fish | source; complete -C 'spoc rec'; complete -C 'spoc record --ty'`;
    expect(spawnSync('fish', ['-c', fish], { encoding: 'utf8' }).stdout)
      .to.match(/record\t/)
      .and.match(/--type/);
  });
});
