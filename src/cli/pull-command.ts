// SPDX-License-Identifier: Apache-2.0
// The options of `spoc pull`. plain-pull.ts reads the usual ones first, without commander.
import { Argument, Command, Option } from 'commander';
import type { Finish } from './command.ts';
import { DEFAULT_PROFILE } from './profile-document.ts';
import { DISABLE_VARIABLE, pull, takesUnsigned } from './pull.ts';
import { addRegistryOptions } from './registry-options.ts';
import { platformHere, readPlatform } from './registry-settings.ts';
import type { ArtifactMachine, RegistryOptions } from './registry-settings.ts';
import { addSignerOptions } from './signer-options.ts';
import type { Terminal } from './terminal.ts';
import type { SignerOptions } from './trusted-signers.ts';

type PullOptions = RegistryOptions &
  SignerOptions & {
    readonly outputFile?: string;
    readonly platform?: string;
    readonly disableSignatureVerification?: boolean;
    readonly requireRecording?: boolean;
  };

/** The command and its options. */
export function pullCommand(machine: ArtifactMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('pull')
    .alias('l')
    .summary('pull a security profile from a registry')
    .description(
      'Pulls the profile for a platform out of an artifact: the one that fits best, else the one for all. It is written as it ' +
        'is in the artifact, when it is what its kind must be.',
    )
    .addArgument(new Argument('<reference>', 'registry/repository:tag or registry/repository@digest'))
    .option('-o, --output-file <file>', `where to write it (default: "${DEFAULT_PROFILE}")`)
    .option('-p, --platform <os/arch>', 'the platform (default: that of this machine)')
    .option('--require-recording', 'take it only where a signer also says how it was recorded')
    .addOption(
      new Option(
        '-s, --disable-signature-verification',
        `take it whether it is signed or not; else ${DISABLE_VARIABLE}`,
      ),
    );
  return addRegistryOptions(addSignerOptions(command)).action(async (reference: string, options: PullOptions) => {
    const { outputFile, platform, requireRecording: needsRecording = false } = options;
    const verify = options.disableSignatureVerification !== true && !takesUnsigned(machine.env);
    const wanted = platform === undefined ? platformHere(machine) : readPlatform(platform);
    const request = { reference, outputFile, platform: wanted, registry: options, verify, needsRecording };
    finish(await pull({ ...request, signers: options }, machine, terminal));
  });
}
