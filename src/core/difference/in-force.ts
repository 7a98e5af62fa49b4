// SPDX-License-Identifier: Apache-2.0
// The difference between a profile and the filters that a task really has, or between those of two tasks: for every
// architecture of the kernel and every call, for all arguments. Two calls that the kernel numbers differently may have
// one name; their changes are told for each architecture, but for the machine's own.
import { Unreadable } from '../seccomp/kernel-filter/answer.ts';
import { Decisions, TooLarge } from '../seccomp/meaning/decisions.ts';
import { runnableOn, syscallName, widthOf } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import { LOG, numbersToCompare } from './call-numbers.ts';
import type { CallAnswers, NumberedCall } from './call-numbers.ts';
import type { CallChange, Difference, FieldChange } from './change.ts';
import { worstFirst } from './order.ts';
import { changesBetween } from './profiles.ts';
import { VerdictNumbers } from './verdict-numbers.ts';

/** Numbers without a name are told as they are. */
function nameOf({ architecture, number }: NumberedCall): string {
  return syscallName(architecture, number) ?? `#${String(number)}`;
}

/** Runtimes give some calls one of two answers; either is what the profile says. */
function isAccepted(change: CallChange, call: NumberedCall, before: CallAnswers, after: CallAnswers): boolean {
  const concernsAll = change.regions?.length === 1 && change.regions[0]?.length === 0;
  return concernsAll && (before.accepts(call, change.to) || after.accepts(call, change.from));
}

function changesOf(
  call: NumberedCall,
  [before, after]: readonly [CallAnswers, CallAnswers],
  native: KnownArchitecture,
): readonly CallChange[] {
  const [decisions, numbers] = [new Decisions(), new VerdictNumbers()];
  const pair = [before.decide(call, decisions, numbers), after.decide(call, decisions, numbers)] as const;
  const { architecture } = call;
  const place = { call: nameOf(call), ...(architecture === native ? {} : { architecture }) };
  // Registers of x32 have 64 bits, and a filter may look at all of them.
  const width = architecture === 'SCMP_ARCH_X32' ? 64 : widthOf(architecture);
  return changesBetween(pair, place, decisions, numbers, width).filter(
    (change) => !isAccepted(change, call, before, after),
  );
}

/** Logging lets nothing happen, nor keeps it from happening. */
function logChanges(before: CallAnswers, after: CallAnswers): readonly FieldChange[] {
  if (before.logs === after.logs) return [];
  const text = ({ logs }: CallAnswers): string => (logs ? LOG : '');
  return [{ type: 'field', field: 'flags', from: text(before), to: text(after), direction: 'answer' }];
}

/** The difference on a machine: what the second permits that the first does not, and the other way round. */
export function diffAnswers(before: CallAnswers, after: CallAnswers, native: KnownArchitecture): Difference {
  const changes: CallChange[] = [];
  const unknown = new Set<string>();
  for (const architecture of runnableOn(native)) {
    for (const number of numbersToCompare(architecture, [...before.turns, ...after.turns])) {
      try {
        changes.push(...changesOf({ architecture, number }, [before, after], native));
      } catch (cause) {
        if (!(cause instanceof TooLarge) && !(cause instanceof Unreadable)) throw cause;
        unknown.add(
          cause instanceof Unreadable
            ? `the filter: ${cause.message}`
            : `${nameOf({ architecture, number })}: ${cause.message}`,
        );
      }
    }
  }
  return { changes: worstFirst([...logChanges(before, after), ...changes]), unknown: [...unknown] };
}
