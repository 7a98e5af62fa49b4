// SPDX-License-Identifier: Apache-2.0
// The options that say who must have signed an artifact, by the names that cosign gives them.
import type { Command } from 'commander';
import { repeatedOption } from './command.ts';
import { SIGNER_OPTION } from './trusted-signers.ts';

/** Adds the options to a command. */
export function addSignerOptions(command: Command): Command {
  const regexp = 'the same by a regular expression that fits all of it';
  return command
    .addOption(
      repeatedOption('-k, --key <file>', 'the public key of who must have signed it (repeatable: one suffices)'),
    )
    .option(
      `${SIGNER_OPTION.identity} <name>`,
      'the mail address or URI that must have signed it with a certificate (keyless)',
    )
    .option(`${SIGNER_OPTION.identity}-regexp <pattern>`, regexp)
    .option(`${SIGNER_OPTION.issuer} <url>`, 'the issuer that has logged that identity in')
    .option(`${SIGNER_OPTION.issuer}-regexp <pattern>`, regexp)
    .option(
      `${SIGNER_OPTION.root} <file>`,
      'trusted_root.json of the authorities behind certificates (default: of sigstore.dev)',
    )
    .option('--offline', 'ask no service about certificates, which is always so');
}
