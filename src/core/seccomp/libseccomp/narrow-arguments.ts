// SPDX-License-Identifier: Apache-2.0
// Comparisons that look at more of an argument than the kernel does. A register has 64 bits, and so much a filter
// compares; of an argument that is an int in C the kernel takes the lower 32. A number whose upper half is set is thus
// another one to the filter and the same one to the kernel, and passes where a rule compares the whole. Published
// default profiles confine `socket` in this way by ranges, deny lists by equality. libseccomp writes the filter as it
// is told to, so this is said of the rules.
import { conditionHolds } from '../meaning/condition.ts';
import { sameVerdict, verdictOf } from '../meaning/verdict.ts';
import type { Action, ArgCondition, Profile, Rule } from '../model.ts';

/**
 * Arguments that the kernel reads as 32 bits, of calls that profiles confine by them: SYSCALL_DEFINE of net/socket.c,
 * fs/ioctl.c, fs/fcntl.c, kernel/sys.c, kernel/exec_domain.c, kernel/nsproxy.c, kernel/bpf/syscall.c and
 * security/keys/keyctl.c of Linux 6.12. clone of kernel/fork.c is declared with a long and takes lower_32_bits of it.
 */
const NARROW: Readonly<Record<string, readonly number[]>> = {
  bpf: [0],
  clone: [0],
  fcntl: [1],
  ioctl: [1],
  keyctl: [0],
  personality: [0],
  prctl: [0],
  setns: [1],
  socket: [0, 1, 2],
  socketpair: [0, 1, 2],
};

const LOWER = 0xffff_ffffn;
const UPPER_HALVES = [1n << 32n, LOWER << 32n];
const LETS_HAPPEN: readonly Action[] = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'];
/** Rules times calls that are tried: a tenth of a second without compiled code. */
const MOST_WORK = 20_000;

function comparesWhole({ op, value }: ArgCondition): boolean {
  return op !== 'SCMP_CMP_MASKED_EQ' || value > LOWER;
}

/** Numbers at which a condition's answer may change. */
function turningPoints({ op, value, valueTwo }: ArgCondition): readonly bigint[] {
  if (op !== 'SCMP_CMP_MASKED_EQ') return [value, value + 1n, value === 0n ? value : value - 1n];
  return [valueTwo & value, (valueTwo & value) ^ (value & -value), valueTwo & value & LOWER];
}

function candidates(rules: readonly Rule[], index: number): readonly bigint[] {
  const conditions = rules.flatMap(({ args }) => args).filter((condition) => condition.index === index);
  return [...new Set([...conditions.flatMap(turningPoints), 0n, LOWER])];
}

/** Calls to try: every choice of a candidate for each argument that is compared, as far as there is time. */
function callsToTry(rules: readonly Rule[]): readonly (readonly bigint[])[] {
  const most = Math.max(16, MOST_WORK / rules.length);
  let calls: readonly (readonly bigint[])[] = [[]];
  for (let index = 0; index < 6; index++) {
    const compared = rules.some(({ args }) => args.some((condition) => condition.index === index));
    const values = compared ? candidates(rules, index) : [0n];
    calls = calls.flatMap((call) => values.map((value) => [...call, value])).slice(0, most);
  }
  return calls;
}

function happens(profile: Profile, rules: readonly Rule[], call: readonly bigint[]): boolean {
  const matching = rules.filter((rule) => rule.args.every((one) => conditionHolds(one, call[one.index] ?? 0n)));
  const actions = matching.length === 0 ? [profile.defaultAction] : matching.map(({ action }) => action);
  return actions.some((action) => LETS_HAPPEN.includes(action));
}

/** Whether a call that is refused happens once an upper half is put before one of its arguments. */
function canBePassedBy(profile: Profile, rules: readonly Rule[], index: number): boolean {
  const looksUp = rules.some(({ args }) => args.some((one) => one.index === index && comparesWhole(one)));
  return (
    looksUp &&
    callsToTry(rules).some((call) => {
      const low = (call[index] ?? 0n) & LOWER;
      if (happens(profile, rules, call.with(index, low))) return false;
      return UPPER_HALVES.some((upper) => happens(profile, rules, call.with(index, low | upper)));
    })
  );
}

/** The rules for a call, but for those that repeat the default action: runtimes leave them out. */
function rulesFor(profile: Profile, name: string): readonly Rule[] {
  const otherwise = verdictOf(profile.defaultAction, profile.defaultErrno);
  return profile.rules.filter(
    ({ names, action, errno }) => names.includes(name) && !sameVerdict(verdictOf(action, errno), otherwise),
  );
}

/**
 * The calls whose comparisons can be passed by, as a sentence about the field `syscalls`; undefined where there is
 * none.
 */
export function narrowArguments(profile: Profile): string | undefined {
  const places = Object.entries(NARROW).flatMap(([name, indices]) => {
    const rules = rulesFor(profile, name);
    const open = indices.filter((index) => canBePassedBy(profile, rules, index));
    return open.length === 0 ? [] : [`${name} (${open.map((index) => `argument ${String(index)}`).join(', ')})`];
  });
  if (places.length === 0) return undefined;
  const why = 'a filter compares 64 bits, of which the kernel reads the lower 32';
  const remedy = 'SCMP_CMP_MASKED_EQ with the mask 4294967295 compares these alone';
  return `the comparisons for ${places.join(', ')} can be passed by: ${why}; ${remedy}`;
}
