// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { NoSuchProgram, collectAll, collectPrograms } from '../../../src/core/ceiling/collect.ts';
import { UnreadableFile, findFile } from '../../../src/core/ceiling/tree.ts';
import type { Tree } from '../../../src/core/ceiling/tree.ts';
import { buildElf } from './elf-builder.ts';
import { memoryTree } from './memory-tree.ts';

const LOADER = buildElf({ code: 'c3' });
const LIBRARY = buildElf({ code: 'c3', soname: 'libx.so.1' });

function program(extra: { readonly runpath?: string } = {}): Uint8Array {
  return buildElf({ code: 'c3', needed: ['libx.so.1'], interpreter: '/lib/ld.so', ...extra });
}

async function pathsOf(files: Readonly<Record<string, string | Uint8Array>>, ...programs: readonly string[]) {
  const { binaries, gaps } = await collectPrograms(memoryTree({ '/lib/ld.so': LOADER, ...files }), programs);
  return { paths: binaries.map(({ path }) => path).sort(), gaps };
}

describe('the binaries of a program', () => {
  const PLACES: readonly (readonly [
    where: string,
    files: Readonly<Record<string, string>>,
    runpath: string | undefined,
  ])[] = [
    ['/usr/lib/x86_64-linux-gnu/libx.so.1', {}, undefined],
    ['/usr/local/lib/libx.so.1', {}, undefined],
    ['/opt/app/lib/libx.so.1', {}, '$ORIGIN/../lib'],
    ['/opt/app/bin/libx.so.1', {}, '/nowhere:${ORIGIN}'],
    [
      '/srv/libs/libx.so.1',
      { '/etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n', '/etc/ld.so.conf.d/a.conf': '# ours\n/srv/libs\n' },
      undefined,
    ],
  ];
  for (const [where, files, runpath] of PLACES) {
    it(`are found with a library in ${where}`, async () => {
      const elf = program(runpath === undefined ? {} : { runpath });
      const found = await pathsOf({ ...files, '/opt/app/bin/run': elf, [where]: LIBRARY }, '/opt/app/bin/run');
      expect(found).to.deep.equal({ paths: ['/lib/ld.so', '/opt/app/bin/run', where].sort(), gaps: [] });
    });
  }

  it('are found by way of links, which lead nowhere else', async () => {
    const files = {
      '/bin': '-> usr/bin',
      '/usr/bin/x': '-> ../../../opt/./x',
      '/opt/x': '-> /opt/real',
      '/opt/real': buildElf({ code: 'c3' }),
    };
    expect((await pathsOf(files, '/bin/x')).paths).to.deep.equal(['/opt/real']);
    expect(await findFile(memoryTree({ '/a': '-> b', '/b': '-> a' }), '/a')).to.equal(undefined);
    expect(await findFile(memoryTree({ '/a/b': '' }), '/a')).to.equal(undefined);
    expect(await findFile(memoryTree({ '/a': '' }), '/a/b')).to.equal(undefined);
  });

  it('lack libraries that are not there, or of another machine', async () => {
    const other = buildElf({ code: '', machine: 'SCMP_ARCH_AARCH64', soname: 'libx.so.1' });
    for (const files of [{}, { '/lib/libx.so.1': other }, { '/lib/libx.so.1': 'a text' }]) {
      const { gaps } = await pathsOf({ '/run': program(), ...files }, '/run');
      expect(gaps).to.deep.equal([{ type: 'missing', path: '/run', library: 'libx.so.1' }]);
    }
  });

  it('are those of the interpreter of a script', async () => {
    const found = await pathsOf({ '/bin/sh': buildElf({ code: 'c3' }), '/start': '#! /bin/sh -e\nexec x\n' }, '/start');
    expect(found.paths).to.deep.equal(['/bin/sh']);
    expect(found.gaps).to.deep.equal([{ type: 'script', path: '/start', interpreter: '/bin/sh' }]);
  });

  it('need the program', async () => {
    for (const path of ['/none', '/text']) {
      let error: unknown;
      await pathsOf({ '/text': 'a text' }, path).catch((reason: unknown) => (error = reason));
      expect(error).to.be.instanceOf(NoSuchProgram);
    }
  });
});

describe('all binaries of a tree', () => {
  it('are its programs and libraries, once each, with what cannot be read', async () => {
    const files = {
      '/bin/run': program(),
      '/bin/link': '-> run',
      '/bin/script': '#!/bin/sh\n',
      '/lib/libx.so.1': LIBRARY,
      '/lib/cut.so': LIBRARY.subarray(0, 0x1000),
      '/proc/1/exe': LIBRARY,
      '/etc/passwd': 'root',
    };
    const { binaries, gaps } = await collectAll(memoryTree(files));
    expect(binaries.map(({ path }) => path)).to.have.members(['/bin/run', '/lib/libx.so.1']);
    expect(gaps).to.have.deep.members([
      { type: 'script', path: '/bin/script', interpreter: '/bin/sh' },
      { type: 'unreadable', path: '/lib/cut.so', reason: 'it is cut off: a segment goes beyond its end' },
    ]);
  });

  it('tell of a file that only others may read, and go on', async () => {
    const tree = memoryTree({ '/bin/closed': 'x', '/bin/run': buildElf({ code: 'c3' }) });
    const read = (): Promise<Uint8Array> => Promise.reject(new UnreadableFile('permission denied'));
    const guarded: Tree = {
      entry: (path) => (path === '/bin/closed' ? Promise.resolve({ type: 'file', read }) : tree.entry(path)),
    };
    const { binaries, gaps } = await collectAll(guarded);
    expect(binaries.map(({ path }) => path)).to.deep.equal(['/bin/run']);
    expect(gaps).to.deep.equal([{ type: 'unreadable', path: '/bin/closed', reason: 'permission denied' }]);
  });
});
