// SPDX-License-Identifier: Apache-2.0
// The profile under which accesses are learnt: in complain mode, so that it refuses nothing and everything that it does
// not allow is logged. Programs that are executed stay in it. Left to itself the kernel puts them under profiles that
// it makes up, and those do not mediate sockets (aa_new_null_profile of security/apparmor/policy.c): nothing that a
// program's child does with the network would be seen, and all libraries of `abstractions/base` would be.
import { literalPattern } from './pattern.ts';
import { printPattern } from './pattern-text.ts';
import { ABI_LINE } from './raw.ts';
import { quoted } from './rules.ts';

/** Variables that `abstractions/base` uses, of any version: all of tunables/global but those of home directories. */
const TUNABLES = ['multiarch', 'proc', 'alias', 'kernelvars', 'system', 'sys', 'run', 'etc', 'share'] as const;

/**
 * Its text. That a program stays is an audited rule, so that each exec is logged, too: as `AUDIT`, where other accesses
 * are `ALLOWED`. It is `px`, as `ix` would allow to map every file without a record. The parser refuses it beside the
 * `ix` that `abstractions/base` has for encrypted home directories, so these are where no file is: below a folder whose
 * name is a control character.
 *
 * @param name - the profile's; for the path of a program, that program gets it by itself
 */
export function tracePolicy(name: string): string {
  const text = quoted(printPattern(literalPattern(name)));
  const tunables = TUNABLES.map((one) => `include if exists <tunables/${one}>\n`).join('');
  return `${ABI_LINE}${tunables}@{HOMEDIRS}=/\\001/
@{HOME}=@{HOMEDIRS}/*/

profile ${text} flags=(attach_disconnected,complain,mediate_deleted) {
  include <abstractions/base>

  audit /[^\\001]** px -> ${text},
}
`;
}
