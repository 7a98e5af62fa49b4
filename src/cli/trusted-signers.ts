// SPDX-License-Identifier: Apache-2.0
// The signers that options name, of whom one must have signed an artifact. An identity is nothing without the issuer
// that vouches for it: anybody can run an issuer that says anything.
import { patternFault } from '../core/signature/policy.ts';
import type { IdentitySigner, Wanted } from '../core/signature/policy.ts';
import { readKeys } from './key-files.ts';
import type { SignatureMachine, Trusted } from './artifact-signatures.ts';
import type { TrustedRootFile } from './key-files.ts';
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

/** Names of options, which messages tell. */
export const SIGNER_OPTION = {
  identity: '--certificate-identity',
  issuer: '--certificate-oidc-issuer',
  root: '--trusted-root',
} as const;

function wantedOf(option: string, exact: string | undefined, pattern: string | undefined): Wanted | undefined {
  if (exact !== undefined && pattern !== undefined) throw new UserError(`${option}: is given twice, once as -regexp`);
  const wanted = exact === undefined ? (pattern === undefined ? undefined : { pattern }) : { exact };
  const fault = wanted === undefined ? undefined : patternFault(wanted);
  if (fault !== undefined) throw new UserError(`${option}-regexp: ${fault}`);
  if (exact === '' || pattern === '') throw new UserError(`${option}: is empty`);
  return wanted;
}

function identitiesOf(options: SignerOptions): readonly IdentitySigner[] {
  const identity = wantedOf(SIGNER_OPTION.identity, options.certificateIdentity, options.certificateIdentityRegexp);
  const issuer = wantedOf(SIGNER_OPTION.issuer, options.certificateOidcIssuer, options.certificateOidcIssuerRegexp);
  if (identity === undefined && issuer === undefined) return [];
  if (issuer === undefined)
    throw new UserError(`${SIGNER_OPTION.identity}: its issuer is missing: give ${SIGNER_OPTION.issuer}`);
  if (identity === undefined)
    throw new UserError(`${SIGNER_OPTION.issuer}: whom it vouches for, ${SIGNER_OPTION.identity} says`);
  return [{ identity, issuer }];
}

async function rootOf({ trustedRoot }: SignerOptions, terminal: Terminal): Promise<TrustedRootFile | undefined> {
  if (trustedRoot === undefined) return undefined;
  return { file: trustedRoot, text: await terminal.files.read(trustedRoot) };
}

/** The first option that names a signer; undefined where there is none. */
export function firstSignerOption(options: SignerOptions): string | undefined {
  const given: Readonly<Record<string, unknown>> = {
    '--key': options.key?.[0],
    [SIGNER_OPTION.identity]: options.certificateIdentity ?? options.certificateIdentityRegexp,
    [SIGNER_OPTION.issuer]: options.certificateOidcIssuer ?? options.certificateOidcIssuerRegexp,
  };
  return Object.keys(given).find((option) => given[option] !== undefined);
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
  machine: Pick<SignatureMachine, 'openVerifier'>,
  terminal: Terminal,
): Promise<Trusted> {
  const [{ key = [] }, identities] = [options, identitiesOf(options)];
  if (key.length === 0 && identities.length === 0) {
    const ways = `--key names a public key, ${SIGNER_OPTION.identity} and ${SIGNER_OPTION.issuer} a keyless signer`;
    throw new UserError(`who must have signed it? ${ways}; ${otherwise}`);
  }
  if (options.trustedRoot !== undefined && identities.length === 0) {
    throw new UserError(`${SIGNER_OPTION.root}: is for certificates: whose, ${SIGNER_OPTION.identity} says`);
  }
  const trusted = { keys: await readKeys(key, terminal), identities, root: await rootOf(options, terminal) };
  await machine.openVerifier(trusted);
  return trusted;
}
