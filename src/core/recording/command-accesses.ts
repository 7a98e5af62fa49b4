// SPDX-License-Identifier: Apache-2.0
// The AppArmorProfile of a command that was recorded on a machine, under a profile in complain mode of its own. Beside
// that of a container (kinds/apparmor.ts) nothing is hidden by what others did: the kernel's memory of what it has
// logged belongs to the profile.
import type { AppArmorProfile } from '../../gen/crd/app-armor-profile.ts';
import { learnAccess } from '../apparmor/records.ts';
import type { AppArmorRecord } from '../audit/record.ts';
import { ANNOTATION } from '../names.ts';
import type { SeenAccess } from './accesses.ts';
import { foldedAnnotation } from './folded-paths.ts';
import { timeShortcomings } from './ledger.ts';
import type { Ledger } from './ledger.ts';

/** A profile that was learnt, with sentences about what it lacks, without full stops. */
export interface LearntCommand {
  readonly object: AppArmorProfile;
  readonly warnings: readonly string[];
}

/** All that was seen of a command. */
export interface SeenOfCommand {
  readonly ledger: Ledger;
  readonly accesses: readonly SeenAccess[];
  /** Accesses beyond those that are kept. */
  readonly beyond: number;
}

function isAppArmor(record: SeenAccess['record']): record is AppArmorRecord {
  return record.type === 'apparmor';
}

/** The profile that allows what was seen. */
export function learnCommand(name: string, { ledger, accesses, beyond }: SeenOfCommand): LearntCommand {
  const { abstract, folded, leftOut } = learnAccess(accesses.map(({ record }) => record).filter(isAppArmor));
  const inexpressible = Array.from(leftOut.keys(), (what) => `no AppArmorProfile can allow ${what}`);
  const warnings = [...timeShortcomings(ledger), ...lossesOf(ledger.lostRecords, beyond), ...inexpressible];
  const annotations = {
    ...foldedAnnotation(folded),
    ...(warnings.length === 0 ? {} : { [ANNOTATION.recordingIncomplete]: warnings.join('; ') }),
  };
  const object: AppArmorProfile = {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'AppArmorProfile',
    metadata: { ...(Object.keys(annotations).length === 0 ? {} : { annotations }), name },
    spec: { abstract },
    status: {},
  };
  return { object, warnings };
}

function lossesOf(records: bigint, beyond: number): readonly string[] {
  return [
    ...(records === 0n ? [] : [`the machine lost ${String(records)} audit records meanwhile, perhaps of the command`]),
    ...(beyond === 0 ? [] : [`there was no room for ${String(beyond)} accesses`]),
  ];
}
