// SPDX-License-Identifier: Apache-2.0
// The parts of which commands describe themselves: each is a commander command in the file that carries it out, with
// its options, and completion is derived from it.
import { Argument, Option } from 'commander';
import type { ExitResult } from './terminal.ts';

/** Takes how a command ended. */
export type Finish = (exit: ExitResult) => void;

/** A command line of the user's, which is not ours to parse. */
export class CommandArgument extends Argument {}

/** A file, or several. */
export class FileArgument extends Argument {}

/** An option whose values add up: it may be given several times, and hold several words between commas. */
export function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    ...value.split(',').filter((name) => name !== ''),
  ]);
}

/**
 * Commander keeps `--no-x` as the negation of `--x`; this one is an option of its own, so its name is given by hand.
 */
export function plainSwitch(flags: string, description: string, name: string): Option {
  const option = new Option(flags, description);
  option.negate = false;
  option.attributeName = () => name;
  return option;
}

/** An option that may be given several times; a value may hold anything. */
export function repeatedOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}
