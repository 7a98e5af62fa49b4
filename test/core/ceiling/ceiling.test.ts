// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { readBinary } from '../../../src/core/ceiling/binary.ts';
import { MalformedBinary } from '../../../src/core/ceiling/binary/elf.ts';
import { ceilingOf } from '../../../src/core/ceiling/ceiling.ts';
import { CODE, buildElf } from './elf-builder.ts';
import type { ElfPlan } from './elf-builder.ts';

function ceilingOfAll(plans: Readonly<Record<string, ElfPlan>>) {
  const binaries = Object.entries(plans).map(([path, plan]) => readBinary(path, buildElf(plan)));
  return ceilingOf({ binaries, gaps: [] });
}

function callsOf(plan: ElfPlan): readonly string[] {
  return ceilingOfAll({ '/program': plan }).calls.map(({ name }) => name);
}

function computedOf(plan: ElfPlan): readonly string[] {
  return ceilingOfAll({ '/program': plan }).unseen.flatMap((one) => (one.type === 'computed' ? one.addresses : []));
}

/** Code of x86-64, and the calls that it makes. */
const X86: readonly (readonly [what: string, code: string, calls: readonly string[]])[] = [
  ['a constant', 'b8 27 00 00 00 0f 05 c3', ['getpid']],
  ['a constant of 64 bits', '48 c7 c0 27 00 00 00 0f 05 c3', ['getpid']],
  ['the zero of xor', '31 c0 0f 05 c3', ['read']],
  ['a constant by way of the stack', '6a 27 58 0f 05 c3', ['getpid']],
  ['a constant by way of another register', '41 bf 27 00 00 00 44 89 f8 0f 05 c3', ['getpid']],
  ['a sum', '31 d2 8d 42 27 0f 05 c3', ['getpid']],
  ['a choice of two', 'b8 27 00 00 00 ba 66 00 00 00 85 ff 0f 44 c2 0f 05 c3', ['getpid', 'getuid']],
  // test edi,edi; je +7; mov eax,39; jmp +5; mov eax,102; syscall
  ['two ways', '85 ff 74 07 b8 27 00 00 00 eb 05 b8 66 00 00 00 0f 05 c3', ['getpid', 'getuid']],
  // A call between keeps a register that the callee saves, and the stack.
  ['a constant across a call', 'bb 27 00 00 00 e8 05 00 00 00 89 d8 0f 05 c3 c3', ['getpid']],
  ['a place on the stack', '48 83 ec 10 c7 04 24 27 00 00 00 e8 08 00 00 00 8b 04 24 0f 05 48 83 c4 10 c3', ['getpid']],
  ['int 0x80 has numbers of i386', 'b8 14 00 00 00 cd 80 c3', ['getpid']],
  ['code behind vectors', 'b8 27 00 00 00 66 48 0f 6e c7 c5 f8 77 62 f1 7c 48 10 00 0f 05 c3', ['getpid']],
  ['no call within another instruction', 'b9 0f 05 00 00 c3', []],
];

