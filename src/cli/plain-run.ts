// SPDX-License-Identifier: Apache-2.0
// `spoc run` as nearly everybody types it, read without commander, which takes longer to load than the run itself. All
// other words are commander's, which knows every option and says what is wrong. The launcher reads the same words to
// find a filter that was kept (native/bpf/src/launcher/run_arguments.c).
import { DEFAULT_PROFILE } from './profile-document.ts';
import type { RunRequest } from './run.ts';

const NAMES = ['run', 'x'];
const PROFILE = ['-p', '--profile'];
const TYPE = ['-t', '--type'];

/** The command and the profile of these words; undefined where commander has to read them. */
export function plainRun(words: readonly string[]): Omit<RunRequest, 'conditions'> | undefined {
  const [name = '', ...rest] = words;
  let profile = DEFAULT_PROFILE;
  let at = 0;
  for (; (rest[at] ?? '').startsWith('-'); at += 2) {
    const [option = '', value] = rest.slice(at);
    if (value === undefined) return undefined;
    if (PROFILE.includes(option)) profile = value;
    else if (!TYPE.includes(option) || value !== 'seccomp') return undefined;
  }
  const [first, ...others] = rest.slice(at);
  if (!NAMES.includes(name) || first === undefined || first === '') return undefined;
  return { argv: [first, ...others], profile };
}
