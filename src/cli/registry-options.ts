// SPDX-License-Identifier: Apache-2.0
// The options with which commands speak to a registry.
import type { Command } from 'commander';
import { repeatedOption } from './command.ts';

/** Adds the options to a command. */
export function addRegistryOptions(command: Command): Command {
  return command
    .option('-u, --username <name>', 'user of the registry; else SPOC_USERNAME or USERNAME')
    .option('--password-stdin', 'read the password from standard input; else SPOC_PASSWORD or PASSWORD')
    .option('--plain-http', 'speak http instead of https, with a registry on this machine')
    .option('--ca-file <file>', 'certificates that are trusted besides the usual ones, as PEM')
    .addOption(
      repeatedOption('--mirror <name=place>', 'read what begins with that name from another place first (repeatable)'),
    );
}
