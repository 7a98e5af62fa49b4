// SPDX-License-Identifier: Apache-2.0
// Certificates as the libraries of sigstore take them, which decide what is trusted. Theirs write a certificate anew
// from its parts whenever its bytes are asked for, some twenty times for one signature, and look at an authority's own
// certificate each time. These keep the bytes as they came, read a key once, and know what they found out about two
// certificates of a trusted root.
import { ASN1Obj, X509Certificate, crypto } from '@sigstore/core';

/** Questions whose answers are kept. */
type Kept =
  'publicKey' | 'notBefore' | 'notAfter' | 'isCA' | 'extBasicConstraints' | 'extAuthorityKeyID' | 'extSubjectKeyID';

/** A certificate whose bytes never change, so that what follows from them is kept. */
export class ReadCertificate extends X509Certificate {
  private readonly der: Buffer;
  private readonly issued = new WeakMap<ReadCertificate, boolean>();
  private readonly answers = new Map<Kept, unknown>();
  private key: ReturnType<typeof crypto.createPublicKey> | undefined;

  /** @param certificate - as the library has read it, and still with the bytes that it has read */
  constructor({ root }: X509Certificate) {
    super(root);
    this.der = bytesOf(root);
  }

  /** The answer of the library, for which it looks through all extensions, the first time. */
  private kept<K extends Kept>(question: K, ask: () => X509Certificate[K]): X509Certificate[K] {
    if (!this.answers.has(question)) this.answers.set(question, ask());
    return this.answers.get(question) as X509Certificate[K];
  }

  override get publicKey(): X509Certificate['publicKey'] {
    return this.kept('publicKey', () => bytesOf(this.tbsCertificate.subs[PUBLIC_KEY_FIELD] ?? this.root));
  }

  override get notBefore(): X509Certificate['notBefore'] {
    return this.kept('notBefore', () => super.notBefore);
  }

  override get notAfter(): X509Certificate['notAfter'] {
    return this.kept('notAfter', () => super.notAfter);
  }

  override get isCA(): X509Certificate['isCA'] {
    return this.kept('isCA', () => super.isCA);
  }

  override get extBasicConstraints(): X509Certificate['extBasicConstraints'] {
    return this.kept('extBasicConstraints', () => super.extBasicConstraints);
  }

  override get extAuthorityKeyID(): X509Certificate['extAuthorityKeyID'] {
    return this.kept('extAuthorityKeyID', () => super.extAuthorityKeyID);
  }

  override get extSubjectKeyID(): X509Certificate['extSubjectKeyID'] {
    return this.kept('extSubjectKeyID', () => super.extSubjectKeyID);
  }

  override equals(other: X509Certificate): boolean {
    return other instanceof ReadCertificate ? this.der.equals(other.der) : super.equals(other);
  }

  override verify(issuer: X509Certificate = this): boolean {
    if (!(issuer instanceof ReadCertificate)) return super.verify(issuer);
    const known = issuer.issued.get(this);
    if (known !== undefined) return known;
    const isIssued = issuer.hasSigned(this);
    issuer.issued.set(this, isIssued);
    return isIssued;
  }

  private hasSigned({ tbsCertificate, signatureValue, signatureAlgorithm }: ReadCertificate): boolean {
    this.key ??= crypto.createPublicKey(this.publicKey);
    return crypto.verify(bytesOf(tbsCertificate), this.key, signatureValue, signatureAlgorithm);
  }

  /** The library copies a certificate for one purpose: to take the promises of the log of certificates out of it. */
  override clone(): X509Certificate {
    return new UnloggedCertificate(this.root);
  }
}

/** A certificate from whose extensions some may be taken, and what it then is to the log of certificates. */
class UnloggedCertificate extends X509Certificate {
  private readonly left: ASN1Obj[];

  constructor(root: ASN1Obj) {
    super(root);
    this.left = [...super.extensions];
  }

  override get extensions(): ASN1Obj[] {
    return this.left;
  }

  override get tbsCertificate(): ASN1Obj {
    const whole = super.tbsCertificate;
    const parts = whole.subs.map((part) => (isExtensions(part) ? this.extensionsPart(part) : bytesOf(part)));
    return new WrittenObject(whole, element(whole, parts));
  }

  /** The field around a list: RFC 5280, 4.1. */
  private extensionsPart(field: ASN1Obj): Buffer {
    return element(
      field,
      field.subs.map((list) => element(list, this.left.map(bytesOf))),
    );
  }
}

/** The tag of the field with the extensions (RFC 5280, 4.1). */
const EXTENSIONS_FIELD = 3;

/** The place of the key among the fields (RFC 5280, 4.1), where the library has it, too. */
const PUBLIC_KEY_FIELD = 6;

function isExtensions({ tag }: ASN1Obj): boolean {
  return tag.isContextSpecific(EXTENSIONS_FIELD);
}

/** A part whose bytes are known. */
class WrittenObject extends ASN1Obj {
  private readonly bytes: Buffer;

  constructor({ tag, value, subs }: ASN1Obj, bytes: Buffer) {
    super(tag, value, subs);
    this.bytes = bytes;
  }

  override toDER(): Buffer {
    return this.bytes;
  }
}

/** The bytes of a part that was read: the library keeps its value as a view, and takes lengths of the one form only. */
function bytesOf({ value }: ASN1Obj): Buffer {
  const before = 1 + lengthBytes(value.length).length;
  return Buffer.from(value.buffer, value.byteOffset - before, before + value.length);
}

/** The same part with other parts in it. */
function element({ tag }: ASN1Obj, parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([Buffer.from([tag.toDER(), ...lengthBytes(size)]), ...parts]);
}

/** The definite form of a length (X.690, 8.1.3). */
function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) bytes.unshift(rest % 0x100);
  return [0x80 + bytes.length, ...bytes];
}