describe('ceilings of x86-64', () => {
  for (const [what, code, calls] of X86) {
    it(`follows ${what}`, () => {
      expect(callsOf({ code })).to.deep.equal(calls);
      expect(computedOf({ code })).to.deep.equal([]);
    });
  }

  it('asks the callers of a function that is given the number, those that jump to it too', () => {
    // 0x1000: mov eax,edi; syscall; ret. 0x1008: mov edi,39; call. 0x1014: mov edi,102; jmp.
    const code = '89 f8 0f 05 c3 90 90 90 bf 27 00 00 00 e8 ee ff ff ff c3 90 bf 66 00 00 00 e9 e2 ff ff ff';
    const unwinding = [
      [CODE, 5],
      [CODE + 8, 11],
      [CODE + 0x14, 10],
    ] as const;
    expect(callsOf({ code, unwinding })).to.deep.equal(['getpid', 'getuid']);
  });

  it('asks for numbers on the stack, as assembly of Go gives them', () => {
    // mov rax,[rsp+8]; syscall; ret; and mov qword [rsp],39; call.
    const code = '48 8b 44 24 08 0f 05 c3 48 83 ec 10 48 c7 04 24 27 00 00 00 e8 e7 ff ff ff 48 83 c4 10 c3';
    expect(
      callsOf({
        code,
        unwinding: [
          [CODE, 8],
          [CODE + 8, 22],
        ],
      }),
    ).to.deep.equal(['getpid']);
  });

  it('says where a number is computed', () => {
    expect(computedOf({ code: '0f b6 07 0f 05 c3' })).to.deep.equal(['0x1003']);
    expect(computedOf({ code: '8b 07 0f 05 c3' })).to.deep.equal(['0x1002']);
  });

  it('takes what lies between functions and has no number for data', () => {
    expect(computedOf({ code: 'c3 00 00 8b 07 0f 05 c3', unwinding: [[CODE, 1]] })).to.deep.equal([]);
    expect(callsOf({ code: 'c3 90 90 b8 27 00 00 00 0f 05 c3', unwinding: [[CODE, 1]] })).to.deep.equal(['getpid']);
  });

  it('follows no function that is larger than any, and says that it cannot tell', () => {
    const small = buildElf({ code: 'b8 27 00 00 00 0f 05 c3' });
    const large = new Uint8Array(CODE + (1 << 20) + 1);
    large.set(small);
    // The size in the file of the segment with the code.
    new DataView(large.buffer).setBigUint64(64 + 32, BigInt(large.length), true);
    const { calls, unseen } = ceilingOf({ binaries: [readBinary('/large', large)], gaps: [] });
    expect(calls).to.deep.equal([]);
    expect(unseen).to.deep.equal([{ type: 'computed', path: '/large', addresses: ['0x1005'] }]);
  });
});

describe('ceilings of i386', () => {
  const machine = 'SCMP_ARCH_X86';

  it('follows int 0x80 and the call by the control block', () => {
    expect(callsOf({ machine, code: 'b8 14 00 00 00 cd 80 c3' })).to.deep.equal(['getpid']);
    expect(callsOf({ machine, code: 'b8 14 00 00 00 65 ff 15 10 00 00 00 c3' })).to.deep.equal(['getpid']);
  });

  it('asks for numbers on the stack', () => {
    // mov eax,[esp+4]; int 0x80; ret; and push 20; call.
    const code = '8b 44 24 04 cd 80 c3 90 6a 14 e8 f1 ff ff ff 58 c3';
    const unwinding = [
      [CODE, 7],
      [CODE + 8, 9],
    ] as const;
    expect(callsOf({ machine, code, unwinding })).to.deep.equal(['getpid']);
  });
});

