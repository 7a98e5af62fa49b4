// SPDX-License-Identifier: Apache-2.0
// Signers that artifacts must have: policies by the prefix of an artifact's reference. A policy names public keys, or
// the identities that an issuer vouches for; nothing stands for "anybody" unless somebody has written it.
import { longestPrefix } from '../oci/prefix.ts';

/** The owner of the private key to `publicKey` (PEM). */
export interface KeySigner {
  readonly publicKey: string;
}

/** A text, or the texts that a regular expression (ECMAScript, `u`) fits as a whole. */
export type Wanted = { readonly exact: string } | { readonly pattern: string };

/** A user or a workflow that the issuer had logged in when a certificate was made for it (by Fulcio). */
export interface IdentitySigner {
  /** Address of a mailbox, or URI of a workflow or service account. */
  readonly identity: Wanted;
  /** URL of the OpenID Connect issuer. */
  readonly issuer: Wanted;
}

/** A signer that is asked for. */
export type Signer = KeySigner | IdentitySigner;

/** The names in a certificate whose chain and times are in order. */
export interface Identity {
  readonly identity: string;
  readonly issuer: string;
}

/** The rule for artifacts whose reference begins with the prefix. */
export interface Policy {
  /** `registry`, `registry/path` or `registry/path/name`; empty for everything. */
  readonly prefix: string;
  /** Signers of which one suffices. */
  readonly signers: readonly Signer[];
  /** Whether an artifact without a valid signature is refused. */
  readonly required: boolean;
  /** Whether one without a signed statement on how it was recorded is. */
  readonly needsRecording: boolean;
}

/** The words for an identity as a signer. */
export function identityName({ identity, issuer }: Identity): string {
  return `${identity} (${issuer})`;
}

/** The identity that words of `identityName` stand for; undefined for other words. */
export function identityOfName(name: string): Identity | undefined {
  const [, identity, issuer] = /^(.+) \(([^()\s]+)\)$/.exec(name) ?? [];
  return identity === undefined || issuer === undefined ? undefined : { identity, issuer };
}

/** Whether an identity is one of those asked for. */
export function isIdentity(signer: IdentitySigner, { identity, issuer }: Identity): boolean {
  return isWanted(signer.identity, identity) && isWanted(signer.issuer, issuer);
}

function isWanted(wanted: Wanted, text: string): boolean {
  if ('exact' in wanted) return wanted.exact === text;
  return wholePattern(wanted.pattern)?.test(text) === true;
}

/** Undefined for what is no regular expression. Half a fit is none: `example.org` must not fit `example.org.evil`. */
function wholePattern(pattern: string): RegExp | undefined {
  try {
    // Alone first: together with the group around it, what is no expression could be one.
    new RegExp(pattern, 'u');
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The reason why a pattern is no regular expression; undefined when it is one. */
export function patternFault(wanted: Wanted): string | undefined {
  if ('exact' in wanted || wholePattern(wanted.pattern) !== undefined) return undefined;
  return `${JSON.stringify(wanted.pattern)} is no regular expression`;
}

/** A signer in words, as one that is asked for. */
export function wantedName(signer: IdentitySigner): string {
  return identityName({ identity: wantedText(signer.identity), issuer: wantedText(signer.issuer) });
}

function wantedText(wanted: Wanted): string {
  return 'exact' in wanted ? wanted.exact : `/${wanted.pattern}/`;
}

/** The policy for a repository, by its name without tag and digest: that with the longest prefix. */
export function policyFor(policies: readonly Policy[], repository: string): Policy | undefined {
  return longestPrefix(policies, repository);
}
