// SPDX-License-Identifier: Apache-2.0
// A small program that stands in for auditd: it writes what the kernel audits into the audit log of this machine, which
// is the lab's node.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AUDIT_LOGS } from '../../src/core/names.ts';
import { fixture } from '../native/fixtures.ts';

/** The log that it writes. */
export const [AUDIT_LOG] = AUDIT_LOGS;

/** Starts it, with the log there. Returns what ends it, and takes the log away that was not there before. */
export async function startAuditWriter(): Promise<() => void> {
  const folder = path.dirname(AUDIT_LOG);
  const isOurFolder = !existsSync(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(AUDIT_LOG, '', { flag: 'a', mode: 0o600 });
  const program = spawn(fixture('audit_log'), [AUDIT_LOG], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => program.stdout.once('data', resolve));
  return () => {
    program.kill();
    if (isOurFolder) rmSync(folder, { recursive: true });
  };
}