/** An instruction of aarch64 as bytes. */
function arm(...instructions: readonly number[]): string {
  const bytes = new Uint8Array(Uint32Array.from(instructions).buffer);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

describe('ceilings of aarch64', () => {
  const machine = 'SCMP_ARCH_AARCH64';

  it('follows a constant, and one by way of another register', () => {
    // mov x8,#172; svc #0; ret
    expect(callsOf({ machine, code: arm(0xd2801588, 0xd4000001, 0xd65f03c0) })).to.deep.equal(['getpid']);
    // mov w3,#172; mov w8,w3; svc #0; ret
    expect(callsOf({ machine, code: arm(0x52801583, 0x2a0303e8, 0xd4000001, 0xd65f03c0) })).to.deep.equal(['getpid']);
  });

  it('asks the callers of a function that is given the number', () => {
    // mov w8,w0; svc #0; ret; nop; and mov w0,#172; b -20
    const code = arm(0x2a0003e8, 0xd4000001, 0xd65f03c0, 0xd503201f, 0x52801580, 0x17fffffb);
    expect(
      callsOf({
        machine,
        code,
        unwinding: [
          [CODE, 12],
          [CODE + 16, 8],
        ],
      }),
    ).to.deep.equal(['getpid']);
  });

  it('keeps what lies on the stack in a frame that is made and taken away', () => {
    // stp x29,x30,[sp,#-32]!; mov w8,#172; str x8,[sp,#16]; ldr x8,[sp,#16]; svc #0; ldp x29,x30,[sp],#32; ret
    const code = arm(0xa9be7bfd, 0x52801588, 0xf9000be8, 0xf9400be8, 0xd4000001, 0xa8c27bfd, 0xd65f03c0);
    expect(callsOf({ machine, code })).to.deep.equal(['getpid']);
  });

  it('says where a number is computed', () => {
    expect(computedOf({ machine, code: arm(0xb9400008, 0xd4000001, 0xd65f03c0) })).to.deep.equal(['0x1004']);
  });
});

/**
 * A C library: 0x1000 getpid, 0x1008 getuid, 0x1010 calls getpid, 0x1018 syscall, 0x1028 takes the address of getuid,
 * 0x1030 gettid, of which only data knows.
 */
const LIBRARY: ElfPlan = {
  soname: 'libc.so.6',
  entry: 0,
  code:
    'b8 27 00 00 00 0f 05 c3 b8 66 00 00 00 0f 05 c3 e8 eb ff ff ff c3 90 90 ' +
    '48 89 f8 0f 05 c3 90 90 90 90 90 90 90 90 90 90 48 8d 05 d9 ff ff ff c3 b8 ba 00 00 00 0f 05 c3',
  exports: { getpid: 0x1000, getuid: 0x1008, both: 0x1010, syscall: 0x1018, given: 0x1028 },
  unwinding: [
    [0x1000, 8],
    [0x1008, 8],
    [0x1010, 6],
    [0x1018, 6],
    [0x1028, 8],
    [0x1030, 8],
  ],
};

/** A stub at 0x1000 that jumps by the slot 0x5000, and code behind it at 0x1010. */
function importing(name: string, code: string): ElfPlan {
  return {
    code: `ff 25 fa 3f 00 00 90 90 90 90 90 90 90 90 90 90 ${code}`,
    imports: { [name]: 0x5000 },
    needed: ['libc.so.6'],
  };
}

describe('ceilings of programs with libraries', () => {
  const CASES: readonly (readonly [what: string, program: ElfPlan, library: ElfPlan, calls: readonly string[]])[] = [
    ['only what is used of the C library', importing('getpid', 'c3'), LIBRARY, ['getpid']],
    ['what that calls', importing('both', 'c3'), LIBRARY, ['getpid']],
    ['functions whose address is taken', importing('given', 'c3'), LIBRARY, ['getuid']],
    ['functions that data names', importing('getpid', 'c3'), { ...LIBRARY, pointers: [0x1030] }, ['getpid', 'gettid']],
    ['numbers that are given to it', importing('syscall', 'bf 27 00 00 00 e8 e6 ff ff ff c3'), LIBRARY, ['getpid']],
    [
      'all of another library',
      importing('getpid', 'c3'),
      { ...LIBRARY, soname: 'libx.so' },
      ['getpid', 'gettid', 'getuid'],
    ],
  ];
  for (const [what, program, library, calls] of CASES) {
    for (const hash of ['old', 'gnu'] as const) {
      it(`count ${what} (${hash} hash table)`, () => {
        const found = ceilingOfAll({ '/program': program, '/lib': { ...library, hash } });
        expect(found.calls.map(({ name }) => name)).to.deep.equal(calls);
      });
    }
  }

  it('count functions that a program can ask for by a name in its data', () => {
    const asking = { ...importing('dlsym', 'c3'), interpreter: 'getuid' };
    const found = ceilingOfAll({
      '/program': asking,
      '/lib': { ...LIBRARY, exports: { ...LIBRARY.exports, dlsym: 0x1000 } },
    });
    expect(found.calls.map(({ name }) => name)).to.deep.equal(['getpid', 'getuid']);
  });

  it('follow stubs and addresses of aarch64, too', () => {
    const machine = 'SCMP_ARCH_AARCH64';
    // 0x1000 syscall: mov w8,w0; svc; ret. 0x100c getuid: mov x8,#174; svc; ret.
    // 0x1018 given: adrp and add of 0x100c; ret.
    const library: ElfPlan = {
      machine,
      soname: 'libc.so.6',
      entry: 0,
      code: arm(
        ...[0x2a0003e8, 0xd4000001, 0xd65f03c0, 0xd28015c8, 0xd4000001, 0xd65f03c0],
        ...[0x90000000, 0x91003000, 0xd65f03c0],
      ),
      exports: { syscall: 0x1000, getuid: 0x100c, given: 0x1018 },
    };
    // adrp x16,0x5000; ldr x17,[x16]; add x16,x16,#0; br x17; and mov w0,#172; bl 0x1000; ret
    const code = arm(0x90000030, 0xf9400211, 0x91000210, 0xd61f0220, 0x52801580, 0x97fffffb, 0xd65f03c0);
    const callsBy = (name: string) =>
      ceilingOfAll({ '/program': { machine, code, imports: { [name]: 0x5000 } }, '/lib': library }).calls;
    expect(callsBy('syscall').map(({ name }) => name)).to.deep.equal(['getpid']);
    expect(callsBy('given').map(({ name }) => name)).to.deep.equal(['getuid']);
  });

  it('say that libraries are loaded', () => {
    const found = ceilingOfAll({ '/program': importing('dlopen', 'c3') });
    expect(found.unseen).to.deep.equal([{ type: 'loads', path: '/program' }]);
  });
});

/** A program whose sections have parts of one long text for names. */
function withNames(count: number, nameAt: (index: number) => number): Uint8Array {
  const before = buildElf({ code: 'c3' });
  const texts = before.length;
  const table = texts + 4096;
  const bytes = new Uint8Array(table + count * 64);
  bytes.set(before);
  bytes.fill(0x61, texts, table - 1);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(40, BigInt(table), true);
  for (const [at, number] of [
    [58, 64],
    [60, count],
    [62, 0],
  ] as const)
    view.setUint16(at, number, true);
  for (let index = 0; index < count; index += 1) view.setUint32(table + index * 64, nameAt(index), true);
  view.setBigUint64(table + 24, BigInt(texts), true);
  return bytes;
}

describe('hostile binaries', () => {
  const samples = [
    LIBRARY,
    importing('syscall', 'bf 27 00 00 00 e8 e6 ff ff ff c3'),
    { ...LIBRARY, hash: 'gnu' as const },
  ].flatMap((plan) =>
    (['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_AARCH64'] as const).map((machine) =>
      buildElf({ ...plan, machine }),
    ),
  );
  /** Places where headers and tables lie, and the code. */
  const place = fc.oneof(
    fc.nat(0x200),
    fc.integer({ min: 0x1000, max: 0x1040 }),
    fc.integer({ min: 0x4000, max: 0x4400 }),
  );

  it('are read to the end or refused, whatever is changed in them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(place, fc.oneof(fc.nat(255), fc.constantFrom(0xff, 0x80, 0))), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.option(fc.nat(0x6000)),
        (sample, changes, end) => {
          const bytes = sample.slice(0, end ?? sample.length);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          try {
            ceilingOf({ binaries: [readBinary('/x', bytes)], gaps: [] });
          } catch (error) {
            expect(error).to.be.instanceOf(MalformedBinary);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('say why they are refused', () => {
    const reasonOf = (bytes: Uint8Array): string => {
      try {
        readBinary('/x', bytes);
        return '';
      } catch (error) {
        return error instanceof MalformedBinary ? error.message : String(error);
      }
    };
    const changed = (at: number, byte: number): Uint8Array => {
      const bytes = buildElf({ code: 'c3' });
      bytes[at] = byte;
      return bytes;
    };
    expect(reasonOf(new Uint8Array(3))).to.equal('a part of it lies outside of the file');
    expect(reasonOf(changed(0, 0))).to.equal('it is no ELF file');
    expect(reasonOf(changed(5, 2))).to.equal('its bytes are in the order of other machines');
    expect(reasonOf(changed(16, 1))).to.equal('it is neither a program nor a library');
    expect(reasonOf(changed(18, 243))).to.equal('it is for the machine 243, which is not read');
    expect(reasonOf(changed(18, 3))).to.equal('its addresses have not the width of its machine');
    expect(reasonOf(changed(54, 0))).to.equal('its segments have 0 bytes each');
    // The size in the file of the first segment, which then reaches into the second; and that one is code now, too.
    const overlapping = changed(64 + 33, 0x40);
    overlapping[64 + 56 + 4] = 5;
    expect(reasonOf(overlapping)).to.equal('parts of its code lie upon another');
    expect(reasonOf(buildElf({ code: 'c3' }).subarray(0, 0x2000))).to.equal(
      'it is cut off: a segment goes beyond its end',
    );
    // The highest byte of the address of the first segment. Code up there was once walked through for ever.
    expect(reasonOf(changed(64 + 23, 0xb2))).to.match(/^it has a segment at 0xb2\w+, where processes have no memory$/);
    expect(reasonOf(withNames(4000, (index) => index))).to.match(/^its names lie upon another/);
    expect(reasonOf(withNames(4000, () => 0))).to.equal('');
  });
});
