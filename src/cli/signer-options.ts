// SPDX-License-Identifier: Apache-2.0
// The options that say who must have signed an artifact, by the names that cosign gives them. An identity is nothing
// without the issuer that vouches for it: anybody can run an issuer that says anything.
import type { Command } from 'commander';
import { patternFault } from '../core/signature/policy.ts';
import type { IdentitySigner, Wanted } from '../core/signature/policy.ts';
import { readKeys } from './key-files.ts';
import type { SignatureMachine, Trusted } from './artifact-signatures.ts';
import type { TrustedRootFile } from './key-files.ts';
import { repeatedOption } from './command.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** The options as commander gives them. */
export interface SignerOptions {
  readonly key?: readonly string[];
  readonly certificateIdentity?: string;
  readonly certificateIdentityRegexp?: string;
  readonly certificateOidcIssuer?: string;
  readonly certificateOidcIssuerRegexp?: string;
  readonly trustedRoot?: string;
}

const OPTION = {
  identity: '--certificate-identity',
  issuer: '--certificate-oidc-issuer',
  root: '--trusted-root',
} as const;

/** Adds the options to a command. */
export function addSignerOptions(command: Command): Command {
  const regexp = 'the same by a regular expression that fits all of it';
  return command
    .addOption(
      repeatedOption('-k, --key <file>', 'the public key of who must have signed it (repeatable: one suffices)'),
    )
    .option(
      `${OPTION.identity} <name>`,
      'the mail address or URI that must have signed it with a certificate (keyless)',
    )
    .option(`${OPTION.identity}-regexp <pattern>`, regexp)
    .option(`${OPTION.issuer} <url>`, 'the issuer that has logged that identity in')
    .option(`${OPTION.issuer}-regexp <pattern>`, regexp)
    .option(
      `${OPTION.root} <file>`,
      'trusted_root.json of the authorities behind certificates (default: of sigstore.dev)',
    )
    .option('--offline', 'ask no service about certificates, which is always so');
}

function wantedOf(option: string, exact: string | undefined, pattern: string | undefined): Wanted | undefined {
  if (exact !== undefined && pattern !== undefined) throw new UserError(`${option}: is given twice, once as -regexp`);
  const wanted = exact === undefined ? (pattern === undefined ? undefined : { pattern }) : { exact };
  const fault = wanted === undefined ? undefined : patternFault(wanted);
  if (fault !== undefined) throw new UserError(`${option}-regexp: ${fault}`);
  if (exact === '' || pattern === '') throw new UserError(`${option}: is empty`);
  return wanted;
}

function identitiesOf(options: SignerOptions): readonly IdentitySigner[] {
  const identity = wantedOf(OPTION.identity, options.certificateIdentity, options.certificateIdentityRegexp);
  const issuer = wantedOf(OPTION.issuer, options.certificateOidcIssuer, options.certificateOidcIssuerRegexp);
  if (identity === undefined && issuer === undefined) return [];
  if (issuer === undefined) throw new UserError(`${OPTION.identity}: its issuer is missing: give ${OPTION.issuer}`);
  if (identity === undefined) throw new UserError(`${OPTION.issuer}: whom it vouches for, ${OPTION.identity} says`);
  return [{ identity, issuer }];
}

async function rootOf({ trustedRoot }: SignerOptions, terminal: Terminal): Promise<TrustedRootFile | undefined> {
  if (trustedRoot === undefined) return undefined;
  return { file: trustedRoot, text: await terminal.files.read(trustedRoot) };
}

/**
 * The signers that the user trusts, whose keys and root are looked at before anything is asked.
 *
 * @param otherwise - the advice for users who name none
 * @throws UserError
 */
export async function trustedSigners(
  options: SignerOptions,
  otherwise: string,
  machine: SignatureMachine,
  terminal: Terminal,
): Promise<Trusted> {
  const [{ key = [] }, identities] = [options, identitiesOf(options)];
  if (key.length === 0 && identities.length === 0) {
    const ways = `--key names a public key, ${OPTION.identity} and ${OPTION.issuer} a keyless signer`;
    throw new UserError(`who must have signed it? ${ways}; ${otherwise}`);
  }
  if (options.trustedRoot !== undefined && identities.length === 0) {
    throw new UserError(`${OPTION.root}: is for certificates: whose, ${OPTION.identity} says`);
  }
  const trusted = { keys: await readKeys(key, terminal), identities, root: await rootOf(options, terminal) };
  await machine.openVerifier(trusted);
  return trusted;
}
