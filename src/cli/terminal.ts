// SPDX-License-Identifier: Apache-2.0
// The surroundings of every command of spoc: files, output and log. The role passes the real ones, tests pass fakes.

/** How a command ended, for the shell: an exit status, or the signal that ended the user's command. */
export type ExitResult =
  { readonly type: 'status'; readonly status: number } | { readonly type: 'signal'; readonly number: number };

/** Everything went well. */
export const SUCCESS: ExitResult = { type: 'status', status: 0 };

/** A file, or what else a path names, that is going to be written. */
export interface Output {
  /** Replaces a file as a whole, or writes to what is no regular file. */
  write(text: string): Promise<void>;
}

/** The files of the machine. Errors name the path and the reason. */
export interface UserFiles {
  /** Content of a file; `-` is standard input. */
  read(path: string): Promise<string>;
  /** The same for a profile that a command is to run under: root takes none that other users may have written. */
  readTrusted(path: string): Promise<string>;
  /** Opens an output before any work is done for it; `-` is standard output. Throws when it could not be written. */
  openOutput(path: string): Promise<Output>;
}

/** The line of a field in a document. */
export type LineOf = (steps: readonly (string | number)[]) => number;

/** Reads and prints YAML. */
export interface Yaml {
  /** Every document of the text. Throws an Error that names line and column. */
  parse(text: string): Promise<readonly unknown[]>;
  /**
   * For each document of the text, JSON too, the line of a field, from 1; where it lacks the field, that of the
   * nearest outer one.
   */
  locate(text: string): Promise<readonly LineOf[]>;
  print(value: unknown): Promise<string>;
}

/** Where a command of spoc runs. */
export interface Terminal {
  readonly files: UserFiles;
  readonly yaml: Yaml;
  /** Writes a line with a timestamp to standard error. */
  log(message: string): void;
  /** Writes to standard output as it is. */
  print(text: string): void;
}

/** Something that the user can mend: shown as a sentence, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
