// SPDX-License-Identifier: Apache-2.0
// The interface for logging. The writer is in io, so that a test can pass any other to a handler.

/** The fields of a log line beside its sentence. Errors are printed with their causes. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A log: sentences without variable parts, and fields for what varies. */
export interface Log {
  /** Only shown with verbosity 1. */
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log under a component's name, which is printed on each of its lines. */
  named(name: string): Log;
}

/** A log that is not kept. */
export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  named: () => SILENT,
};
