// SPDX-License-Identifier: Apache-2.0
// Texts on their way into the kernel: the real apparmor_parser within its limits, the real loader, and a folder in
// place of the kernel's.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Rejected } from '../../src/core/errors.ts';
import { NodeAppArmor } from '../../src/io/native/apparmor-kernel.ts';
import type { AppArmorPlaces } from '../../src/io/native/apparmor-kernel.ts';
import { nativeProgram } from './fixtures.ts';

const CAPABILITIES =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service ' +
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin';

/** Some of the features of a kernel, as its folder has them. */
const FEATURES = {
  'caps/mask': CAPABILITIES,
  'file/mask': 'create read write exec append mmap_exec link lock',
  'domain/change_profile': 'yes',
  'policy/set_load': 'yes',
} as const;

describe('io/native/apparmor-kernel', function () {
  this.timeout(120_000);
  let securityfs: string;

  beforeEach(() => {
    securityfs = mkdtempSync(path.join(tmpdir(), 'spo-securityfs-'));
    for (const [name, text] of Object.entries(FEATURES)) {
      const file = path.join(securityfs, 'apparmor/features', name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    for (const name of ['.load', '.replace', '.remove']) writeFileSync(inKernel(name), '');
    writeFileSync(inKernel('profiles'), 'sshd (complain)\n/usr/bin/man (enforce)\nown (mine) (enforce)\n');
  });
  afterEach(() => rmSync(securityfs, { recursive: true, force: true }));

  const inKernel = (name: string): string => path.join(securityfs, 'apparmor', name);
  const places = (): AppArmorPlaces => ({
    loader: nativeProgram('apparmor_loader'),
    bounded: nativeProgram('bounded'),
    parser: '/sbin/apparmor_parser',
    base: '/etc/apparmor.d',
    securityfs,
  });
  let now = 0;
  const open = (): Promise<NodeAppArmor> => NodeAppArmor.open(places(), { now: () => now });
  const policy = (...rules: readonly string[]): string =>
    `abi <abi/3.0>,\nprofile a {\n${rules.map((rule) => `  ${rule}\n`).join('')}}\n`;

  async function compiled(kernel: NodeAppArmor, text: string): Promise<{ binary: Uint8Array; hash: string }> {
    const result = await kernel.compile(text);
    if (result.binary === undefined) throw new Error(result.messages);
    return result;
  }

  it('knows the profiles that are there, and what the kernel can do', async () => {
    const kernel = await open();
    const asked = ['sshd', '/usr/bin/man', 'own (mine)', 'a'].map((name) => kernel.has(name));
    expect(await Promise.all(asked)).to.deep.equal([...[true, true, true], false]);
    expect([kernel.capabilities.has('net_raw'), kernel.capabilities.has('bpf')]).to.deep.equal([true, false]);
  });

  it('compiles a text and hands over what has come out, and the same text in another order is the same', async () => {
    const kernel = await open();
    const { binary, hash } = await compiled(kernel, policy('/x r,', '/y w,'));
    expect((await compiled(kernel, policy('/y w,', '# a comment', '/x r,'))).hash).to.equal(hash);
    expect((await compiled(kernel, policy('/x r,'))).hash).to.not.equal(hash);
    expect(await kernel.load('a', binary)).to.equal(true);
    expect([await kernel.has('a'), readFileSync(inKernel('.load')).equals(binary)]).to.deep.equal([true, true]);
    await kernel.replace('a', binary);
    expect(readFileSync(inKernel('.replace')).equals(binary)).to.equal(true);
    expect(await kernel.remove('a')).to.equal(true);
    expect([await kernel.has('a'), readFileSync(inKernel('.remove'), 'utf8')]).to.deep.equal([false, 'a']);
  });

  it('sees within seconds what others have unloaded, and says where it cannot look', async () => {
    const kernel = await open();
    writeFileSync(inKernel('profiles'), 'sshd (complain)\n');
    expect(await kernel.has('/usr/bin/man')).to.equal(true);
    now += 6_000;
    expect(await Promise.all([kernel.has('/usr/bin/man'), kernel.has('sshd')])).to.deep.equal([false, true]);
    rmSync(inKernel('profiles'));
    now += 6_000;
    const failure = await kernel.has('sshd').catch((error: unknown) => error);
    expect(String(failure)).to.include('the profiles of the kernel cannot be listed');
  });

  it('gives the words of the parser, and its warnings', async () => {
    const kernel = await open();
    const broken = await kernel.compile(policy('/x y z,'));
    expect(broken.binary).to.equal(undefined);
    expect(broken.messages).to.match(/^AppArmor parser error at line 3: syntax error/);
    expect((await kernel.compile(policy('mount,'))).messages).to.match(/mount rules not enforce/);
    expect(await kernel.compile('# nothing\n')).to.deep.equal({
      binary: undefined,
      messages: 'the text holds no profile',
    });
  });

  it('refuses what would attach itself to programs of the node', async () => {
    const kernel = await open();
    const { binary } = await compiled(kernel, 'abi <abi/3.0>,\nprofile a /usr/bin/kubelet {\n}\n');
    const failure = await kernel.load('a', binary).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Rejected);
    expect(String(failure)).to.include('attaches itself to programs of the node');
    expect(await kernel.has('a')).to.equal(false);
  });

  it('compiles many at once, each for itself', async () => {
    const kernel = await open();
    const names = Array.from({ length: 12 }, (_, at) => `/path${String(at)}`);
    const hashes = await Promise.all(names.map(async (name) => (await compiled(kernel, policy(`${name} r,`))).hash));
    expect(new Set(hashes).size).to.equal(names.length);
  });

  it('ends a parser that only waits, so that the texts behind it get their turn', async () => {
    const parser = path.join(securityfs, 'parser');
    writeFileSync(parser, '#!/bin/sh\nexec sleep 3600\n', { mode: 0o755 });
    const kernel = await NodeAppArmor.open({ ...places(), parser }, { parserWait: 100 });
    const ends = await Promise.all(['/x r,', '/y r,', '/z r,'].map((rule) => kernel.compile(policy(rule))));
    for (const { binary, messages } of ends) {
      expect(binary).to.equal(undefined);
      expect(messages).to.equal('it is not compiled within 0.1 seconds');
    }
  });

  it('blames no text for a parser that somebody has killed', async () => {
    const parser = path.join(securityfs, 'parser');
    writeFileSync(parser, '#!/bin/sh\nkill -KILL $$\n', { mode: 0o755 });
    const kernel = await NodeAppArmor.open({ ...places(), parser });
    const failure = await kernel.compile(policy('/x r,')).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).and.not.instanceOf(Rejected);
    expect(String(failure)).to.match(/was killed, .* no memory left/);
  });

  it('says which limit has ended a parser', async () => {
    const ends = {
      'kill -XCPU $$': /more than 30 seconds of processor time/,
      'echo "terminate called after throwing an instance of std::bad_alloc" >&2; kill -ABRT $$':
        /more than 96 MiB of memory/,
      'exit 1': /more than 96 MiB of memory/,
    };
    for (const [end, reason] of Object.entries(ends)) {
      const parser = path.join(securityfs, 'parser');
      writeFileSync(parser, `#!/bin/sh\n${end}\n`, { mode: 0o755 });
      const kernel = await NodeAppArmor.open({ ...places(), parser });
      expect((await kernel.compile(policy('/x r,'))).messages, end).to.match(reason);
    }
  });

  it('looks at the kernel again after a failure, and says what failed', async () => {
    const kernel = await open();
    rmSync(inKernel('.remove'));
    mkdirSync(inKernel('.remove'));
    writeFileSync(inKernel('profiles'), '');
    const failure = await kernel.remove('sshd').catch((error: unknown) => error);
    expect(String(failure)).to.equal('Error: remove sshd: sshd: Is a directory');
    expect(await kernel.has('/usr/bin/man')).to.equal(false);
  });

  it('is another one where the kernel is another one', async () => {
    const before = (await open()).compiler;
    expect((await open()).compiler).to.equal(before);
    writeFileSync(path.join(securityfs, 'apparmor/features/policy/more'), 'yes');
    expect((await open()).compiler).to.not.equal(before);
  });

  it('has AppArmor though the loader does not run, and asks it again', async () => {
    const loader = path.join(securityfs, 'loader');
    const kernel = await NodeAppArmor.open({ ...places(), loader });
    const failure = await kernel.has('sshd').catch((error: unknown) => error);
    expect(String(failure)).to.include(`start ${loader}: `);
    symlinkSync(places().loader, loader);
    expect(await kernel.has('sshd')).to.equal(true);
  });

  it('says that a node has no AppArmor, and that its profiles cannot be seen', async () => {
    rmSync(inKernel('profiles'));
    expect(String(await open().catch((error: unknown) => error))).to.equal(
      'Error: the profiles of the kernel cannot be listed: No such file or directory',
    );
    rmSync(path.join(securityfs, 'apparmor'), { recursive: true });
    expect(String(await open().catch((error: unknown) => error))).to.include('the kernel runs without AppArmor');
  });
});
