// SPDX-License-Identifier: Apache-2.0
// Pods of the operator run in spite of the startup taint: the daemon, whose report is waited for, the manager, which
// takes the taint away, and the webhook, which must be there before the pods that it binds.
import { STARTUP_TAINT } from '../names.ts';

/** Lets a pod land on nodes that have not got their profiles yet. */
export const STARTUP_TOLERATION = { key: STARTUP_TAINT, operator: 'Exists' } as const;
