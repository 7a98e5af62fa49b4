// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { OCI_MANIFEST } from '../../src/core/oci/media-types.ts';
import { parseReference } from '../../src/core/oci/reference.ts';
import { RegistryClient } from '../../src/io/registry/client.ts';
import { explained } from '../../src/roles/spoc/terminal.ts';
import { buildElf } from '../core/ceiling/elf-builder.ts';
import { buildTar } from '../core/ceiling/tar-builder.ts';
import { FakeRegistry, sha256 } from '../fakes/registry.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

function profile(...names: readonly string[]): string {
  const syscalls = [{ names, action: 'SCMP_ACT_ALLOW' }];
  return JSON.stringify({
    kind: 'SeccompProfile',
    metadata: { name: 'x' },
    spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls },
  });
}

async function spoc(...args: readonly string[]) {
  const terminal = new FakeTerminal();
  terminal.stored.set('/fits', profile('getpid', 'rt_sigreturn'));
  terminal.stored.set('/wide', profile('getpid', 'mount'));
  const exit = await explained(terminal, () => runCommandLine(args, new FakeMachine(), terminal));
  return { exit, printed: terminal.printed, logged: terminal.logged };
}

describe('spoc ceiling', () => {
  let root = '';
  before(() => {
    root = mkdtempSync(path.join(tmpdir(), 'ceiling-'));
    mkdirSync(path.join(root, 'bin'));
    writeFileSync(path.join(root, 'bin/pid'), buildElf({ code: 'b8 27 00 00 00 0f 05 c3' }));
    writeFileSync(path.join(root, 'bin/uid'), buildElf({ code: 'b8 66 00 00 00 0f 05 c3' }));
    symlinkSync('/bin/pid', path.join(root, 'bin/link'));
  });
  after(() => rmSync(root, { recursive: true }));

  it('looks into a program, all of a folder, or one of it by way of links', async () => {
    expect((await spoc('ceiling', path.join(root, 'bin/pid'))).printed).to.match(
      /^1 binary .* 1 system call of .*:\n {2}getpid\n/,
    );
    expect((await spoc('ceiling', root)).printed).to.match(/^2 binaries .*\n {2}getpid getuid\n/);
    expect((await spoc('ceiling', '--program', '/bin/link', root)).printed).to.match(/^1 binary .*\n {2}getpid\n/);
  });

  it('looks into archives of a container and of an image', async () => {
    const elf = buildElf({ code: 'b8 27 00 00 00 0f 05 c3' });
    const exported = buildTar([{ path: 'bin/pid', content: elf }]);
    const saved = buildTar([
      { path: 'manifest.json', content: JSON.stringify([{ Layers: ['a/layer.tar'] }]) },
      { path: 'a/layer.tar', content: gzipSync(exported) },
    ]);
    for (const [name, bytes] of [
      ['exported.tar', exported],
      ['saved.tar', saved],
      ['saved.tar.gz', gzipSync(saved)],
    ] as const) {
      writeFileSync(path.join(root, name), bytes);
      const { printed } = await spoc('ceiling', path.join(root, name));
      expect(printed, name).to.match(/^1 binary .*:\n {2}getpid\n/);
    }
    writeFileSync(path.join(root, 'cut.tar'), exported.subarray(0, 1000));
    expect((await spoc('ceiling', path.join(root, 'cut.tar'))).logged.join()).to.match(/cut\.tar: it is cut off/);
  });

  it('looks into an image of a registry', async () => {
    const registry = await FakeRegistry.start();
    const limits = { idleMs: 10_000, totalMs: 10_000 };
    const client = new RegistryClient({ plainHttp: true, limits, credentials: () => Promise.resolve(undefined) });
    try {
      const layer = gzipSync(buildTar([{ path: 'bin/pid', content: buildElf({ code: 'b8 27 00 00 00 0f 05 c3' }) }]));
      const config = new TextEncoder().encode('{}');
      const described = (mediaType: string, bytes: Uint8Array) => ({
        mediaType,
        digest: sha256(bytes),
        size: bytes.length,
      });
      const manifest = {
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: described('application/vnd.oci.image.config.v1+json', config),
        layers: [described('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
      };
      const { repository } = parseReference(`${registry.address}/web:v1`);
      for (const bytes of [layer, config]) await client.pushBlob(repository, bytes, sha256(bytes));
      await client.pushManifest(repository, 'v1', OCI_MANIFEST, new TextEncoder().encode(JSON.stringify(manifest)));
      const [machine, terminal] = [new FakeMachine(), new FakeTerminal()];
      machine.registry = client;
      await runCommandLine(['ceiling', `oci://${registry.address}/web:v1`], machine, terminal);
      expect(terminal.printed).to.match(/^1 binary .*:\n {2}getpid\n/);
      const large = manifest.layers.map((one) => ({ ...one, size: 1.5 * 1024 ** 3 }));
      const huge = JSON.stringify({ ...manifest, layers: [...large, ...large] });
      await client.pushManifest(repository, 'huge', OCI_MANIFEST, new TextEncoder().encode(huge));
      const refused = await runCommandLine(['ceiling', `oci://${registry.address}/web:huge`], machine, terminal).catch(
        String,
      );
      expect(refused).to.match(/web:huge: its layers have 3221225472 bytes, more than 2147483648/);
    } finally {
      client.close();
      await registry.stop();
    }
  });

  it('prints JSON', async () => {
    const { printed } = await spoc('ceiling', '-o', 'json', '-p', '/wide', path.join(root, 'bin/pid'));
    const value: unknown = JSON.parse(printed);
    expect(value).to.have.nested.property('calls[0].name', 'getpid');
    expect(value).to.have.nested.property('profile.notFound').deep.equal(['mount']);
  });

  it('ends with 0 where a profile permits no more, with 1 where it does, with 2 where that is not known', async () => {
    const statusWith = async (file: string, where = 'bin/pid') =>
      (await spoc('ceiling', '-p', file, path.join(root, where))).exit;
    expect(await statusWith('/fits')).to.deep.equal({ type: 'status', status: 0 });
    expect(await statusWith('/wide')).to.deep.equal({ type: 'status', status: 1 });
    expect(await statusWith('/none')).to.deep.equal({ type: 'status', status: 2 });
    expect(await statusWith('/fits', 'none')).to.deep.equal({ type: 'status', status: 2 });
  });

  it('says why there is no ceiling', async () => {
    const empty = path.join(root, 'empty');
    mkdirSync(empty);
    const cases = [
      [['/none'], /read \/none: no such file or directory/],
      [[empty], /there is no binary that can be read/],
      [['--program', '/bin/none', root], /\/bin\/none: there is no such program/],
      [['--program', '/bin/x', path.join(root, 'bin/pid')], /is a program itself/],
    ] as const;
    for (const [words, reason] of cases) {
      const { exit, logged } = await spoc('ceiling', ...words);
      expect(exit).to.deep.equal({ type: 'status', status: 1 });
      expect(logged.join('\n')).to.match(reason);
    }
  });
});
