// SPDX-License-Identifier: Apache-2.0
// The options that say for which container a published profile is read.
import { Option } from 'commander';
import type { Command } from 'commander';
import { PUBLISHED_ARCHITECTURES } from '../core/seccomp/published.ts';
import { listOption } from './command.ts';

/** Adds the options to a command that reads profiles. */
export function addConditionOptions(command: Command): Command {
  return command
    .addOption(
      listOption('--cap <names>', 'capabilities of the container, for files of Docker and Podman; repeatable, or ALL'),
    )
    .addOption(
      new Option('--arch <name>', 'its architecture, for such files (default: that of this machine)').choices(
        Object.keys(PUBLISHED_ARCHITECTURES),
      ),
    )
    .option('--kernel <release>', 'its kernel, for such files (default: that of this machine)');
}
