// SPDX-License-Identifier: Apache-2.0
// The permissions that are printed into manifests, chart and overlays: those that manager, daemon and webhook turn out
// to need when they are wired as they run.
import { parseDaemonSettings, parseManagerSettings, parseSettings } from '../../src/core/config.ts';
import type { Permissions } from '../../src/core/deploy/installation.ts';
import { SILENT } from '../../src/core/log.ts';
import { permissionsOfDaemon, permissionsOfManager, permissionsOfWebhook } from '../../src/roles/wiring/permissions.ts';

/** The permissions of all processes. */
export function permissions(): Permissions {
  return {
    manager: permissionsOfManager(parseManagerSettings([], {}), SILENT),
    daemon: permissionsOfDaemon(parseDaemonSettings([], { NODE_NAME: 'any' }), SILENT),
    webhook: permissionsOfWebhook(parseSettings({}), SILENT),
  };
}
