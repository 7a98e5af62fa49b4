// SPDX-License-Identifier: Apache-2.0
// The facts about this machine and this build that every command of spoc may ask for.
import { release } from 'node:os';
import type { ConditionsMachine } from '../../cli/conditions.ts';
import { UserError } from '../../cli/terminal.ts';
import type { Build } from '../../cli/version.ts';
import { nativeArchitecture } from '../../core/seccomp/libseccomp/filter.ts';
import { factsOf } from '../../core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';

function architectureHere(): KnownArchitecture {
  const found = nativeArchitecture(process.arch);
  if (found === undefined) throw new UserError(`the architecture ${process.arch} is not supported: x64 and arm64 are`);
  return found;
}

/** The machine and the build. Throws a UserError on a machine that is not supported. */
export function buildHere(): ConditionsMachine & { readonly build: Build } {
  const architecture = architectureHere();
  const platform = `linux/${factsOf(architecture).goarch}`;
  return { architecture, build: { node: process.version, platform, kernel: release() } };
}
