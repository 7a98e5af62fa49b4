// SPDX-License-Identifier: Apache-2.0
// The text of an AppArmorProfile that apparmor_parser compiles. From the abstract form it is written in one canonical
// way: what allows the same has the same text. A policy in AppArmor's own language is only made fit (raw.ts).
import type { AppArmorProfileSpec } from '../../gen/crd/app-armor-profile.ts';
import { Rejected } from '../errors.ts';
import { FaultList, InvalidProfile } from '../faults.ts';
import { MOST_STATES, statesOf } from './automaton-size.ts';
import { fixedDenials } from './denials.ts';
import { literalPattern } from './pattern.ts';
import { printPattern } from './pattern-text.ts';
import { ABI_LINE, fitRaw, outermostName } from './raw.ts';
import { fileRuleText, modesOf, quoted } from './rules.ts';
import { readAbstract } from './spec.ts';
import type { Allowed } from './spec.ts';
import { RECENT_CAPABILITIES, RUNTIME_PROFILES } from './tables.ts';

/** For whom the text is. */
export interface RenderOptions {
  /**
   * Capabilities that the kernel knows which will enforce it, in AppArmor's form (`net_raw`); undefined where that is
   * not known.
   */
  readonly capabilities?: ReadonlySet<string>;
  /** Path of executables that get the profile by themselves, which is then named so; for one machine only. */
  readonly program?: string;
}

/** A text that can be compiled. */
export interface RenderedProfile {
  readonly text: string;
  /** Lines before the first one of the user's policy; 0 for the abstract form. */
  readonly addedLines: number;
  /** Sentences for the user about what will be otherwise than it seems. */
  readonly warnings: readonly string[];
}

/** Flags of a rendered profile beside its mode: paths of other mount namespaces and of deleted files count, too. */
const FLAGS = ['attach_disconnected', 'mediate_deleted'] as const;

/** First line of a rendered text. */
const HEAD = '# Written by the Security Profiles Operator.\n';

/**
 * The text of a profile.
 *
 * @param name - of the object, and of the profile in the kernel
 * @throws Rejected with every field that is wrong, and why
 */
export function renderProfile(name: string, spec: AppArmorProfileSpec, options: RenderOptions = {}): RenderedProfile {
  const faults = new FaultList();
  const rendered = renderOrFaults(name, spec, options, faults);
  try {
    faults.throwIfAny(`AppArmorProfile ${name}`);
  } catch (cause) {
    if (!(cause instanceof InvalidProfile)) throw cause;
    throw new Rejected('InvalidAppArmorProfile', cause.faultText, { cause });
  }
  if (rendered === undefined) throw new RangeError(`AppArmorProfile ${name}: neither a text nor a fault`);
  return rendered;
}

/** As renderProfile, with the faults in a list: undefined where there are any. */
export function renderOrFaults(
  name: string,
  spec: AppArmorProfileSpec,
  { capabilities, program }: RenderOptions,
  faults: FaultList,
): RenderedProfile | undefined {
  const { policy, abstract, complainMode = false } = spec;
  if (policy !== undefined) {
    // One for a program may be named as the object all the same, and say itself what it attaches to.
    const own = program !== undefined && outermostName(policy, new FaultList()) === program ? program : name;
    return fitRaw(own, policy, { complainMode, mayAttach: program !== undefined, capabilities }, faults);
  }
  if (abstract === undefined) {
    faults.add('spec', 'exactly one of policy and abstract must be given');
    return undefined;
  }
  const before = faults.count;
  const allowed = readAbstract(abstract, 'spec.abstract', faults);
  const states = statesOf(allowed.files, (rule) => modesOf(rule.access));
  if (states > MOST_STATES) faults.add('spec.abstract', TOO_MANY);
  if (faults.count > before) return undefined;
  return { ...renderAllowed(program ?? name, allowed, complainMode, capabilities), addedLines: 0 };
}

const TOO_MANY =
  'the paths are too many and too different for AppArmor, whose automaton of a profile has 65,535 states: these need ' +
  'more than 60,000; write patterns for folders with many names';

type Text = Pick<RenderedProfile, 'text' | 'warnings'>;

/**
 * The text of what is allowed, for a name that may be a path. Everything else is refused without a rule: a `deny` would
 * beat what another rule allows, and keep silent about it.
 */
export function renderAllowed(
  name: string,
  allowed: Allowed,
  complainMode: boolean,
  known: ReadonlySet<string> | undefined,
): Text {
  const lacking = allowed.capabilities.filter((one) => known?.has(one) === false && RECENT_CAPABILITIES.includes(one));
  const { rules: denials, warnings } = complainMode ? { rules: [], warnings: [] } : fixedDenials(allowed);
  const sections = [
    ['include <abstractions/base>'],
    allowed.capabilities.filter((one) => !lacking.includes(one)).map((one) => `capability ${one},`),
    networkRules(allowed),
    [`signal (receive) peer={${RUNTIME_PROFILES.join(',')}},`],
    Array.from(allowed.files, ([text, rule]) => fileRuleText(text, rule)),
    denials,
  ];
  const body = sections.filter((lines) => lines.length > 0).map((lines) => lines.map((line) => `  ${line}\n`).join(''));
  const flags = [...FLAGS, ...(complainMode ? ['complain'] : [])].sort().join(',');
  const head = `${HEAD}${ABI_LINE}include <tunables/global>\n\nprofile ${quoted(printPattern(literalPattern(name)))} flags=(${flags}) {\n`;
  return {
    text: `${head}${body.join('\n')}}\n`,
    warnings: [...warnings, ...lacking.map(lackingText), ...(allowed.raw ? [RAW_WARNING] : [])],
  };
}

const RAW_WARNING =
  'allowRaw allows raw sockets of every family: beside those of IP also packets of the network itself, and netlink';

function lackingText(name: string): string {
  return `the node's kernel has no capability ${name}; the rule is left out, as sys_admin would be allowed in its place`;
}

/** Protocols are not kept by the parser: TCP is a type of socket in two families. */
function networkRules({ tcp, udp, raw }: Allowed): readonly string[] {
  const types = [...(udp ? ['dgram'] : []), ...(tcp ? ['stream'] : [])];
  const internet = ['inet', 'inet6'].flatMap((family) => types.map((type) => `network ${family} ${type},`));
  return [...internet, ...(raw ? ['network raw,'] : [])];
}
